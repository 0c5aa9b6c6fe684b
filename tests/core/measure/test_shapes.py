"""Shapes: right where the answer is known, and as other libraries have it where they agree."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ellipe
from skimage.measure import label as label_components
from skimage.measure import regionprops

from core.annotation.raster import regions_from_labels
from core.annotation.region import Region, ring
from core.measure.quantities import SHAPE
from core.measure.shapes import measure, measure_many
from tests.core.annotation.scenes import circle
from tests.core.measure.scenes import blobs, disc, ellipse, traced
from tests.strategies import regions

RECTANGLE = ring([(2, 3), (8, 3), (8, 6), (2, 6)])
HOLE = ring([(3, 4), (4, 4), (4, 5), (3, 5)])
RADII = (5, 6, 7.3, 10, 15, 23.7, 40, 100, 300)


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("away", [(0, 0), (0.5, 0.5), (0.31, 0.77)])
def test_discs_of_pixels(radius: float, away: tuple[float, float]) -> None:
    mask = disc(radius, *away)
    numbers = measure(traced(mask), *mask.shape)
    assert numbers["area"] == mask.sum()
    assert 0.98 <= numbers["circularity"] <= 1
    assert numbers["convexity"] == pytest.approx(1, abs=0.02)
    assert numbers["sphericity"] == pytest.approx(math.sqrt(numbers["circularity"]))
    assert numbers["feret_max"] == pytest.approx(2 * radius, abs=1.5)
    if radius >= 10:
        assert numbers["perimeter"] == pytest.approx(2 * math.pi * radius, rel=0.01)
        assert numbers["area"] == pytest.approx(math.pi * radius**2, rel=0.03)


@pytest.mark.parametrize("radius", RADII)
def test_discs_as_outlines(radius: float) -> None:
    numbers = measure(Region(1, ring(circle(500, 500, radius, 400))), 1000, 1000)
    assert numbers["area"] == pytest.approx(math.pi * radius**2, rel=1e-3)
    assert numbers["perimeter"] == pytest.approx(2 * math.pi * radius, rel=1e-3)
    assert numbers["circularity"] == pytest.approx(1, abs=1e-3)
    for name in ("equivalent_diameter", "major_axis", "minor_axis", "feret_max", "feret_min"):
        assert numbers[name] == pytest.approx(2 * radius, rel=1e-3), name
    for name in ("solidity", "convexity", "aspect_ratio", "compactness"):
        assert numbers[name] == pytest.approx(1, abs=1e-3), name


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 1), (3, 3), (10, 10), (40, 20), (9, 1)])
def test_rectangles_of_pixels_are_exact(width: int, height: int) -> None:
    mask = np.zeros((60, 60), bool)
    mask[5 : 5 + height, 7 : 7 + width] = True
    numbers = measure(traced(mask), 60, 60)
    assert numbers["area"] == width * height
    assert numbers["perimeter"] == 2 * (width + height)
    assert numbers["feret_max"] == pytest.approx(math.hypot(width, height))
    assert numbers["feret_min"] == pytest.approx(min(width, height))
    assert numbers["extent"] == numbers["solidity"] == numbers["convexity"] == 1
    assert (numbers["left"], numbers["top"]) == (7, 5)
    assert (numbers["width"], numbers["height"]) == (width, height)
    assert numbers["major_axis"] == pytest.approx(4 * math.sqrt(max(width, height) ** 2 / 12))
    assert numbers["aspect_ratio"] == pytest.approx(max(width, height) / min(width, height))


def test_turned_square_of_pixels_loses_its_corners_only() -> None:
    rows, columns = np.mgrid[:60, :60] + 0.5 - 30
    for degrees in (10, 30, 45):
        turn = math.radians(degrees)
        u = columns * math.cos(turn) + rows * math.sin(turn)
        v = rows * math.cos(turn) - columns * math.sin(turn)
        numbers = measure(traced((abs(u) < 10) & (abs(v) < 10)), 60, 60)
        assert numbers["perimeter"] == pytest.approx(80, rel=0.08)


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 133, 179])
def test_ellipses(degrees: float) -> None:
    region = ellipse(60, 50, 20, 8, degrees)
    numbers = measure(region, 200, 200)
    assert numbers["major_axis"] == pytest.approx(40, rel=1e-5)
    assert numbers["minor_axis"] == pytest.approx(16, rel=1e-5)
    assert numbers["aspect_ratio"] == pytest.approx(2.5, rel=1e-5)
    assert numbers["perimeter"] == pytest.approx(80 * ellipe(1 - 0.4**2), rel=1e-5)
    for name in ("orientation", "feret_angle"):
        away = (numbers[name] - degrees + 90) % 180 - 90
        assert abs(away) < 0.2, name
    assert 0 <= numbers["orientation"] < 180


def test_ring_with_a_hole() -> None:
    mask = disc(20, 0, 0) & ~np.pad(disc(10, 0, 0), 10)
    region = traced(mask)
    numbers = measure(region, 100, 100)
    hole = disc(10, 0, 0).sum()
    assert numbers["area"] == mask.sum()
    assert (numbers["hole_count"], numbers["hole_area"]) == (1, hole)
    assert numbers["perimeter"] == pytest.approx(2 * math.pi * 20, rel=0.01)
    assert numbers["circularity"] == pytest.approx(1, abs=0.02)
    assert numbers["solidity"] == pytest.approx(0.75 * 0.975, abs=0.02)
    assert numbers["major_axis"] == pytest.approx(2 * math.sqrt(20**2 + 10**2), rel=0.01)


def test_hole_does_not_count_for_the_outline() -> None:
    with_hole, whole = (measure(Region(1, RECTANGLE, h), 20, 20) for h in ((HOLE,), ()))
    assert with_hole["area"] == 17
    assert with_hole["centroid_x"] == pytest.approx((18 * 5 - 3.5) / 17)
    for name in ("perimeter", "circularity", "convexity", "feret_max"):
        assert with_hole[name] == whole[name]


@given(st.lists(st.tuples(*[st.floats(-50, 50)] * 2), min_size=3, max_size=25))
def test_ferets_agree_with_brute_force(points: list[tuple[float, float]]) -> None:
    corners = np.array(points)
    numbers = measure(Region(1, corners), 100, 100)
    lines = (corners[:, None] - corners[None]).reshape(-1, 2)
    longest = np.hypot(*lines.T).max()
    assert numbers["feret_max"] == pytest.approx(longest, abs=1e-9)
    hull = shapely.MultiPoint(points).convex_hull
    if hull.area > 1e-6:
        assert numbers["feret_min"] == pytest.approx(smallest_width(hull), abs=1e-9)
        angle = math.radians(numbers["feret_angle"])
        along = corners @ (math.cos(angle), -math.sin(angle))
        assert np.ptp(along) == pytest.approx(longest, abs=1e-6)


def test_two_corners_in_one_place_do_not_turn_the_calipers() -> None:
    corners = np.array([(0, 2), (1e-101, 0), (0, 0), (2, 0), (2, 4), (1, 4.0)])
    numbers = measure(Region(1, corners), 10, 10)
    hull = shapely.MultiPoint(corners.round(3)).convex_hull
    assert numbers["feret_min"] == pytest.approx(smallest_width(hull), abs=1e-9)


def smallest_width(hull: shapely.Polygon) -> float:
    """Over all edges, the plain way."""
    corners = np.asarray(hull.exterior.coords)
    widths = []
    for start, end in pairwise(corners):
        direction = (end - start) / np.hypot(*(end - start))
        widths.append(np.ptp(corners @ (-direction[1], direction[0])))
    return float(min(widths))


def test_obtuse_triangle_and_regular_polygons() -> None:
    numbers = measure(Region(1, ring([(0, 0), (10, 0), (13, 2)])), 20, 20)
    assert numbers["feret_max"] == pytest.approx(math.hypot(13, 2), abs=1e-12)
    assert numbers["feret_min"] == pytest.approx(20 / math.hypot(13, 2), abs=1e-12)
    for sides in range(3, 40):
        polygon = Region(1, ring(circle(50, 50, 30, sides)))
        corners = polygon.shell
        longest = max(np.hypot(*(corners - corner).T).max() for corner in corners)
        assert measure(polygon, 100, 100)["feret_max"] == pytest.approx(longest, abs=1e-9)
        hull = shapely.Polygon(corners)
        assert measure(polygon, 100, 100)["feret_min"] == pytest.approx(
            smallest_width(hull), abs=1e-9
        )


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_scikit_image(seed: int) -> None:
    """Where the definitions are the same."""
    labels = label_components(blobs(seed), connectivity=1).astype(np.int32)
    parts = {part.label: part for part in regionprops(labels)}
    found = [Region(o.label, o.shell, o.holes) for o in regions_from_labels(labels)]
    many = measure_many(found, 160, 160)
    for place, region in enumerate(found):
        part = parts[region.id]
        numbers = {name: column[place] for name, column in many.items()}
        y, x = part.centroid
        y0, x0, y1, x1 = part.bbox
        same = {
            "area": part.area,
            "hole_area": part.area_filled - part.area,
            "centroid_x": x + 0.5,
            "centroid_y": y + 0.5,
            "left": x0,
            "top": y0,
            "width": x1 - x0,
            "height": y1 - y0,
            "equivalent_diameter": part.equivalent_diameter_area,
            "extent": part.extent,
            "major_axis": of_squares(part.axis_major_length),
            "minor_axis": of_squares(part.axis_minor_length),
        }
        for name, value in same.items():
            assert numbers[name] == pytest.approx(value, rel=1e-9), name
        turn = (90 + math.degrees(part.orientation) - numbers["orientation"] + 90) % 180 - 90
        assert abs(turn) < 1e-6 or numbers["aspect_ratio"] == pytest.approx(1)
        if part.area >= 50:
            assert numbers["solidity"] == pytest.approx(part.solidity, abs=0.06)
            assert numbers["feret_max"] == pytest.approx(part.feret_diameter_max, abs=1.5)


def of_squares(axis: float) -> float:
    """Scikit-image takes pixels as points; a square has moments of 1/12 of its own."""
    return math.sqrt(axis**2 + 16 / 12)


@given(regions())
def test_agrees_with_another_library(region: Region) -> None:
    polygon = shapely.Polygon(region.shell, region.holes)
    numbers = measure(region, 20, 20)
    hull = polygon.convex_hull
    assert numbers["area"] == pytest.approx(polygon.area)
    assert (numbers["centroid_x"], numbers["centroid_y"]) == pytest.approx(
        (polygon.centroid.x, polygon.centroid.y)
    )
    assert numbers["solidity"] == pytest.approx(polygon.area / hull.area)
    assert 0 < numbers["circularity"] <= 1 + 1e-12
    assert 0 < numbers["convexity"] <= 1 + 1e-12
    assert numbers["feret_min"] <= numbers["feret_max"]


def test_outline_between_the_pixels_is_as_long_as_it_is() -> None:
    star = ring([(0.3, 0.2), (9.7, 0.2), (5.1, 3.3), (9.9, 9.4), (0.1, 8.8)])
    numbers = measure(Region(1, star), 20, 20)
    assert numbers["perimeter"] == pytest.approx(shapely.Polygon(star).exterior.length)


def test_one_dragged_vertex_leaves_the_stairs_smooth() -> None:
    region = traced(disc(20, 0, 0))
    shell = region.shell.copy()
    shell[0] += 0.25
    before, after = (measure(r, 60, 60) for r in (region, replace(region, shell=ring(shell))))
    assert after["perimeter"] == pytest.approx(before["perimeter"], rel=0.02)


@given(regions(), st.floats(0.01, 10))
def test_micrometres_scale_lengths_once_and_areas_twice(region: Region, size: float) -> None:
    pixels, scaled = measure(region, 20, 20), measure(region, 20, 20, size)
    power = {"area": 2, "length": 1}
    for quantity in SHAPE:
        expected = pixels[quantity.name] * size ** power.get(quantity.dimension, 0)
        assert scaled[quantity.name] == pytest.approx(expected, nan_ok=True)


@given(st.lists(regions(), min_size=1, max_size=6))
def test_each_region_is_measured_as_alone(given: list[Region]) -> None:
    many = measure_many(given, 20, 15)
    for place, region in enumerate(given):
        alone = measure(region, 20, 15)
        for name, number in alone.items():
            np.testing.assert_allclose(many[name][place], number, rtol=1e-9, atol=1e-9)


def test_direction_and_place_do_not_matter() -> None:
    far = Region(1, ring(circle(0, 0, 5) + 1e5))
    near = Region(1, ring(circle(0, 0, 5)[::-1]))
    a, b = measure(far, 10, 10), measure(near, 10, 10)
    for name in ("area", "perimeter", "major_axis", "feret_max", "feret_min", "solidity"):
        assert a[name] == pytest.approx(b[name], rel=1e-6), name
    assert a["centroid_x"] - 1e5 == pytest.approx(b["centroid_x"], abs=1e-9)


def test_outlines_without_an_area_give_nan_and_no_zero() -> None:
    line, point = ring([(0, 0), (4, 4), (8, 8)]), np.full((3, 2), 2.0)
    many = measure_many([Region(1, line), Region(2, RECTANGLE), Region(3, point)], 20, 20)
    assert many["area"].tolist() == [0, 18, 0]
    assert many["circularity"][0] == 0
    assert many["feret_max"][0] == pytest.approx(math.hypot(8, 8))
    assert many["feret_min"][0] == pytest.approx(0, abs=1e-12)
    assert (many["centroid_x"][0], many["centroid_y"][0]) == (4, 4)
    unknown = {q.name for q in SHAPE if np.isnan(many[q.name][2])}
    assert {"circularity", "major_axis", "solidity", "feret_angle", "convexity"} <= unknown
    assert all(q.unknown for q in SHAPE if q.name in unknown)
    assert not any(np.isnan(column[1]) for column in many.values())


def test_border_is_told() -> None:
    assert measure(Region(1, RECTANGLE), 8, 20)["touches_border"]
    assert not measure(Region(1, RECTANGLE), 9, 20)["touches_border"]


def test_nothing_gives_empty_columns() -> None:
    many = measure_many([], 10, 10)
    assert list(many) == [quantity.name for quantity in SHAPE]
    assert all(column.shape == (0,) for column in many.values())
