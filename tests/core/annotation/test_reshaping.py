"""Stretches of a border drawn anew."""

import numpy as np
import pytest

from core.annotation.geometry import is_valid, to_shapely
from core.annotation.region import Region, Ring, ring
from core.annotation.reshaping import arcs
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle

SQUARE = Region(4, ring([(0, 0), (10, 0), (10, 10), (0, 10)]), class_id=2)


def path(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float64)


def corners(points: Ring) -> list[tuple[float, float]]:
    """From the smallest corner on, so that the start does not matter."""
    rows = [(x, y) for x, y in points.tolist()]
    first = rows.index(min(rows))
    return rows[first:] + rows[:first]


def test_the_two_ways_to_draw_a_bump() -> None:
    first, second = arcs(SQUARE, 0, path((2, 0), (2, -3), (6, -3), (6, 0)))
    bump = [(2, 0), (2, -3), (6, -3), (6, 0)]
    assert corners(first.region.shell) == [(0, 0), *bump, (10, 0), (10, 10), (0, 10)]
    assert first.replaced.tolist() == [[2, 0], [6, 0]]
    assert set(corners(second.region.shell)) == set(bump)
    assert second.replaced.tolist() == [[6, 0], [10, 0], [10, 10], [0, 10], [0, 0], [2, 0]]
    for arc in (first, second):
        assert (arc.region.id, arc.region.uid, arc.region.class_id) == (4, SQUARE.uid, 2)
        assert arc.region.edited


def test_the_first_one_changes_less_not_the_longer_border() -> None:
    """A long way around outside: the outline with the longer border would be the small lobe's."""
    comb = [(4, 0)]
    comb += [(4 + i * 0.2, -0.5 - 4 * (i % 2)) for i in range(10)]
    first, second = arcs(SQUARE, 0, path(*comb, (6, 0)))
    assert first.region.area > 90 and second.region.area < 15
    cut_off, rest = arcs(SQUARE, 0, path((7, 0), (10, 3)))
    assert (cut_off.region.area, rest.region.area) == (95.5, 4.5)


@pytest.mark.parametrize("way", [1, -1])
def test_the_direction_of_the_path_does_not_matter(way: int) -> None:
    first, second = arcs(SQUARE, 0, path((2, 0), (2, -3), (6, -3), (6, 0))[::way])
    assert (first.region.area, second.region.area) == (112, 12)


@pytest.mark.parametrize("way", [1, -1])
def test_the_direction_of_the_ring_does_not_matter(way: int) -> None:
    region = Region(1, ring(SQUARE.shell[::way]))
    first, _ = arcs(region, 0, path((2, 0), (4, 4), (0, 6)))
    assert set(corners(first.region.shell)) == {(2, 0), (4, 4), (0, 6), (10, 0), (10, 10), (0, 10)}


def test_ends_beside_the_border_are_led_to_it() -> None:
    first, _ = arcs(SQUARE, 0, path((2, -0.5), (2, -3), (6, -3), (6, -0.25)))
    shell = set(corners(first.region.shell))
    assert {(2, 0), (2, -0.5), (6, -0.25), (6, 0)} <= shell


def test_ends_beyond_the_border_are_cut_off() -> None:
    first, _ = arcs(SQUARE, 0, path((2, 3), (2, -3), (6, -3), (6, 3)))
    shell = set(corners(first.region.shell))
    assert {(2, 0), (6, 0)} <= shell and not {(2, 3), (6, 3)} & shell
    once, _ = arcs(SQUARE, 0, path((2, 1), (2, -3), (6, -3), (6, -0.5)))
    assert {(2, 0), (6, -0.5), (6, 0)} <= set(corners(once.region.shell))
    assert (2, 1) not in set(corners(once.region.shell))


def test_a_path_that_crosses_several_times_counts_from_first_to_last() -> None:
    wave = path((1, -2), (2, 2), (4, -2), (6, 2), (8, -2), (8.5, -2))
    first, _ = arcs(SQUARE, 0, wave)
    assert is_valid(first.region)
    assert {(1.5, 0), (2, 2), (4, -2), (6, 2), (7, 0)} <= set(corners(first.region.shell))
    assert not {(1, -2), (8, -2)} & set(corners(first.region.shell))


def test_ends_at_a_vertex_replace_it_by_itself() -> None:
    first, _ = arcs(SQUARE, 0, path((0, 0), (5, -3), (10, 0)))
    assert corners(first.region.shell) == [(0, 0), (5, -3), (10, 0), (10, 10), (0, 10)]


def test_rings_of_holes() -> None:
    hole = ring([(4, 4), (6, 4), (6, 6), (4, 6)])
    other = ring([(7.5, 7.5), (8, 7.5), (8, 8), (7.5, 8)])
    region = Region(1, SQUARE.shell, (hole, other))
    first, _ = arcs(region, 1, path((4, 5), (3, 3), (5, 4)))
    assert first.region.area == region.area - 1
    assert first.region.shell is region.shell and first.region.holes[1] is other
    around, _ = arcs(region, 1, path((6, 5), (9, 7), (9, 9), (7, 9), (5, 6)))
    assert len(around.region.holes) == 1 and is_valid(around.region)


def test_holes_outside_the_new_outline_go() -> None:
    inside, outside = ring(circle(3, 3, 1)), ring(circle(8, 8, 1))
    region = Region(1, SQUARE.shell, (inside, outside))
    first, second = arcs(region, 0, path((10, 6), (0, 6)))
    assert first.region.holes == (inside,) and second.region.holes == (outside,)
    across, _ = arcs(region, 0, path((10, 3), (0, 3)))
    assert not is_valid(across.region)


def test_a_path_that_crosses_itself_is_not_valid() -> None:
    for arc in arcs(SQUARE, 0, path((2, 0), (6, -4), (2, -4), (6, 0))):
        assert not is_valid(arc.region)


@pytest.mark.parametrize(
    "points", [[(2, 0), (4, -4), (2, 0)], [(2, -1), (2, -1)], [(2, 1), (2, -3)]]
)
def test_a_path_without_a_stretch_is_refused(points: list[tuple[float, float]]) -> None:
    with pytest.raises(InvalidGeometry, match="starts"):
        arcs(SQUARE, 0, path(*points))


@pytest.mark.parametrize("seed", range(100))
def test_random_paths_keep_the_rest_of_the_ring(seed: int) -> None:
    random = np.random.default_rng(seed)
    shell = circle(50, 50, 40, 60) + random.uniform(-1, 1, (60, 2))
    region = Region(1, ring(shell), (ring(circle(50, 50, 8, 12)),))
    a, b = np.sort(random.choice(60, 2, replace=False))
    middle = (shell[a] + shell[b]) / 2 + random.uniform(-15, 15, 2)
    drawn = np.vstack((shell[a], middle, shell[b]))
    first, second = arcs(region, 0, drawn)
    if is_valid(second.region):
        old = to_shapely(region.rings)
        changes = [
            old.symmetric_difference(to_shapely(arc.region.rings)).area for arc in (first, second)
        ]
        holes = [len(arc.region.holes) for arc in (first, second)]
        assert is_valid(first.region)
        assert changes[0] <= changes[1] + 1e-6 or holes[0] != holes[1]
    for arc in (first, second):
        kept = {tuple(p) for p in arc.region.shell.tolist()}
        gone = {tuple(p) for p in arc.replaced[1:-1].tolist()}
        assert kept | gone >= {tuple(p) for p in shell.tolist()}
        assert not kept & gone
        assert {tuple(arc.replaced[0]), tuple(arc.replaced[-1])} <= kept
