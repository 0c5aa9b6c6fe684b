"""Sub-pixel outlines: faithful, light, valid, and shared between neighbours."""

import subprocess
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from skimage.measure import find_contours
from skimage.measure import label as label_components

from core.annotation.contour import smooth_outline, smooth_outlines
from core.annotation.raster import rasterize
from core.annotation.region import Region
from core.measure.shapes import measure
from tests.core.annotation.scenes import (
    cpu_seconds,
    disc_map,
    touching_discs,
    wobbly_map,
    wobbly_shape,
)
from tests.strategies import label_images

OFFSETS = [(0.0, 0.0), (0.3, -0.2), (0.5, 0.17)]


def outline_of(probability: np.ndarray, **options: float) -> shapely.Polygon:
    found = smooth_outline(probability, probability >= 0.5, 0.5, **options)
    assert found is not None
    return shapely.Polygon(*found)


def disc_outline(radius: float, dx: float, dy: float) -> tuple[shapely.Polygon, float, float]:
    size = int(2 * radius) + 8
    x, y = size / 2 + dx, size / 2 + dy
    return outline_of(disc_map(x, y, radius, size, size)), x, y


def iou(a: shapely.Polygon, b: shapely.Polygon) -> float:
    return a.intersection(b).area / a.union(b).area


@pytest.mark.parametrize("radius", [5, 10, 13.7, 20, 50, 100, 200])
@pytest.mark.parametrize("dx, dy", OFFSETS)
def test_discs_keep_area_and_place(radius: float, dx: float, dy: float):
    polygon, x, y = disc_outline(radius, dx, dy)
    assert polygon.area == pytest.approx(np.pi * radius**2, rel=0.005 if radius >= 10 else 0.015)
    assert polygon.centroid.distance(shapely.Point(x, y)) < 0.05


@pytest.mark.parametrize("radius", [15, 20, 35, 50])
@pytest.mark.parametrize("dx, dy", OFFSETS)
def test_wobbly_cells_are_followed(radius: float, dx: float, dy: float):
    size = int(2.4 * radius) + 8
    x, y, wobble = size / 2 + dx, size / 2 + dy, 0.1
    polygon = outline_of(wobbly_map(x, y, radius, wobble, size, size))
    truth = wobbly_shape(x, y, radius, wobble)
    assert iou(polygon, truth) >= 0.99 if radius > 15 else 0.985
    assert polygon.area == pytest.approx(truth.area, rel=0.005)
    assert shapely.hausdorff_distance(polygon.exterior, truth.exterior) < 1


def test_outlines_are_light():
    counts = []
    for radius in (5, 8, 10, 15, 20, 30, 40, 50):
        size = int(2.4 * radius) + 8
        polygon = outline_of(wobbly_map(size / 2, size / 2, radius, 0.1, size, size))
        counts.append(len(polygon.exterior.coords) - 1)
    assert np.median(counts) <= 60


@pytest.mark.parametrize("radius", [5, 7, 10, 20, 50, 120, 300])
def test_discs_are_round(radius: float):
    size = int(2 * radius) + 8
    x = size / 2
    probability = disc_map(x, x + 0.3, radius, size, size)
    found = smooth_outline(probability, probability >= 0.5, 0.5)
    assert found is not None
    numbers = measure(Region(1, *found), size, size)
    assert 0.97 <= numbers["circularity"] <= 1
    assert numbers["perimeter"] == pytest.approx(2 * np.pi * radius, rel=0.02)


def test_soft_edge_is_found_where_it_crosses_the_threshold():
    """A ramp of eight pixels: each threshold has its own radius, to a hundredth of a pixel."""
    rows, columns = np.mgrid[:64, :64] + 0.5
    distance = np.hypot(rows - 32, columns - 32)
    probability = np.clip((24 - distance) / 8, 0, 1).astype(np.float32)
    for threshold in (0.3, 0.5, 0.7):
        found = smooth_outline(probability, probability >= threshold, threshold)
        assert found is not None
        radius = np.sqrt(shapely.Polygon(*found).area / np.pi)
        assert radius == pytest.approx(24 - 8 * threshold, abs=0.02)


@given(hnp.arrays(np.float32, (9, 11), elements=st.floats(0, 1, width=16)))
def test_unsimplified_outline_is_marching_squares(probability: np.ndarray):
    """The line of another library, wherever pixels are well off the threshold; it has some points
    more on straight stretches, and it does not close at the edge of the image."""
    probability = np.where(np.abs(probability - 0.5) < 0.05, 0, probability)
    probability[[0, -1]] = probability[:, [0, -1]] = 0
    labels = label_components(probability >= 0.5, connectivity=1)
    outlines = smooth_outlines(probability, labels, 0.5, tolerance=0)
    ours = [points for part in outlines for points in (part.shell, *part.holes)]
    theirs = [contour[:, ::-1] + 0.5 for contour in find_contours(probability, 0.5)]
    assert len(ours) == len(theirs)
    if not ours:
        return
    lines = shapely.MultiLineString([[*points, points[0]] for points in ours])
    assert shapely.hausdorff_distance(lines, shapely.MultiLineString(theirs)) < 1e-4
    points = shapely.points(np.concatenate(ours))
    assert shapely.distance(points, shapely.MultiPoint(np.concatenate(theirs))).max() < 1e-4


