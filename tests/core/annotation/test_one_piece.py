"""One region out of several pieces."""

import pytest

from core.annotation.geometry import from_shapely, is_valid, to_shapely
from core.annotation.one_piece import in_one_piece, with_added, with_taken_away
from core.annotation.region import Region, Ring, ring
from core.errors import InvalidGeometry


def box(x0: float, y0: float, x1: float, y1: float) -> Ring:
    return ring([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


REGION = Region(7, box(0, 0, 20, 10), (box(2, 2, 6, 8),), class_id=3, locked=True)


def test_crumbs_are_dropped_more_is_refused() -> None:
    for width, whole in ((1, True), (2, False)):
        cut = to_shapely((box(0, 0, 30, 10),)) - to_shapely((box(20, 0, 30 - width, 10),))
        if whole:
            assert in_one_piece(REGION, from_shapely(cut), "stop").area == 200
        else:
            with pytest.raises(InvalidGeometry, match="Object 7 would fall apart; stop"):
                in_one_piece(REGION, from_shapely(cut), "stop")
    with pytest.raises(InvalidGeometry, match="Nothing of object 7 would be left; stop"):
        in_one_piece(REGION, [], "stop")


def test_only_stored_regions_become_edited() -> None:
    for number in (0, 7):
        drawn = Region(number, box(0, 0, 5, 5))
        made = in_one_piece(drawn, from_shapely(to_shapely(drawn.rings)), "stop")
        assert made.edited == (number == 7) and made.uid == drawn.uid


def test_adding_over_the_border_and_into_a_hole() -> None:
    wider = with_added(REGION, (box(15, 5, 30, 8),))
    assert wider.area == REGION.area + 30 and len(wider.holes) == 1
    filled = with_added(REGION, (box(1, 1, 7, 5),))
    assert filled.area == REGION.area + 12 and is_valid(filled)
    assert (filled.id, filled.uid, filled.class_id) == (7, REGION.uid, 3)


def test_what_does_not_touch_is_not_added() -> None:
    for apart in (box(30, 0, 31, 1), box(3, 3, 5, 5)):
        with pytest.raises(InvalidGeometry, match="not touched"):
            with_added(REGION, (apart,))


def test_taking_away_at_the_border_and_inside() -> None:
    less = with_taken_away(REGION, (box(18, -5, 30, 30),))
    assert less.bounds == (0, 0, 18, 10) and len(less.holes) == 1
    pierced = with_taken_away(REGION, (box(10, 4, 12, 6),))
    assert len(pierced.holes) == 2 and pierced.area == REGION.area - 4
    for cut in (box(12, -1, 13, 11), box(-1, -1, 21, 11)):
        with pytest.raises(InvalidGeometry, match="take less away"):
            with_taken_away(REGION, (cut,))
