"""From probability maps to outlines: how near these come to shapes that are known exactly."""

import numpy as np
import pytest
import shapely

from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.outline import regions_from_maps
from core.engine.result import Maps
from tests.core.annotation.scenes import disc_map, wobbly_map, wobbly_shape

PLACES = [(0.0, 0.0), (0.3, -0.2), (0.5, 0.17)]
SIZE = 120


def maps_of(foreground: np.ndarray, cue: np.ndarray | None = None) -> Maps:
    cue = foreground if cue is None else cue
    return Maps(foreground, cue.astype(np.float32), "", "", 0.5, 0.5, 24.0)


def outlined(foreground: np.ndarray, cue: np.ndarray | None = None, **settings: float) -> list:
    """Polygons of the regions at default settings."""
    regions = regions_from_maps(maps_of(foreground, cue), SegmentConfig(**settings))
    return [polygon(region) for region in regions]


def polygon(region: Region) -> shapely.Polygon:
    shape = shapely.Polygon(region.shell, region.holes)
    assert shape.is_valid
    return shape


def iou(a: shapely.Polygon, b: shapely.Polygon) -> float:
    return float(a.intersection(b).area / a.union(b).area)


def disc_shape(x: float, y: float, radius: float) -> shapely.Polygon:
    return wobbly_shape(x, y, radius, 0.0)


@pytest.mark.parametrize("radius", [10, 12.4, 17, 25, 40, 50])
@pytest.mark.parametrize("dx, dy", PLACES)
def test_discs_keep_their_area(radius: float, dx: float, dy: float) -> None:
    x, y = SIZE / 2 + dx, SIZE / 2 + dy
    (found,) = outlined(disc_map(x, y, radius, SIZE, SIZE))
    assert found.area == pytest.approx(np.pi * radius**2, rel=0.005)
    assert iou(found, disc_shape(x, y, radius)) >= 0.985
    assert found.centroid.distance(shapely.Point(x, y)) < 0.05


@pytest.mark.parametrize("radius", [15, 20, 30, 45])
@pytest.mark.parametrize("dx, dy", PLACES)
def test_wobbly_cells_are_followed(radius: float, dx: float, dy: float) -> None:
    x, y = SIZE / 2 + dx, SIZE / 2 + dy
    truth = wobbly_shape(x, y, radius, 0.1)
    (found,) = outlined(wobbly_map(x, y, radius, 0.1, SIZE, SIZE))
    assert iou(found, truth) >= 0.99
    assert found.area == pytest.approx(truth.area, rel=0.005)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
def test_blurred_edges_are_cut_at_the_threshold(threshold: float) -> None:
    """A network's edge is a ramp over some pixels: a radius for each threshold."""
    rows, columns = np.mgrid[:SIZE, :SIZE] + 0.5
    distance = 30 - np.hypot(rows - 60.2, columns - 59.7)
    probability = (1 / (1 + np.exp(-distance))).astype(np.float32)
    radius = 30 - np.log(threshold / (1 - threshold))
    (found,) = outlined(probability, threshold=threshold)
    assert found.area == pytest.approx(np.pi * radius**2, rel=0.005)


def test_outlines_have_few_vertices() -> None:
    counts = []
    for radius in (5, 8, 10, 15, 20, 30, 40, 50):
        (found,) = outlined(wobbly_map(60, 60, radius, 0.1, SIZE, SIZE))
        counts.append(len(found.exterior.coords) - 1)
    assert np.median(counts) <= 60


@pytest.mark.parametrize("inner", [6, 10, 20])
def test_a_ring_keeps_its_hole(inner: float) -> None:
    probability = disc_map(60, 60, 40, SIZE, SIZE) - disc_map(60.3, 59.8, inner, SIZE, SIZE)
    (found,) = outlined(probability)
    (hole,) = found.interiors
    rel = 0.005 if inner >= 10 else 0.015
    assert shapely.Polygon(hole).area == pytest.approx(np.pi * inner**2, rel=rel)
    assert found.area == pytest.approx(np.pi * (40**2 - inner**2), rel=0.005)
    (filled,) = outlined(probability, fill_holes=4 * inner**2)
    assert not filled.interiors and filled.area == pytest.approx(np.pi * 40**2, rel=0.005)


def test_touching_cells_share_their_border() -> None:
    """Two overlapping discs, parted on the line through the two notches."""
    pair = [(44.0, 60.0, 20.0), (76.0, 60.0, 20.0)]
    foreground = np.max([disc_map(*disc, SIZE, SIZE) for disc in pair], axis=0)
    rows, columns = np.mgrid[:SIZE, :SIZE] + 0.5
    cue = np.max([1 - np.hypot(columns - x, rows - y) / r for x, y, r in pair], axis=0)
    left, right = outlined(foreground, np.clip(cue, 0, 1))
    both = disc_shape(*pair[0]).union(disc_shape(*pair[1]))
    assert left.intersection(right).area < 1e-6
    assert left.union(right).area == pytest.approx(both.area, rel=0.005)
    half = both.intersection(shapely.box(0, 0, 60, SIZE))
    assert iou(left, half) >= 0.98 and iou(right, both.difference(half)) >= 0.98
    assert left.bounds[2] == pytest.approx(60, abs=1.2)


@pytest.mark.parametrize(
    "x, y, share", [(0, 60, 0.5), (60, 0, 0.5), (120, 60, 0.5), (60, 120, 0.5), (0, 120, 0.25)]
)
def test_an_object_ends_where_the_image_does(x: float, y: float, share: float) -> None:
    (found,) = outlined(disc_map(x, y, 25, SIZE, SIZE))
    assert found.area == pytest.approx(share * np.pi * 25**2, rel=0.005)
    assert found.within(shapely.box(0, 0, SIZE, SIZE))
    edge = shapely.box(0, 0, SIZE, SIZE).exterior
    assert found.exterior.intersection(edge).length == pytest.approx(50, abs=2)
    assert not outlined(disc_map(x, y, 25, SIZE, SIZE), exclude_border=True)
