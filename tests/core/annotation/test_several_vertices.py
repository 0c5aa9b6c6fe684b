import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.region import Region, ring
from core.annotation.several_vertices import (
    sparing_three,
    vertices_of,
    with_vertices_moved,
    with_vertices_removed,
)
from core.annotation.vertices import with_vertex_moved, with_vertex_removed
from core.errors import InvalidGeometry

SHELL = ring([(0, 0), (30, 0), (30, 30), (15, 40), (0, 30)])
HOLE = ring([(5, 5), (10, 5), (10, 10), (5, 10)])
REGION = Region(7, SHELL, (HOLE,))
SIZE = len(SHELL) + len(HOLE)
flags = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE).map(np.array)


def chosen(*numbers: int) -> np.ndarray:
    return np.isin(np.arange(SIZE), numbers)


def test_vertices_are_numbered_through_all_rings() -> None:
    assert vertices_of(REGION).tolist() == [*SHELL.tolist(), *HOLE.tolist()]


def test_one_of_several_is_as_one_alone() -> None:
    for ring_index, index, number in ((0, 2, 2), (1, 0, 5), (1, 3, 8)):
        x, y = REGION.rings[ring_index][index] + (1, 2)
        alone = with_vertex_moved(REGION, ring_index, index, x, y)
        together = with_vertices_moved(REGION, chosen(number), 1, 2)
        assert np.array_equal(vertices_of(together), vertices_of(alone)) and together.edited
        alone = with_vertex_removed(REGION, ring_index, index)
        together = with_vertices_removed(REGION, chosen(number))
        assert np.array_equal(vertices_of(together), vertices_of(alone)) and together.edited


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
