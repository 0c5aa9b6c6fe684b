"""Simplified regions, alone and beside others."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.contour import smooth_outlines
from core.annotation.detail import simplified
from core.annotation.difference import difference
from core.annotation.geometry import is_valid, to_shapely
from core.annotation.raster import regions_from_labels
from core.annotation.region import Region, ring
from core.annotation.shared_arcs import arcs_of
from tests.core.annotation.scenes import circle, touching_discs, wobbly_shape
from tests.strategies import label_images, regions

STAR = Region(
    5,
    ring(np.asarray(wobbly_shape(60, 50, 35, 0.25).exterior.coords)),
    (ring(circle(60, 50, 10, 150)),),
    class_id=2,
    confidence=0.4,
)


def cells() -> list[Region]:
    """Touching cells with sub-pixel outlines; neighbours have the same vertices."""
    labels = touching_discs(30, 160, 18)
    outlines = smooth_outlines((labels > 0).astype(np.float32), labels, 0.5, tolerance=0.05)
    return [Region(part.label, part.shell, part.holes) for part in outlines]


def overlap(regions: list[Region]) -> float:
    """Area of what lies in several regions."""
    covered = shapely.union_all([to_shapely(region.rings) for region in regions]).area
    return float(sum(region.area for region in regions) - covered)


def vertices(region: Region) -> int:
    return sum(map(len, region.rings))


@pytest.mark.parametrize("tolerance", [0.1, 0.35, 1, 3])
def test_fewer_vertices_same_area_near_the_original(tolerance: float) -> None:
    (after,) = simplified([STAR], tolerance)
    changed = difference([STAR], [after])
    assert changed.vertices == vertices(after) < 300 < changed.vertices_before
    assert 0 < changed.deviation < 2.5 * tolerance
    assert 1 - 8 * tolerance / 35 < changed.iou < 1
    assert after.area == pytest.approx(STAR.area, rel=1e-3)
    assert is_valid(after) and after.edited and not STAR.edited
    assert (after.id, after.uid, after.class_id, after.confidence) == (5, STAR.uid, 2, 0.4)


def test_without_tolerance_or_regions_nothing_changes() -> None:
    assert simplified([STAR], 0) == [STAR]
    assert simplified([], 3, [STAR]) == []


def test_a_small_hole_keeps_its_triangle_while_the_shell_gets_coarse() -> None:
    region = Region(1, STAR.shell, (ring(circle(60, 50, 0.5, 20)),))
    (after,) = simplified([region], 3)
    assert len(after.holes) == 1 and len(after.shell) < 40


@given(regions(), st.floats(0.01, 8))
def test_any_region_stays_valid(region: Region, tolerance: float) -> None:
    (after,) = simplified([region], tolerance)
    assert is_valid(after) and len(after.rings) == len(region.rings)
    assert vertices(after) <= vertices(region)


def test_what_would_cross_itself_keeps_more_detail() -> None:
    x = np.linspace(0, 6 * np.pi, 120)
    wave = np.column_stack((5 * x, 10 * np.sin(x)))
    ribbon = Region(1, ring(np.concatenate((wave, wave[::-1] + np.array((0, 0.8))))))
    (after,) = simplified([ribbon], 6)
    assert is_valid(ribbon) and is_valid(after)


@pytest.mark.parametrize("tolerance", [0.3, 1, 2])
def test_neighbours_get_neither_gap_nor_overlap(tolerance: float) -> None:
    before = cells()
    after = simplified(before, tolerance)
    assert sum(len(r.shell) for r in after) < 0.9 * sum(len(r.shell) for r in before)
    assert overlap(after) == pytest.approx(overlap(before), abs=1e-6)
    assert all(map(is_valid, after))
    shared = sum(a.rings[0] != a.rings[1] for arcs in rings_of(before) for a in arcs)
    assert shared == sum(a.rings[0] != a.rings[1] for arcs in rings_of(after) for a in arcs) > 20


def rings_of(regions: list[Region]) -> list[list]:
    return arcs_of([points for region in regions for points in region.rings])


def test_what_is_shared_with_a_neighbour_that_stays_stays() -> None:
    before = cells()
    chosen, others = before[::3], [r for i, r in enumerate(before) if i % 3]
    after = simplified(chosen, 1, others)
    assert overlap([*after, *others]) == pytest.approx(overlap(before), abs=1e-6)
    kept = {tuple(p) for r in others for p in r.shell.tolist()}
    for old, new in zip(chosen, after, strict=True):
        shared = {tuple(p) for p in old.shell.tolist()} & kept
        assert shared <= {tuple(p) for p in new.shell.tolist()}


@given(label_images(), st.floats(0.2, 3))
def test_parts_of_any_label_image_cover_the_same_without_overlap(
    labels: np.ndarray, tolerance: float
) -> None:
    before = [Region(i, *part[1:]) for i, part in enumerate(regions_from_labels(labels), 1)]
    after = simplified(before, tolerance)
    assert all(map(is_valid, after))
    assert overlap(after) == pytest.approx(overlap(before), abs=1e-6)


def test_what_overlaps_already_is_simplified_what_is_near_does_not_come_to_overlap() -> None:
    for x, overlapping in ((95, True), (99.9, False)):
        pair = [Region(i, ring(circle(x_, 50, 20, 300))) for i, x_ in ((1, 60), (2, x + 0.2))]
        after = simplified(pair, 2)
        assert (overlap(after) > 1e-6) == overlapping == (overlap(pair) > 1e-6)
        assert sum(map(vertices, after)) < (40 if overlapping else 300)


def test_arcs_are_found_whichever_way_rings_run_and_where_they_begin() -> None:
    left = np.array([(0, 0), (5, 0), (5, 3), (5, 6), (5, 10), (0, 10)], np.float64)
    right = np.array([(5, 0), (10, 0), (10, 10), (5, 10), (5, 6), (5, 3)], np.float64)
    for turned in (right, right[::-1], np.roll(right, 2, axis=0), np.roll(right[::-1], 5, axis=0)):
        points = np.concatenate((left, turned))
        arcs = arcs_of([ring(left), ring(turned)])
        shared = [[a for a in own if a.rings == (0, 1)] for own in arcs]
        assert [len(own) for own in shared] == [1, 1]
        paths = [points[own[0].path].tolist() for own in shared]
        assert paths[0] == paths[1] and len(paths[0]) == 4


def test_a_region_that_fills_a_hole_exactly() -> None:
    hole = circle(60, 50, 10, 150)
    inner = Region(6, ring(np.roll(hole[::-1], 40, axis=0)))
    outer, disc = simplified([STAR, inner], 0.5)
    assert {tuple(p) for p in outer.holes[0].tolist()} == {tuple(p) for p in disc.shell.tolist()}
    assert len(disc.shell) < 40
