"""Holes cut and filled."""

import numpy as np
import pytest

from core.annotation.geometry import is_valid
from core.annotation.holes import filled, hole_at, with_hole, without_hole
from core.annotation.region import Region, Ring, ring, ring_area
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle


def box(x: float, y: float, side: float) -> Ring:
    return ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


SMALL, LARGE = box(5, 5, 4), box(20, 20, 10)
REGION = Region(3, box(0, 0, 40), (SMALL, LARGE), class_id=2, confidence=0.5)


def test_a_hole_is_added_and_the_rest_stays() -> None:
    after = with_hole(REGION, box(5, 20, 6))
    assert after.area == REGION.area - 36 and is_valid(after)
    assert after.shell is REGION.shell
    assert after.holes[0] is SMALL and after.holes[1] is LARGE and len(after.holes) == 3
    assert (after.id, after.uid, after.confidence, after.edited) == (3, REGION.uid, 0.5, True)


@pytest.mark.parametrize("corner", [(-2, 20), (34, 34), (0, 20), (34, 10)])
def test_a_hole_that_meets_the_outline_is_refused(corner: tuple[float, float]) -> None:
    with pytest.raises(InvalidGeometry, match="within the object"):
        with_hole(REGION, box(*corner, 6))
    with pytest.raises(InvalidGeometry, match="within the object"):
        with_hole(REGION, box(-5, -5, 60))


def test_overlapping_holes_become_one() -> None:
    after = with_hole(REGION, box(16, 16, 8))
    assert len(after.holes) == 2 and after.holes[0] is SMALL
    assert ring_area(after.holes[1]) == 100 + 64 - 16
    both = with_hole(REGION, box(8, 8, 14))
    assert len(both.holes) == 1 and ring_area(both.holes[0]) == 16 + 100 + 196 - 1 - 4


def test_a_hole_around_holes_takes_them_in() -> None:
    after = with_hole(REGION, box(2, 2, 30))
    assert len(after.holes) == 1 and ring_area(after.holes[0]) == 900


def test_a_hole_within_a_hole_changes_nothing() -> None:
    after = with_hole(REGION, box(22, 22, 3))
    assert sorted(map(ring_area, after.holes)) == [16, 100]


def test_what_joined_holes_enclose_goes_with_them() -> None:
    """A bracket on a hole leaves an island, in which another hole lies."""
    island = Region(1, box(0, 0, 40), (box(5, 5, 10), box(19, 8, 2)))
    bracket = ring([(14, 6), (30, 6), (30, 14), (14, 14), (14, 13), (29, 13), (29, 7), (14, 7)])
    after = with_hole(island, bracket)
    assert len(after.holes) == 1 and is_valid(after)
    assert ring_area(after.holes[0]) == 100 + 15 * 8


def test_a_hole_that_touches_another_in_a_corner_leaves_it_alone() -> None:
    after = with_hole(REGION, box(9, 9, 3))
    assert sorted(map(ring_area, after.holes)) == [9, 16, 100] and is_valid(after)


def test_a_freehand_loop_counts_without_its_crossing() -> None:
    drawn = np.vstack((circle(12, 30, 5), [(18, 31), (18, 29)]))
    after = with_hole(REGION, ring(drawn))
    assert is_valid(after) and after.area < REGION.area - 70
    with pytest.raises(InvalidGeometry):
        with_hole(REGION, ring([(12, 30), (13, 30), (14, 30)]))


def test_filling_one_hole() -> None:
    after = without_hole(REGION, 1)
    assert len(after.holes) == 1 and after.holes[0] is LARGE and after.edited
    for ring_index in (0, 3, -1):
        with pytest.raises(IndexError):
            without_hole(REGION, ring_index)


def test_filling_small_holes() -> None:
    assert filled(REGION).area == 1600
    assert filled(REGION, 16).holes == (LARGE,)
    assert filled(REGION, 15.9) is REGION and filled(filled(REGION)).holes == ()


def test_the_hole_under_a_point() -> None:
    assert [hole_at(REGION, x, x) for x in (7, 25, 15, -3)] == [1, 2, 0, 0]


@pytest.mark.parametrize("seed", range(60))
def test_random_holes_leave_one_valid_region_or_are_refused(seed: int) -> None:
    random = np.random.default_rng(seed)
    region = Region(1, ring(circle(50, 50, 45)))
    for _ in range(6):
        x, y = random.uniform(20, 80, 2)
        drawn = circle(x, y, random.uniform(3, 12), 16) + random.uniform(-2, 2, (16, 2))
        try:
            after = with_hole(region, ring(drawn))
        except InvalidGeometry:
            continue
        assert is_valid(after) and after.area <= region.area + 1e-9
        region = after
    assert filled(region).area == pytest.approx(Region(1, region.shell).area)
