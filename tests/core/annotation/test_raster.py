"""Regions to pixels and back."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from skimage.measure import label as label_components
from skimage.measure import points_in_poly

from core.annotation.raster import (
    binary_mask,
    label_dtype,
    label_image,
    rasterize,
    region_mask,
    regions_from_labels,
)
from core.annotation.region import Region, ring, ring_area
from core.annotation.tracing import Outline
from core.errors import UsageError
from tests.core.annotation.scenes import circle, cpu_seconds, touching_discs
from tests.strategies import label_images, regions, rings

SQUARE = ring([(2, 2), (6, 2), (6, 6), (2, 6)])
HOLE = ring([(3, 3), (5, 3), (5, 5), (3, 5)])


def as_regions(outlines: list[Outline]) -> list[Region]:
    return [Region(part.label, part.shell, part.holes) for part in outlines]


def same_pixels(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.array_equal(a, b))


def test_square_covers_the_pixels_between_its_edges():
    mask = rasterize(Region(1, SQUARE), 10, 12)
    expected = np.zeros((10, 12), bool)
    expected[2:6, 2:6] = True
    assert same_pixels(mask, expected)


def test_hole_is_not_covered():
    mask = rasterize(Region(1, SQUARE, (HOLE,)), 10, 10)
    assert mask.sum() == 12
    assert not mask[3:5, 3:5].any()


def test_island_in_a_hole_is_covered_by_parity():
    island = ring([(3.4, 3.4), (4.6, 3.4), (4.6, 4.6), (3.4, 4.6)])
    mask = rasterize(Region(1, SQUARE, (HOLE, island)), 10, 10)
    assert mask.sum() == 16


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.5, 0.75])
@pytest.mark.parametrize("middle", [3.0, 3.5, 4.25])
def test_neighbours_that_share_an_edge_own_each_pixel_once(shift: float, middle: float):
    corners = [(1, 1), (7, 1), (7, 7), (1, 7)]
    a, b = (middle, 1), (middle + shift, 7)
    left = Region(1, ring([corners[0], a, b, corners[3]]))
    right = Region(2, ring([a, corners[1], corners[2], b]))
    both = rasterize(left, 8, 8).astype(int) + rasterize(right, 8, 8)
    assert same_pixels(both, rasterize(Region(3, ring(corners)), 8, 8).astype(int))


def test_fan_around_a_pixel_centre_owns_it_once():
    rim = circle(4.5, 4.5, 3.3, 7)
    wedges = [Region(i + 1, ring([(4.5, 4.5), rim[i], rim[(i + 1) % 7]])) for i in range(7)]
    total = sum(rasterize(wedge, 9, 9).astype(int) for wedge in wedges)
    assert total.max() == 1
    assert total[4, 4] == 1


@given(st.lists(rings(), min_size=1, max_size=3))
def test_agrees_with_even_odd_of_another_library(loops: list[np.ndarray]):
    """On edges the answer is a matter of convention; elsewhere it is not."""
    columns, rows = np.meshgrid(np.arange(20) + 0.5, np.arange(16) + 0.5)
    centres = np.column_stack((columns.ravel(), rows.ravel()))
    inside = np.logical_xor.reduce([points_in_poly(centres, loop) for loop in loops])
    lines = shapely.MultiLineString([[*loop, loop[0]] for loop in loops])
    clear = shapely.distance(lines, shapely.points(centres)) > 1e-9
    mask = rasterize(Region(1, loops[0], tuple(loops[1:])), 16, 20).ravel()
    assert same_pixels(mask[clear], inside[clear])


@given(regions())
def test_region_mask_is_the_crop_of_the_full_mask(region: Region):
    full = rasterize(region, 18, 22)
    crop, (y0, x0) = region_mask(region, 18, 22)
    again = np.zeros_like(full)
    again[y0 : y0 + crop.shape[0], x0 : x0 + crop.shape[1]] = crop
    assert same_pixels(again, full)
    assert crop.any(axis=0)[[0, -1]].all() and crop.any(axis=1)[[0, -1]].all()


@pytest.mark.parametrize("dx, dy", [(-50, 0), (50, 0), (0, -50), (0, 50)])
def test_region_outside_the_image_has_no_pixels(dx: float, dy: float):
    region = Region(1, ring(SQUARE + np.array((dx, dy))))
    crop, offset = region_mask(region, 10, 10)
    assert crop.shape == (0, 0) and offset == (0, 0)
    assert not rasterize(region, 10, 10).any()


def test_region_over_the_edge_is_cut_off():
    region = Region(1, ring([(-5, -5), (3, -5), (3, 20), (-5, 20)]))
    mask = rasterize(region, 6, 8)
    assert mask[:, :3].all() and not mask[:, 3:].any()


@given(label_images())
def test_label_image_survives_the_round_trip(labels: np.ndarray):
    outlines = regions_from_labels(labels)
    painted = label_image(as_regions(outlines), *labels.shape, dtype=np.int32)
    assert same_pixels(painted, labels)


@given(label_images())
def test_exact_outlines_are_valid_and_have_the_area_of_their_pixels(labels: np.ndarray):
    outlines = regions_from_labels(labels)
    for part in outlines:
        assert shapely.Polygon(part.shell, part.holes).is_valid
    area = sum(region.area for region in as_regions(outlines))
    assert area == np.count_nonzero(labels)


@given(label_images())
def test_each_connected_part_gives_one_outline(labels: np.ndarray):
    outlines = regions_from_labels(labels)
    for value in np.unique(labels[labels > 0]):
        parts = label_components(labels == value, connectivity=1, return_num=True)[1]
        assert sum(part.label == value for part in outlines) == parts
    assert [part.label for part in outlines] == sorted(part.label for part in outlines)


@given(label_images())
def test_exact_outlines_have_no_vertex_on_a_straight_run(labels: np.ndarray):
    for part in regions_from_labels(labels):
        for points in (part.shell, *part.holes):
            before, after = points - np.roll(points, 1, 0), np.roll(points, -1, 0) - points
            assert (before * after == 0).all()
            assert not points.flags.writeable


def test_island_in_a_hole_is_an_object_of_its_own():
    labels = np.zeros((9, 9), np.uint8)
    labels[1:8, 1:8] = 1
    labels[2:7, 2:7] = 0
    labels[4, 4] = 1
    ring_part, island = sorted(regions_from_labels(labels), key=lambda part: -len(part.holes))
    assert ring_area(ring_part.shell) == 49 and ring_area(ring_part.holes[0]) == 25
    assert ring_area(island.shell) == 1 and island.holes == ()


def test_pixels_that_touch_by_a_corner_are_two_objects():
    parts = regions_from_labels(np.array([[1, 0], [0, 1]]))
    assert [len(part.shell) for part in parts] == [4, 4]


def test_hole_closed_by_a_corner_contact_is_a_hole():
    labels = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]])
    (part,) = regions_from_labels(labels)
    assert [ring_area(hole) for hole in part.holes] == [1]
    assert ring_area(part.shell) == 8


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (1, 1), (4, 7)])
def test_image_without_objects_has_no_outlines(shape: tuple[int, int]):
    assert regions_from_labels(np.zeros(shape, np.uint16)) == []


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.uint32, np.int64, np.uint64])
def test_every_integer_type_is_traced(dtype: type):
    (part,) = regions_from_labels(np.ones((3, 5), dtype))
    assert ring_area(part.shell) == 15 and part.label == 1


def test_large_and_negative_labels():
    labels = np.array([[-3, 2**40], [0, 7]])
    assert [part.label for part in regions_from_labels(labels)] == [7, 2**40]


@pytest.mark.parametrize(
    "largest, kind", [(0, "u1"), (255, "u1"), (256, "u2"), (65535, "u2"), (65536, "i4")]
)
def test_label_type_follows_the_largest_id(largest: int, kind: str):
    assert label_dtype(largest) == np.dtype(kind)
    image = label_image([Region(largest, SQUARE)] if largest else [], 8, 8)
    assert image.dtype == np.dtype(kind) and image.max() == largest


def test_id_that_no_label_type_holds_is_refused():
    with pytest.raises(UsageError, match="2147483648"):
        label_image([Region(2**31, SQUARE)], 8, 8)
    with pytest.raises(UsageError, match="uint8"):
        label_image([Region(300, SQUARE)], 8, 8, np.uint8)


def test_larger_id_wins_where_regions_overlap():
    other = ring(SQUARE + 2)
    for order in ([Region(2, SQUARE), Region(9, other)], [Region(9, other), Region(2, SQUARE)]):
        image = label_image(order, 10, 10)
        assert image[5, 5] == 9 and (image == 9).sum() == 16 and (image == 2).sum() == 12


def test_binary_mask_is_the_union():
    other = ring(SQUARE + 2)
    mask = binary_mask([Region(1, SQUARE), Region(2, other)], 10, 10)
    assert mask.dtype == np.uint8 and set(np.unique(mask)) == {0, 255}
    assert (mask == 255).sum() == 28


def test_real_label_images_survive_the_round_trip(shared: Path):
    files = sorted((shared / "data/dsb2018/labels").glob("*.png"))[::60]
    assert len(files) > 3
    for file in files:
        labels = np.array(Image.open(file)).astype(np.int32)
        parts = as_regions(regions_from_labels(labels))
        assert same_pixels(label_image(parts, *labels.shape, dtype=np.int32), labels)


def test_painting_in_pieces_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    labels = touching_discs(60, 128, 9)
    parts = as_regions(regions_from_labels(labels))
    monkeypatch.setattr("core.annotation.raster.PIXELS_AT_ONCE", 37)
    monkeypatch.setattr("core.annotation.raster.REGIONS_AT_ONCE", 7)
    assert same_pixels(label_image(parts, 128, 128, np.int32), labels)


def test_many_polygons_are_painted_and_traced_fast():
    """Reference: sorting a million numbers; both take about twice as long."""
    random = np.random.default_rng(0)
    places = random.uniform(0, 4096, (2000, 2))
    many = [Region(i + 1, ring(circle(x, y, 15, 32))) for i, (x, y) in enumerate(places)]
    numbers = random.random(1 << 20)
    reference = cpu_seconds(lambda: np.sort(numbers))
    labels = touching_discs(500, 1024, 15)
    assert cpu_seconds(lambda: label_image(many, 4096, 4096)) < 10 * reference
    assert cpu_seconds(lambda: regions_from_labels(labels)) < 10 * reference
