"""What is stored is always a valid polygon, whatever was done to it."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.geometry import (
    clip_to_image,
    from_shapely,
    is_valid,
    moved,
    repair,
    repair_parts,
    to_shapely,
    touches_border,
)
from core.annotation.region import Region, ring
from core.annotation.vertices import with_vertex_inserted, with_vertices_removed
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import dragged, one_vertex
from tests.strategies import coordinates, regions, rings

SQUARE = ring([(0, 0), (10, 0), (10, 10), (0, 10)])
HOLE = ring([(3, 3), (5, 3), (5, 5), (3, 5)])
BOW_TIE = ring([(0, 0), (10, 10), (10, 0), (0, 10)])
EDGE_WALKED_TWICE = ring([(-1, 0), (0, 0), (0, -1), (-1, 0), (0, 0), (0, 1)])


def identity(region: Region) -> tuple[object, ...]:
    """Everything that a change of shape must not touch."""
    return (
        region.id,
        region.uid,
        region.class_id,
        region.confidence,
        region.origin,
        region.reviewed,
        region.locked,
        region.attributes,
    )


def assert_stored(region: Region) -> None:
    polygon = shapely.Polygon(region.shell, region.holes)
    assert polygon.is_valid and polygon.area > 0
    assert region.area == pytest.approx(polygon.area)
    assert not any(points.flags.writeable for points in region.rings)


@given(st.lists(rings(), min_size=1, max_size=3))
def test_any_rings_are_repaired_or_refused(loops: list[np.ndarray]):
    region = Region(4, loops[0], tuple(loops[1:]), class_id=2)
    try:
        fixed = repair(region)
    except InvalidGeometry:
        return
    assert_stored(fixed)
    assert identity(fixed) == identity(region)
    assert repair(fixed) is fixed


@given(st.lists(rings(), min_size=1, max_size=3))
def test_parts_are_valid_apart_and_sorted(loops: list[np.ndarray]):
    try:
        parts = repair_parts(loops)
    except InvalidGeometry:
        return
    polygons = [to_shapely(part.rings) for part in parts]
    assert all(polygon.is_valid for polygon in polygons)
    areas = [part.area for part in parts]
    assert areas == sorted(areas, reverse=True)
    assert shapely.union_all(polygons).area == pytest.approx(sum(areas), rel=1e-6)


@given(regions(), st.data())
def test_any_drag_is_stored_valid_or_refused(region: Region, data: st.DataObject):
    """Three gestures one after the other, each through every operation on a region."""
    for _ in range(3):
        ring_index = data.draw(st.integers(0, len(region.holes)))
        vertex = data.draw(st.integers(0, len(region.rings[ring_index]) - 1))
        x, y = data.draw(coordinates()), data.draw(coordinates())
        gesture = data.draw(st.sampled_from(["move", "insert", "remove", "shift"]))
        before = identity(region)
        try:
            region = repair(change(region, gesture, ring_index, vertex, x, y))
            region = clip_to_image(region, 20, 18)
        except InvalidGeometry:
            continue
        assert_stored(region)
        assert identity(region) == before
        x0, y0, x1, y1 = region.bounds
        assert x0 >= 0 and y0 >= 0 and x1 <= 20 and y1 <= 18


def change(
    region: Region, gesture: str, ring_index: int, vertex: int, x: float, y: float
) -> Region:
    if gesture == "move":
        return dragged(region, ring_index, vertex, x, y)
    if gesture == "insert":
        return with_vertex_inserted(region, ring_index, vertex, x, y)
    if gesture == "remove":
        return with_vertices_removed(region, one_vertex(region, ring_index, vertex))
    return moved(region, x - 10, y - 10)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e8])
def test_impossible_coordinates_are_refused(value: float):
    region = Region(1, SQUARE)
    with pytest.raises(InvalidGeometry):
        repair(dragged(region, 0, 1, value, 3))
    with pytest.raises(InvalidGeometry):
        clip_to_image(moved(region, 0, value), 10, 10)
    with pytest.raises(InvalidGeometry):
        repair_parts([np.array([(0, 0), (value, 1), (2, 5)])])


def test_valid_region_is_returned_as_it_is():
    region = Region(1, SQUARE, (HOLE,))
    assert repair(region) is region
    assert clip_to_image(region, 10, 10) is region


def test_bow_tie_has_two_parts_of_which_one_is_kept():
    assert [part.area for part in repair_parts([BOW_TIE])] == pytest.approx([25, 25])
    assert repair(Region(1, BOW_TIE)).area == pytest.approx(25)


def test_edge_walked_twice_is_repaired():
    parts = repair_parts([EDGE_WALKED_TWICE])
    assert parts and all(to_shapely(part.rings).is_valid for part in parts)


def test_line_is_refused():
    with pytest.raises(InvalidGeometry, match="no area"):
        repair(Region(1, ring([(0, 0), (5, 5), (9, 9)])))


def test_hole_outside_its_shell_is_dropped():
    stray = ring(HOLE + 20)
    assert repair(Region(1, SQUARE, (HOLE, stray))).holes[0].shape == (4, 2)
    assert len(repair(Region(1, SQUARE, (HOLE, stray))).holes) == 1


def test_hole_over_the_shell_becomes_a_notch():
    fixed = repair(Region(1, SQUARE, (ring([(8, 4), (12, 4), (12, 6), (8, 6)]),)))
    assert fixed.holes == () and fixed.area == 96


def test_hole_as_large_as_its_shell_leaves_nothing():
    with pytest.raises(InvalidGeometry):
        repair(Region(1, SQUARE, (SQUARE,)))


def test_clipping_keeps_the_largest_part_and_marks_the_edit():
    shell = ring([(-5, 0), (3, 0), (3, 2), (-1, 2), (-1, 4), (9, 4), (9, 8), (-5, 8)])
    region = Region(1, shell, confidence=0.5)
    clipped = clip_to_image(region, 8, 6)
    assert clipped.area == 16 and clipped.bounds == (0, 4, 8, 6)
    assert clipped.edited and identity(clipped) == identity(region)


def test_region_outside_the_image_is_refused():
    with pytest.raises(InvalidGeometry, match="outside"):
        clip_to_image(Region(1, ring(SQUARE + 100)), 50, 50)


def test_region_that_only_touches_the_image_is_refused():
    with pytest.raises(InvalidGeometry, match="outside"):
        clip_to_image(Region(1, SQUARE - 10), 50, 50)


@given(regions(), st.floats(-100, 100), st.floats(-100, 100))
def test_moving_keeps_shape_and_name(region: Region, dx: float, dy: float):
    there = moved(region, dx, dy)
    assert there.area == pytest.approx(region.area)
    assert there.edited and identity(there) == identity(region)
    assert np.allclose(there.shell - region.shell, (dx, dy), atol=1e-9)


@given(regions())
def test_shapely_and_back(region: Region):
    (part,) = from_shapely(to_shapely(region.rings))
    assert np.array_equal(part.shell, region.shell)
    assert all(np.array_equal(a, b) for a, b in zip(part.holes, region.holes, strict=True))


def test_points_and_lines_of_a_collection_are_dropped():
    mixed = shapely.GeometryCollection(
        [shapely.Point(1, 1), shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]), shapely.Polygon()]
    )
    assert [part.area for part in from_shapely(mixed)] == [1]


@pytest.mark.parametrize(
    "shift, touches",
    [((1, 1), False), ((0.4, 1), True), ((1, 0), True), ((2.6, 1), True), ((1, 2.4), False)],
)
def test_border_is_touched_where_a_border_pixel_may_be_covered(
    shift: tuple[float, float], touches: bool
):
    region = Region(1, ring(SQUARE + np.array(shift)))
    assert touches_border(region, 13, 13) is touches


def test_is_valid_says_what_may_be_stored():
    assert is_valid(Region(1, SQUARE, (HOLE,)))
    assert not is_valid(Region(1, BOW_TIE))
    assert not is_valid(Region(1, SQUARE, (ring(HOLE + 20),)))
    assert not is_valid(Region(1, ring([(0, 0), (1, 1), (2, 2)])))
