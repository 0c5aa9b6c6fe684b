"""Regions merged into one."""

import numpy as np
import pytest

from core.annotation.cutting import cut
from core.annotation.geometry import is_valid, to_shapely
from core.annotation.merging import merged
from core.annotation.region import Region, ring
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle
from tests.core.annotation.test_cutting import random_region


def box(region_id: int, x: float, y: float, width: float, height: float, **rest: object) -> Region:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return Region(region_id, ring(corners), **rest)  # type: ignore[arg-type]


def disc(region_id: int, x: float, y: float, radius: float) -> Region:
    return Region(region_id, ring(circle(x, y, radius)))


def test_no_trace_of_the_seam_is_left() -> None:
    whole = merged([box(1, 0, 0, 10, 10), box(2, 10, 0, 20, 10)])
    assert sorted(map(tuple, whole.shell.tolist())) == [(0, 0), (0, 10), (30, 0), (30, 10)]
    assert whole.holes == ()


def test_a_corner_beside_the_end_of_a_seam_stays() -> None:
    pieces = cut(box(1, 0, 0, 30, 30), np.array([(30 - 1e-7, 0), (15, 35)]))
    assert len(pieces) == 2
    whole = merged(pieces)
    assert whole.area == pytest.approx(900, rel=1e-6) and len(whole.shell) == 4


def test_the_largest_gives_its_name() -> None:
    small = box(1, 0, 0, 10, 10, class_id=1)
    large = box(2, 10, 0, 20, 10, class_id=2, confidence=0.7, attributes={"note": 1})
    whole = merged([small, large])
    assert (whole.id, whole.uid, whole.class_id) == (2, large.uid, 2)
    assert (whole.confidence, whole.attributes, whole.edited) == (0.7, {"note": 1}, True)
    assert whole.area == 300


@pytest.mark.parametrize("gap", [1e-9, 1e-6, 1e-3, 0.4, 1.0])
def test_gaps_of_up_to_a_pixel_are_closed(gap: float) -> None:
    whole = merged([box(1, 0, 0, 10, 10), box(2, 10 + gap, 0, 10, 10)])
    assert len(whole.shell) == 4 and whole.holes == ()
    assert whole.area == pytest.approx(200 + 10 * gap, rel=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_neighbours_that_do_not_quite_agree_on_their_border(seed: int) -> None:
    """As after rounding to single precision, or when both were simplified on their own."""
    random = np.random.default_rng(seed)
    scale = 10.0 ** random.uniform(-7, -0.5)
    y = np.concatenate(([0], np.sort(random.uniform(0, 100, 6)), [100]))
    x = 50 + random.uniform(-15, 15, len(y))
    more = np.linspace(0, 100, 9)[1:-1]
    left = np.column_stack((np.append(x, np.interp(more, y, x)), np.append(y, more)))
    left = left[np.argsort(left[:, 1])]
    right = np.column_stack((x + random.uniform(-0.3, 1) * scale, y))
    a = Region(1, ring([(0, 0), *left.tolist(), (0, 100)]))
    b = Region(2, ring([(120, 0), *right.tolist(), (120, 100)]))
    whole = merged([a, b])
    assert whole.holes == () and is_valid(whole)
    inside = (whole.shell[:, 0] > 1) & (whole.shell[:, 0] < 119)
    assert not inside[(whole.shell[:, 1] > 1) & (whole.shell[:, 1] < 99)].any()


def test_regions_that_lie_apart_are_refused() -> None:
    for others in ([box(2, 11.1, 0, 10, 10)], [box(2, 10, 0, 5, 10), box(3, 50, 0, 5, 5)]):
        with pytest.raises(InvalidGeometry, match="touch"):
            merged([box(1, 0, 0, 10, 10), *others])
    pairs = [box(1, 0, 0, 5, 5), box(2, 5, 0, 5, 5), box(3, 20, 0, 5, 5), box(4, 25, 0, 5, 5)]
    with pytest.raises(InvalidGeometry, match="touch"):
        merged(pairs)


def test_one_region_is_too_few() -> None:
    with pytest.raises(InvalidGeometry, match="two or more"):
        merged([box(1, 0, 0, 5, 5)])


@pytest.mark.parametrize("gap", [0.0, 0.5, 0.97, 1.0])
def test_round_regions_that_nearly_touch_grow_together(gap: float) -> None:
    whole = merged([disc(1, 20, 20, 10), disc(2, 40 + gap, 20, 10)])
    assert is_valid(whole) and whole.holes == ()
    assert 0 < whole.area - 2 * disc(1, 20, 20, 10).area < 5


def test_regions_that_touch_in_a_corner_grow_together() -> None:
    whole = merged([box(1, 0, 0, 10, 10), box(2, 10, 10, 10, 10)])
    assert is_valid(whole) and 200 < whole.area < 205
    assert to_shapely(whole.rings).buffer(-0.5).geom_type == "Polygon"  # a neck, not a point


def test_holes_are_kept_and_new_ones_stay_open() -> None:
    hole = ring([(2, 4), (4, 4), (4, 6), (2, 6)])
    bars = [
        box(1, 0, 0, 10, 10, holes=(hole,)),
        box(2, 10, 0, 10, 3),
        box(3, 10, 7, 10, 3),
        box(4, 20, 0, 5, 10),
    ]
    whole = merged(bars)
    assert sorted(round(r) for r in (Region(0, h).area for h in whole.holes)) == [4, 40]
    assert whole.area == pytest.approx(sum(bar.area for bar in bars), rel=1e-9)
    assert len(whole.shell) == 4


def test_narrow_places_of_one_region_stay_open() -> None:
    slit = ring([(0, 0), (4.8, 0), (4.8, 9), (5.2, 9), (5.2, 0), (10, 0), (10, 12), (0, 12)])
    whole = merged([Region(1, slit), box(2, 10, 0, 10, 12)])
    assert whole.area == pytest.approx(240 - 3.6, rel=1e-9)


def test_overlapping_regions() -> None:
    whole = merged([box(1, 0, 0, 10, 10), box(2, 5, 5, 10, 10), box(3, 6, 6, 2, 2)])
    assert whole.area == 175 and len(whole.shell) == 8


@pytest.mark.parametrize("seed", range(80))
def test_merging_the_pieces_of_a_cut_gives_the_old_region(seed: int) -> None:
    random = np.random.default_rng(seed)
    region = random_region(random)
    try:
        pieces = cut(region, random.uniform(0, 200, (random.integers(2, 6), 2)))
    except InvalidGeometry:
        return
    if len(pieces) < 2:
        return
    whole = merged(pieces)
    assert is_valid(whole)
    assert whole.area == pytest.approx(region.area, rel=1e-6)
    difference = to_shapely(whole.rings).symmetric_difference(to_shapely(region.rings))
    assert difference.area < 1e-6 * region.area
    assert len(np.concatenate(whole.rings)) == len(np.concatenate(region.rings))
    assert (whole.id, whole.uid) == (region.id, region.uid)