@given(label_images(), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.35, 1.5]))
def test_every_outline_is_valid_and_in_the_image(labels: np.ndarray, seed: int, tolerance: float):
    probability = np.random.default_rng(seed).random(labels.shape).astype(np.float32)
    outlines = smooth_outlines(probability, labels, 0.5, tolerance)
    assert [part.label for part in outlines] == np.unique(labels[labels > 0]).tolist()
    height, width = labels.shape
    for part in outlines:
        polygon = shapely.Polygon(part.shell, part.holes)
        assert polygon.is_valid and polygon.area > 0
        x0, y0, x1, y1 = polygon.bounds
        assert x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height


@given(label_images(max_label=1), st.integers(0, 2**32 - 1))
def test_unsimplified_outline_holds_the_pixels_of_its_object(labels: np.ndarray, seed: int):
    probability = np.random.default_rng(seed).random(labels.shape).astype(np.float32)
    components = label_components(labels, connectivity=1)
    for part in smooth_outlines(probability, components, 0.5, tolerance=0):
        mask = rasterize(Region(1, part.shell, part.holes), *labels.shape)
        assert np.array_equal(mask, components == part.label)


def test_neighbours_share_their_border_without_gap_or_overlap():
    """Two halves of a disc, and the whole: together they have its outline."""
    size, r = 64, 24.3
    probability = disc_map(size / 2, size / 2, r, size, size)
    labels = (probability >= 0.5).astype(np.int32)
    labels[:, 30:] *= 2
    left, right = (
        shapely.Polygon(p.shell, p.holes) for p in smooth_outlines(probability, labels, 0.5)
    )
    whole = outline_of(probability)
    assert left.intersection(right).area < 1e-9
    assert left.union(right).area == pytest.approx(left.area + right.area)
    assert left.union(right).area == pytest.approx(whole.area, abs=1)  # notches at both ends
    assert left.intersection(right).length > 2 * r - 4


def test_touching_cells_overlap_nowhere():
    labels = touching_discs(120, 256, 14)
    probability = np.where(labels > 0, 0.9, 0.1).astype(np.float32)
    outlines = smooth_outlines(probability, labels, 0.5)
    polygons = np.array([shapely.Polygon(p.shell, p.holes) for p in outlines])
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = first < second
    overlap = shapely.area(shapely.intersection(polygons[first[pairs]], polygons[second[pairs]]))
    assert pairs.sum() > 50
    assert overlap.max() < 0.05


def test_object_cut_by_the_image_ends_at_its_edge():
    probability = disc_map(0, 30, 20, 60, 40)
    polygon = outline_of(probability)
    assert polygon.bounds[0] == 0
    assert polygon.area == pytest.approx(np.pi * 200, rel=0.005)
    assert outline_of(np.ones((7, 9), np.float32)).bounds == (0, 0, 9, 7)


def test_ring_keeps_its_hole_and_fills_small_ones():
    probability = disc_map(40, 40, 30, 80, 80) - disc_map(40, 40, 12, 80, 80)
    assert outline_of(probability).area == pytest.approx(np.pi * (900 - 144), rel=0.005)
    probability[40, 65] = 0
    two, one = outline_of(probability), outline_of(probability, min_hole_area=2.0)
    none = outline_of(probability, min_hole_area=1000.0)
    assert [len(p.interiors) for p in (two, one, none)] == [2, 1, 0]


def test_largest_part_is_kept():
    probability = disc_map(12, 20, 8, 40, 60) + disc_map(42, 20, 14, 40, 60)
    instance = probability >= 0.5
    found = smooth_outline(probability, instance, 0.5)
    assert found is not None
    assert shapely.Polygon(*found).centroid.distance(shapely.Point(42, 20)) < 0.05


def test_empty_instance_has_no_outline():
    assert smooth_outline(np.ones((5, 5), np.float32), np.zeros((5, 5), bool), 0.5) is None


def test_probability_that_is_not_a_number_does_no_harm():
    probability = disc_map(10, 10, 6, 20, 20)
    instance = probability >= 0.5
    probability[10, 10] = probability[4, 10] = np.nan
    found = smooth_outline(probability, instance, 0.5)
    assert found is not None and np.isfinite(found[0]).all()


def test_threshold_can_be_moved_live():
    """500 cells; reference: sorting a million numbers. It takes about four times as long."""
    labels = touching_discs(500, 1024, 15)
    probability = np.where(labels > 0, 0.9, 0.1).astype(np.float32)
    numbers = np.random.default_rng(0).random(1 << 20)
    reference = cpu_seconds(lambda: np.sort(numbers))
    assert cpu_seconds(lambda: smooth_outlines(probability, labels, 0.5)) < 16 * reference


def test_importing_it_is_light():
    code = (
        "import sys, core.annotation.contour;"
        "print([m for m in ('scipy', 'skimage', 'cv2', 'torch', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
