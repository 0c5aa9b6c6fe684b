"""Vertices moved and removed, any number at once, and one added."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.region import Region, ring
from core.annotation.vertices import (
    sparing_three,
    vertices_of,
    with_vertex_inserted,
    with_vertices_moved,
    with_vertices_removed,
)
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import one_vertex

SHELL = ring([(0, 0), (30, 0), (30, 30), (15, 40), (0, 30)])
HOLE = ring([(5, 5), (10, 5), (10, 10), (5, 10)])
REGION = Region(7, SHELL, (HOLE,), class_id=3, confidence=0.8)
SIZE = len(SHELL) + len(HOLE)
flags = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE).map(np.array)


def chosen(*numbers: int) -> np.ndarray:
    return np.isin(np.arange(SIZE), numbers)


def test_vertices_are_numbered_through_all_rings() -> None:
    assert vertices_of(REGION).tolist() == [*SHELL.tolist(), *HOLE.tolist()]


def test_a_moved_vertex_leaves_the_rest_of_the_object_as_it_is() -> None:
    after = with_vertices_moved(REGION, one_vertex(REGION, 1, 2), -0.5, 0.5)
    assert after.holes[0].tolist() == [[5, 5], [10, 5], [9.5, 10.5], [5, 10]]
    assert np.array_equal(after.shell, SHELL)
    assert (after.id, after.uid, after.class_id, after.confidence) == (7, REGION.uid, 3, 0.8)
    assert after.edited and not REGION.edited
    assert np.array_equal(REGION.holes[0], HOLE), "regions are never changed"


def test_a_hole_of_three_vertices_goes_with_the_fourth_missing() -> None:
    other = ring([(20, 20), (25, 20), (25, 25)])
    region = Region(1, SHELL, (other, HOLE))
    after = with_vertices_removed(region, one_vertex(region, 1, 0))
    (left,) = after.holes
    assert np.array_equal(left, HOLE) and np.array_equal(after.shell, SHELL) and after.edited


def test_a_vertex_is_inserted_behind_the_given_one() -> None:
    after = with_vertex_inserted(REGION, 0, 1, 31, 15)
    assert after.shell.tolist() == [[0, 0], [30, 0], [31, 15], [30, 30], [15, 40], [0, 30]]
    assert after.holes[0] is REGION.holes[0] and after.edited and after.uid == REGION.uid
    last = with_vertex_inserted(REGION, 0, 4, -1, 15)
    assert last.shell.tolist()[-1] == [-1, 15]
    assert not last.shell.flags.writeable


def test_inserting_and_removing_gives_the_same_ring() -> None:
    for ring_index, points in enumerate(REGION.rings):
        for after in range(len(points)):
            there = with_vertex_inserted(REGION, ring_index, after, 4, 4.2)
            back = with_vertices_removed(there, one_vertex(there, ring_index, after + 1))
            assert np.array_equal(back.rings[ring_index], points)


def test_behind_a_vertex_that_does_not_exist_none_is_inserted() -> None:
    for ring_index, after in ((0, 5), (2, 0)):
        with pytest.raises(IndexError):
            with_vertex_inserted(REGION, ring_index, after, 1, 1)


@pytest.mark.parametrize("x", [np.nan, np.inf])
def test_a_coordinate_that_is_not_a_number_is_refused(x: float) -> None:
    with pytest.raises(InvalidGeometry):
        with_vertices_moved(REGION, chosen(0), x, 1)
    with pytest.raises(InvalidGeometry):
        with_vertex_inserted(REGION, 0, 0, 1, x)


@given(flags)
def test_moving_moves_these_and_no_others(which: np.ndarray) -> None:
    moved = with_vertices_moved(REGION, which, 0.25, -0.5)
    way = vertices_of(moved) - vertices_of(REGION)
    assert (way[which] == (0.25, -0.5)).all() and (way[~which] == 0).all()
    assert [len(r) for r in moved.rings] == [len(r) for r in REGION.rings] and moved.id == 7


@given(flags)
def test_removing_leaves_the_others_in_order(which: np.ndarray) -> None:
    shell, hole = which[:5], which[5:]
    if 5 - shell.sum() < 3:
        with pytest.raises(InvalidGeometry, match="three points"):
            with_vertices_removed(REGION, which)
        return
    left = with_vertices_removed(REGION, which)
    assert np.array_equal(left.shell, SHELL[~shell])
    if 4 - hole.sum() < 3:
        assert left.holes == ()
    else:
        assert np.array_equal(left.holes[0], HOLE[~hole])


@given(flags, flags)
def test_three_vertices_of_the_shell_are_spared(first: np.ndarray, more: np.ndarray) -> None:
    before = sparing_three(REGION, chosen(), first)
    both = sparing_three(REGION, before, more)
    assert 5 - both[:5].sum() >= 3 and (both >= before).all() and not (both & ~(first | more)).any()
    assert np.array_equal(both[5:], (first | more)[5:])
    if 5 - (before | more)[:5].sum() >= 3:
        assert np.array_equal(both, before | more)
    with_vertices_removed(REGION, both)


def test_two_vertices_in_one_place_are_no_triangle() -> None:
    triangle = Region(1, ring([(0, 0), (10, 0), (0, 10)]))
    with pytest.raises(InvalidGeometry):
        with_vertices_moved(triangle, np.array([False, False, True]), 0, -10)
