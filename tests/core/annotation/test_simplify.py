"""Fewer vertices, same area, known distance."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.region import ring, ring_area
from core.annotation.simplify import simplify_paths, simplify_ring
from tests.core.annotation.scenes import circle, wobbly_shape

FORTH = np.array([(0, 0), (1, 0.2), (2, -0.1), (3, 0.9), (4, 0.1), (5, 0)], np.float64)


@pytest.mark.parametrize("radius", [3, 10, 40, 200])
@pytest.mark.parametrize("tolerance", [0.1, 0.35, 1.0])
def test_circle_keeps_area_and_centre(radius: float, tolerance: float):
    points = ring(circle(7, -3, radius, 400))
    simple = simplify_ring(points, tolerance)
    assert 3 <= len(simple) < 150
    assert ring_area(simple) == pytest.approx(ring_area(points), rel=1e-6)
    polygon = shapely.Polygon(simple)
    assert polygon.centroid.distance(shapely.Point(7, -3)) < 0.3 * tolerance
    far = shapely.hausdorff_distance(polygon.exterior, shapely.LinearRing(points))
    assert far <= 2.5 * tolerance


def test_direction_does_not_matter_for_the_area():
    points = ring(np.asarray(wobbly_shape(0, 0, 30, 0.2).exterior.coords)[::-1])
    simple = simplify_ring(points, 0.5)
    assert ring_area(simple) == pytest.approx(ring_area(points), rel=1e-6)
    assert not simple.flags.writeable


def test_square_is_left_with_its_corners():
    corners = [(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)]
    assert simplify_ring(ring(corners), 0.35).tolist() == [[0, 0], [10, 0], [10, 10], [0, 10]]


def test_ring_smaller_than_the_tolerance_stays():
    points = ring([(0, 0), (0.1, 0), (0, 0.1)])
    assert simplify_ring(points, 1.0) is points


@given(st.floats(0, 2))
def test_ends_of_open_paths_stay(tolerance: float):
    lengths, limits = np.array([6, 6]), np.full(2, tolerance)
    paths = np.concatenate((FORTH, FORTH))
    vertices, left = simplify_paths(paths, lengths, np.zeros(2, bool), limits)
    assert left[0] == left[1] >= 2
    assert np.array_equal(vertices[[0, left[0] - 1]], FORTH[[0, -1]])
    assert np.array_equal(vertices[left[0] :], vertices[: left[0]])


def test_without_tolerance_nothing_changes():
    vertices, left = simplify_paths(FORTH, np.array([6]), np.zeros(1, bool), np.zeros(1))
    assert np.allclose(vertices, FORTH) and left.tolist() == [6]
