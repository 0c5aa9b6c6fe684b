"""Regions beside others."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.geometry import is_valid, moved, to_shapely
from core.annotation.neighbours import snapped_to, without_overlap
from core.annotation.region import Region, ring
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle, wobbly_shape
from tests.strategies import regions


def disc(number: int, x: float, y: float, radius: float, hole: float = 0.0) -> Region:
    holes = (ring(circle(x, y, hole, 90)),) if hole else ()
    return Region(number, ring(circle(x, y, radius, 180)), holes, class_id=number)


def polygon(region: Region) -> shapely.Polygon:
    return to_shapely(region.rings)


def overlap(a: Region, b: Region) -> float:
    return float(polygon(a).intersection(polygon(b)).area)


def gap_share(region: Region, other: Region, width: float) -> float:
    """Area nearer than `width` to both and in neither, per square of it."""
    a, b = polygon(region), polygon(other)
    return float((a.buffer(width) & b.buffer(width) - (a | b)).area / width**2)


LEFT = disc(1, 50, 50, 30, hole=8)
STAR = Region(3, ring(np.asarray(wobbly_shape(100, 50, 30, 0.2).exterior.coords)))


def test_the_winner_keeps_what_both_have() -> None:
    after = without_overlap(LEFT, (disc(2, 90, 50, 20), STAR))
    assert overlap(after, STAR) < 1e-9 and overlap(after, disc(2, 90, 50, 20)) < 1e-9
    lost = polygon(LEFT) & (polygon(STAR) | polygon(disc(2, 90, 50, 20)))
    assert after.area == pytest.approx(LEFT.area - lost.area)
    assert (after.id, after.uid, after.class_id) == (1, LEFT.uid, 1)
    assert after.edited and is_valid(after) and len(after.holes) == 1


def test_a_winner_inside_leaves_a_hole() -> None:
    after = without_overlap(disc(1, 50, 50, 30), (disc(2, 50, 50, 8),))
    assert len(after.holes) == 1


def test_without_overlap_it_is_the_same() -> None:
    assert without_overlap(LEFT, (disc(2, 120, 50, 30), disc(3, 50, 50, 5))) is LEFT
    assert without_overlap(LEFT, ()) is LEFT


def test_nothing_left_or_cut_in_two_is_refused() -> None:
    with pytest.raises(InvalidGeometry, match="Nothing of object 1"):
        without_overlap(LEFT, (disc(2, 50, 50, 40),))
    bar = Region(2, ring([(45, 0), (55, 0), (55, 100), (45, 100)]))
    with pytest.raises(InvalidGeometry, match="Object 1 would fall apart"):
        without_overlap(LEFT, (bar,))


@pytest.mark.parametrize("distance", [0.0, 0.3, 2.0])
def test_a_gap_within_reach_is_closed(distance: float) -> None:
    other = disc(2, 50 + 60 + distance, 50, 30)
    after = snapped_to(LEFT, (other,), 4)
    assert overlap(after, other) < 1e-6
    assert gap_share(after, other, 0.25) < gap_share(LEFT, disc(2, 110, 50, 30), 0.25)
    touching = polygon(after).exterior.intersection(polygon(other).exterior.buffer(1e-6)).length
    # Where two circles are nearer than 4 px to each other.
    assert touching == pytest.approx(2 * np.sqrt(30 * (4 - distance)), rel=0.12)
    assert after.area > LEFT.area and after.holes[0] is not None
    assert is_valid(after) and after.uid == LEFT.uid and after.edited


def test_an_overlap_within_reach_is_given_up() -> None:
    other = disc(2, 107, 50, 30)
    after = snapped_to(LEFT, (other,), 4)
    assert overlap(after, other) < 1e-6
    assert shapely.distance(polygon(after), polygon(other)) < 1e-6
    assert is_valid(after)


def test_what_reaches_deep_into_the_neighbour_stays_there() -> None:
    other = disc(2, 90, 50, 30)
    after = snapped_to(LEFT, (other,), 2)
    assert overlap(after, other) == pytest.approx(overlap(LEFT, other), rel=0.02)


def test_dents_away_from_the_neighbour_are_not_filled() -> None:
    other = disc(2, 100 + 36 + 20.5, 50, 20)
    after = snapped_to(STAR, (other,), 6)
    gained = polygon(after) - polygon(STAR)
    assert gained.area > 10
    assert gained.distance(polygon(other)) < 1e-6
    assert gained.bounds[0] > 125


def test_two_neighbours_at_once_and_the_crack_between_them_stays() -> None:
    upper = Region(2, ring([(82, 10), (120, 10), (120, 49.5), (82, 49.5)]))
    lower = Region(3, ring([(82, 50.5), (120, 50.5), (120, 90), (82, 90)]))
    block = Region(1, ring([(40, 20), (80, 20), (80, 80), (40, 80)]))
    after = snapped_to(block, (upper, lower), 3)
    assert after.area == pytest.approx(60 * 42, rel=0.005)
    assert overlap(after, upper) + overlap(after, lower) < 1e-6


def test_nothing_near_nothing_changes() -> None:
    assert snapped_to(LEFT, (disc(2, 120, 50, 30), disc(3, 400, 400, 3)), 5) is LEFT
    assert snapped_to(LEFT, (), 5) is LEFT


def test_a_thin_neighbour_that_would_cut_it_is_refused() -> None:
    bar = Region(2, ring([(48.5, 0), (51.5, 0), (51.5, 100), (48.5, 100)]))
    with pytest.raises(InvalidGeometry, match="fall apart; take a shorter reach"):
        snapped_to(LEFT, (bar,), 4)


@given(regions(), regions(), st.floats(-15, 15), st.floats(-15, 15), st.floats(0.1, 3))
def test_any_two_regions(a: Region, b: Region, dx: float, dy: float, reach: float) -> None:
    b = moved(b, dx, dy)
    for change in (lambda: without_overlap(a, (b,)), lambda: snapped_to(a, (b,), reach)):
        try:
            after = change()
        except InvalidGeometry:
            continue
        assert is_valid(after) and after.uid == a.uid
        assert overlap(after, b) <= overlap(a, b) + 1e-3
        far = polygon(a) ^ polygon(after)
        assert far.difference(polygon(b).buffer(reach + 0.2)).area < 1e-6 + 0.05 * a.area


def cracks(region: Region, other: Region) -> list[shapely.Polygon]:
    """What is narrower than 0.1 px and lies between both."""
    a, b = polygon(region), polygon(other)
    both = a | b
    narrow = shapely.get_parts(both.buffer(0.05).buffer(-0.05) - both)
    return [part for part in narrow if part.distance(a) < 1e-6 and part.distance(b) < 1e-6]


@given(regions(), regions(), st.floats(-15, 15), st.floats(-15, 15), st.floats(0.5, 3))
def test_where_it_snapped_there_is_no_gap(
    a: Region, b: Region, dx: float, dy: float, reach: float
) -> None:
    b = moved(b, dx, dy)
    try:
        after = snapped_to(a, (b,), reach)
    except InvalidGeometry:
        return
    gained = [g for g in shapely.get_parts(polygon(after) - polygon(a)) if g.area > 0.1]
    assert all(shapely.distance(g, polygon(b)) < 1e-6 for g in gained)
    beside = [c for c in cracks(after, b) if any(c.distance(g) < 1e-6 for g in gained)]
    # Where borders part again the wedge between them is narrow, too.
    assert sum(crack.area for crack in beside) < 0.02
