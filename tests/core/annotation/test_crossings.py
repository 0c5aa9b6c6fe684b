"""Edges that cross, for red display."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.crossings import crossing_edges, edge_crossings
from core.annotation.geometry import is_valid
from core.annotation.region import Region, ring
from tests.core.annotation.scenes import circle, cpu_seconds, dragged
from tests.strategies import coordinates, regions, rings

SQUARE = ring([(0, 0), (10, 0), (10, 10), (0, 10)])


def as_set(edges: np.ndarray) -> set[tuple[float, ...]]:
    return {tuple(edge) for edge in edges.tolist()}


def test_bow_tie_shows_the_two_crossing_edges():
    bow_tie = Region(1, ring([(0, 0), (10, 10), (10, 0), (0, 10)]))
    expected = {(0, 0, 10, 10), (10, 0, 0, 10)}
    assert as_set(crossing_edges(bow_tie)) == expected
    for vertex in range(4):
        assert as_set(edge_crossings(bow_tie, 0, vertex)) == expected


def test_spike_that_folds_back_is_shown():
    spike = Region(1, ring([(0, 0), (10, 0), (5, 0), (5, 8)]))
    assert as_set(edge_crossings(spike, 0, 1)) >= {(0, 0, 10, 0), (10, 0, 5, 0)}
    assert as_set(crossing_edges(spike)) >= {(0, 0, 10, 0), (10, 0, 5, 0)}


def test_hole_dragged_over_the_shell_is_shown():
    region = Region(1, SQUARE, (ring([(3, 3), (5, 3), (12, 5)]),))
    found = as_set(edge_crossings(region, 1, 2))
    assert found == {(10, 0, 10, 10), (5, 3, 12, 5), (12, 5, 3, 3)}
    assert as_set(crossing_edges(region)) == found


def test_hole_that_touches_the_shell_in_a_point_is_fine():
    region = Region(1, SQUARE, (ring([(3, 3), (5, 3), (10, 5)]),))
    assert is_valid(region)
    assert len(edge_crossings(region, 1, 2)) == len(crossing_edges(region)) == 0


@given(regions())
def test_valid_region_shows_nothing(region: Region):
    assert crossing_edges(region).shape == (0, 4)
    for ring_index, points in enumerate(region.rings):
        for vertex in range(len(points)):
            assert edge_crossings(region, ring_index, vertex).shape == (0, 4)


@given(rings())
def test_invalid_ring_shows_something(points: np.ndarray):
    """Unless it encloses nothing to begin with, or repeats a point."""
    region = Region(1, points)
    moving = (points != np.roll(points, 1, axis=0)).any(axis=1).all()
    if moving and not shapely.Polygon(points).is_valid:
        assert len(crossing_edges(region)) > 0


@given(regions(), st.data())
def test_testing_one_vertex_finds_what_testing_all_finds(region: Region, data: st.DataObject):
    ring_index = data.draw(st.integers(0, len(region.holes)))
    vertex = data.draw(st.integers(0, len(region.rings[ring_index]) - 1))
    x, y = data.draw(coordinates()), data.draw(coordinates())
    after = dragged(region, ring_index, vertex, x, y)
    assert as_set(edge_crossings(after, ring_index, vertex)) == as_set(crossing_edges(after))


def test_dragging_in_a_huge_ring_is_fast():
    """Reference: sorting a million numbers; it takes a third of that."""
    region = Region(1, ring(circle(500, 500, 400, 10_000)))
    after = dragged(region, 0, 4321, 500, 80)
    numbers = np.random.default_rng(0).random(1 << 20)
    reference = cpu_seconds(lambda: np.sort(numbers))
    assert len(edge_crossings(after, 0, 4321)) > 0
    assert cpu_seconds(lambda: edge_crossings(after, 0, 4321)) < 3 * reference


@pytest.mark.parametrize("target, count", [((500, 500), 0), ((500, 80), 4)])
def test_vertex_dragged_through_the_opposite_side(target: tuple[float, float], count: int):
    region = Region(1, ring(circle(500, 500, 400, 1000)))
    after = dragged(region, 0, 250, *target)
    found = edge_crossings(after, 0, 250)
    assert len(found) == count
    assert as_set(found) == as_set(crossing_edges(after))


def test_holes_astray_are_shown_when_nothing_crosses():
    def box(x: float, y: float, side: float) -> np.ndarray:
        return ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])

    region = Region(1, box(0, 0, 20), (box(2, 2, 4), box(30, 2, 4), box(10, 10, 8), box(12, 12, 2)))
    edges = crossing_edges(region)
    assert sorted(set(edges[:, 0].tolist())) == [12, 14, 30, 34]
    assert as_set(edge_crossings(region, 0, 1)) == as_set(edges)
