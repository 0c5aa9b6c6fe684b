from dataclasses import replace

import numpy as np

from app.canvas.differences import changed_bounds
from core.annotation.region import Region, ring
from tests.app.canvas.samples import blob, square


def with_shell(region: Region, points: np.ndarray) -> Region:
    return replace(region, shell=ring(points))


def test_a_moved_vertex_changes_its_two_edges() -> None:
    before = blob(3, 100, 100, 50, 40, 0.0)
    points = np.array(before.shell)
    points[7] += (30, -4)
    (bounds,) = changed_bounds((before,), (with_shell(before, points),))
    corners = np.concatenate((before.shell[6:9], points[7:8]))
    assert bounds == (*corners.min(axis=0), *corners.max(axis=0))


def test_the_first_vertex_has_the_last_as_neighbour() -> None:
    before = blob(3, 100, 100, 50, 40, 0.0)
    points = np.array(before.shell)
    points[0] += 5
    (bounds,) = changed_bounds((before,), (with_shell(before, points),))
    corners = np.concatenate((before.shell[[39, 0, 1]], points[:1]))
    assert bounds == (*corners.min(axis=0), *corners.max(axis=0))


def test_equal_regions_change_nothing() -> None:
    before = blob(3, 100, 100, 50, 40, 0.0)
    assert changed_bounds((before,), (with_shell(before, before.shell),)) == []


def test_another_number_of_vertices_and_short_outlines_change_all() -> None:
    before = blob(3, 100, 100, 50, 40, 0.0)
    assert changed_bounds((before,), (with_shell(before, before.shell[1:]),)) == [before.bounds]
    one, other = square(1, 0, 0, 9), square(1, 5, 5, 9)
    assert changed_bounds((one,), (other,)) == [(0, 0, 14, 14)]
    assert changed_bounds((square(1, 0, 0, 9, hole=True),), (one,)) == [(0, 0, 9, 9)]


def test_regions_that_come_and_go_count_as_a_whole() -> None:
    one, other, new, newer = (
        square(i, 20.0 * i + s, 0, 9) for i, s in ((1, 0), (2, 0), (0, 50), (0, 80))
    )
    found = changed_bounds((one, new), (other, newer, new))
    assert sorted(found) == sorted(r.bounds for r in (one, new, other, newer, new))
