"""What lies under a point or nearest to it."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.nearest import contains, nearest_edge, nearest_vertex
from core.annotation.raster import rasterize
from core.annotation.region import Region, ring
from core.annotation.vertices import with_vertex_inserted
from tests.strategies import regions, rings

REGION = Region(
    1, ring([(0, 0), (10, 0), (10, 10), (0, 10)]), (ring([(3, 3), (6, 3), (6, 6), (3, 6)]),)
)
PLACE = st.floats(-5, 25, width=32)


@given(rings())
def test_contains_agrees_with_the_pixels(points: np.ndarray):
    region = Region(1, points)
    mask = rasterize(region, 12, 14)
    for row in range(1, 12, 3):
        for column in range(2, 14, 3):
            assert contains(region, column + 0.5, row + 0.5) == mask[row, column]


@pytest.mark.parametrize(
    "x, y, inside", [(1, 1, True), (4, 4, False), (11, 5, False), (0, 5, True)]
)
def test_hole_is_outside(x: float, y: float, inside: bool):
    assert contains(REGION, x, y) is inside


def test_vertex_of_a_hole():
    assert nearest_vertex(REGION, 6.5, 5.5) == (1, 2, pytest.approx(np.hypot(0.5, 0.5)))
    assert nearest_vertex(REGION, -3, 10) == (0, 3, 3)


def test_edge_that_closes_the_ring():
    assert nearest_edge(REGION, 1, 5) == (0, 3, 1, (0, 5))
    assert nearest_edge(REGION, 4, 3.5) == (1, 0, 0.5, (4, 3))


@given(regions(), PLACE, PLACE)
def test_nearest_agrees_with_another_library(region: Region, x: float, y: float):
    lines = [shapely.LinearRing(points) for points in region.rings]
    point = shapely.Point(x, y)
    edge, vertex = nearest_edge(region, x, y), nearest_vertex(region, x, y)
    assert edge.distance == pytest.approx(min(line.distance(point) for line in lines), abs=1e-9)
    assert np.hypot(edge.point[0] - x, edge.point[1] - y) == pytest.approx(edge.distance)
    at = region.rings[vertex.ring_index][vertex.vertex_index]
    assert np.hypot(*(at - (x, y))) == vertex.distance >= edge.distance - 1e-9


@given(regions(), PLACE, PLACE)
def test_a_vertex_put_on_the_nearest_edge_keeps_the_shape(region: Region, x: float, y: float):
    edge = nearest_edge(region, x, y)
    after = with_vertex_inserted(region, edge.ring_index, edge.after_index, *edge.point)
    assert after.area == pytest.approx(region.area)


def test_edge_without_length_is_a_point():
    region = Region(1, ring([(0, 0), (4, 0), (4, 0), (4, 4)]))
    assert nearest_edge(region, 6, 0).distance == 2
