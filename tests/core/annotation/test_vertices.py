"""Single vertices moved, added and removed."""

import numpy as np
import pytest

from core.annotation.region import Region, ring
from core.annotation.vertices import (
    with_vertex_inserted,
    with_vertex_moved,
    with_vertex_removed,
)
from core.errors import InvalidGeometry

SHELL = ring([(0, 0), (10, 0), (10, 10), (0, 10)])
HOLE = ring([(3, 3), (5, 3), (4, 5)])
OTHER = ring([(6, 6), (8, 6), (8, 8), (6, 8)])
REGION = Region(7, SHELL, (HOLE, OTHER), class_id=3, confidence=0.8)


def test_moved_vertex_of_a_hole():
    after = with_vertex_moved(REGION, 1, 2, 4.5, 5.5)
    assert after.holes[0].tolist() == [[3, 3], [5, 3], [4.5, 5.5]]
    assert after.shell is REGION.shell and after.holes[1] is OTHER
    assert (after.id, after.uid, after.class_id, after.confidence) == (7, REGION.uid, 3, 0.8)
    assert after.edited and not REGION.edited
    assert REGION.holes[0].tolist() == HOLE.tolist()


def test_vertex_is_inserted_behind_the_given_one():
    after = with_vertex_inserted(REGION, 0, 1, 11, 5)
    assert after.shell.tolist() == [[0, 0], [10, 0], [11, 5], [10, 10], [0, 10]]
    last = with_vertex_inserted(REGION, 0, 3, -1, 5)
    assert last.shell.tolist()[-1] == [-1, 5]
    assert not last.shell.flags.writeable


def test_inserting_and_removing_gives_the_same_ring():
    for ring_index, points in enumerate(REGION.rings):
        for after in range(len(points)):
            there = with_vertex_inserted(REGION, ring_index, after, 4, 4.2)
            back = with_vertex_removed(there, ring_index, after + 1)
            assert np.array_equal(back.rings[ring_index], points)


def test_hole_of_three_vertices_goes_with_the_fourth_missing():
    after = with_vertex_removed(REGION, 1, 0)
    assert len(after.holes) == 1 and after.holes[0] is OTHER
    assert after.shell is REGION.shell


def test_shell_keeps_three_vertices():
    triangle = Region(1, HOLE)
    for ring_index in (0, -1):
        with pytest.raises(InvalidGeometry, match="three points"):
            with_vertex_removed(triangle, ring_index, 1)


def test_vertex_that_does_not_exist_is_an_error():
    with pytest.raises(IndexError):
        with_vertex_moved(REGION, 0, 4, 1, 1)
    with pytest.raises(IndexError):
        with_vertex_inserted(REGION, 0, 4, 1, 1)
    with pytest.raises(IndexError):
        with_vertex_removed(REGION, 3, 0)


@pytest.mark.parametrize("x", [np.nan, np.inf])
def test_coordinate_that_is_not_a_number_is_refused(x: float):
    with pytest.raises(InvalidGeometry):
        with_vertex_moved(REGION, 0, 0, x, 1)
    with pytest.raises(InvalidGeometry):
        with_vertex_inserted(REGION, 0, 0, 1, x)
