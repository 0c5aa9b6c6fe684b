"""Regions cut into pieces."""

from itertools import combinations

import numpy as np
import pytest

from core.annotation.cutting import cut
from core.annotation.geometry import is_valid, to_shapely
from core.annotation.region import Origin, Region, ring
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle

SQUARE = ring([(0, 0), (30, 0), (30, 30), (0, 30)])
HOLE = ring([(10, 10), (20, 10), (20, 20), (10, 20)])
FULL = Region(
    7,
    SQUARE,
    (HOLE,),
    class_id=3,
    confidence=0.8,
    origin=Origin("model", "net", "abc", 0.5),
    reviewed=True,
    attributes={"note": "odd"},
)


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float64)


def star(random: np.random.Generator, x: float, y: float, low: float, high: float) -> np.ndarray:
    """(n, 2) around x, y, each corner at a distance between low and high."""
    count = int(random.integers(5, 40))
    angle = random.uniform(0, 6) + np.arange(count) * 2 * np.pi / count
    radius = random.uniform(low, high, count)
    return np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))


def random_region(random: np.random.Generator, on_grid: bool = False) -> Region:
    """A star with up to two holes; on a grid lines run along edges and through corners."""
    shell = star(random, 100, 100, 50, 95)
    holes = [star(random, x, 100, 3, 8) for x in (85, 115)][: random.integers(0, 3)]
    if on_grid:
        shell, *holes = (np.round(points / 5) * 5 for points in (shell, *holes))
    return Region(5, ring(shell), tuple(map(ring, holes)), class_id=1)


def edges(region: Region) -> set[frozenset[tuple[float, float]]]:
    rings = ([tuple(p) for p in points.tolist()] for points in region.rings)
    return {frozenset(pair) for r in rings for pair in zip(r, r[1:] + r[:1], strict=True)}


def test_the_largest_piece_stays_and_the_others_inherit() -> None:
    larger, smaller = cut(FULL, line((-5, 5), (35, 5)))
    assert (larger.area, smaller.area) == (650, 150)
    assert (larger.id, larger.uid) == (7, FULL.uid)
    assert smaller.id == 0 and smaller.uid != FULL.uid
    for piece in (larger, smaller):
        kept = (piece.class_id, piece.confidence, piece.origin, piece.reviewed, piece.attributes)
        assert kept == (3, 0.8, FULL.origin, True, {"note": "odd"})
        assert piece.edited and not piece.shell.flags.writeable
    assert [len(piece.holes) for piece in (larger, smaller)] == [1, 0]


def test_a_hole_that_is_cut_opens_to_both_sides() -> None:
    pieces = cut(FULL, line((-5, 15), (35, 15)))
    assert [piece.area for piece in pieces] == [400, 400]
    assert all(len(piece.shell) == 8 and piece.holes == () for piece in pieces)


def test_a_straight_cut_through_a_u_makes_three_pieces() -> None:
    shell = [(0, 0), (4, 0), (4, 10), (8, 10), (8, 0), (12, 0), (12, 14), (0, 14)]
    pieces = cut(Region(1, ring(shell)), line((-1, 5), (13, 5)))
    assert [piece.area for piece in pieces] == [88, 20, 20]
    assert len({piece.uid for piece in pieces}) == 3


def test_a_bent_line_and_one_that_crosses_itself() -> None:
    corner = cut(Region(1, SQUARE), line((10, -5), (10, 12), (35, 12)))
    assert [piece.area for piece in corner] == [660, 240]
    loop = cut(Region(1, SQUARE), line((5, 5), (25, 25), (25, 5), (5, 25)))
    assert [piece.area for piece in loop] == [800, 100]
    assert len(loop[0].holes) == 1 and len(loop[1].shell) == 3


@pytest.mark.parametrize(
    "points",
    [
        [(-5, 5), (5, 5)],
        [(5, 5), (25, 5), (25, 25)],
        [(-5, -5), (40, -5)],
        [(-5, 0), (35, 0)],
        [(-5, 5), (5, -5)],
        [(15, 5), (15, 12)],
        [(5, 5), (5, 5)],
    ],
)
def test_a_line_that_does_not_pass_through_leaves_the_region_as_it_is(
    points: list[tuple[float, float]],
) -> None:
    assert cut(FULL, line(*points)) == (FULL,)


def test_from_the_border_to_a_hole_nothing_falls_apart() -> None:
    assert cut(FULL, line((-5, 15), (15, 15))) == (FULL,)


def test_an_end_inside_leaves_no_vertices() -> None:
    whole, other = cut(Region(1, SQUARE), line((10, -5), (10, 35), (20, 35), (20, 25)))
    assert sorted(map(len, (whole.shell, other.shell))) == [4, 4]
    assert whole.area + other.area == 900


def test_a_sliver_is_refused_with_a_reason() -> None:
    with pytest.raises(InvalidGeometry, match="smaller than 1 px²"):
        cut(Region(1, SQUARE), line((-1, 1.5), (1.5, -1)))
    with pytest.raises(InvalidGeometry, match="smaller than 1 px²"):
        cut(Region(1, SQUARE), line((-1, 0.02), (31, 0.02)))


def test_pieces_share_their_vertices_along_the_cut() -> None:
    disc = Region(1, ring(circle(50.3, 49.7, 30.1)), (ring(circle(52, 50, 7.7, 17)),))
    a, b = cut(disc, line((3, 11), (35, 45), (97, 60)))
    shared = edges(a) & edges(b)
    assert len(shared) == 3  # two before the hole, for the bend, and one behind it
    ends = {point for edge in shared for point in edge}
    assert ends <= set(map(tuple, a.shell.tolist())) & set(map(tuple, b.shell.tolist()))


@pytest.mark.parametrize("seed", range(150))
def test_random_cuts_conserve_the_area_without_gap_or_overlap(seed: int) -> None:
    random = np.random.default_rng(seed)
    on_grid = seed % 3 == 0
    region = random_region(random, on_grid)
    if not is_valid(region):  # rounding to the grid may make a star touch itself
        return
    points = random.uniform(0, 200, (random.integers(2, 9), 2))
    try:
        pieces = cut(region, np.round(points / 5) * 5 if on_grid else points)
    except InvalidGeometry:
        return
    assert all(is_valid(piece) for piece in pieces)
    assert sum(piece.area for piece in pieces) == pytest.approx(region.area, rel=1e-6)
    polygons = [to_shapely(piece.rings) for piece in pieces]
    assert all(a.intersection(b).area < 1e-6 for a, b in combinations(polygons, 2))
    assert [piece.id for piece in pieces] == [5] + [0] * (len(pieces) - 1)
    assert len({piece.uid for piece in pieces}) == len(pieces)


def test_random_cuts_do_cut() -> None:
    """The property above would hold for a cut that never cuts."""
    counts = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        region = random_region(random)
        try:
            counts.append(len(cut(region, random.uniform(0, 200, (5, 2)))))
        except InvalidGeometry:
            continue
    assert max(counts) > 5 and np.mean(np.array(counts) > 1) > 0.5
