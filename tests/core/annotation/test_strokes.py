"""A painted or erased outline is one clean polygon, and only the stroke has changed it."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.geometry import Part, to_shapely
from core.annotation.region import Region, Ring, ring
from core.annotation.strokes import SPECK, Stroke, begin, erase, extend, paint, thin
from tests.core.annotation.scenes import circle
from tests.strategies import regions

SIZE = 20.0
SQUARE = ring([(10, 10), (50, 10), (50, 50), (10, 50)])


def led(way: list[tuple[float, float]], radius: float, size: float = 100.0) -> Stroke:
    """A stroke along a polyline, in a square image."""
    stroke = begin(*way[0], radius, size, size)
    for x, y in way[1:]:
        stroke = extend(stroke, x, y, radius)
    return stroke


@st.composite
def strokes(draw: st.DrawFn) -> Stroke:
    """One to five steps in the image of `regions`, each with a disc of its own size."""
    place, radius = st.floats(0, SIZE, width=32, allow_subnormal=False), st.floats(1, 6)
    stroke = begin(draw(place), draw(place), draw(radius), SIZE, SIZE)
    for _ in range(draw(st.integers(0, 4))):
        stroke = extend(stroke, draw(place), draw(place), draw(radius))
    return stroke


def assert_clean(part: Part) -> shapely.Polygon:
    polygon = to_shapely(part.rings)
    assert polygon.is_valid and polygon.area == pytest.approx(part.area)
    return polygon


def far_vertices(region: Region, stroke: Stroke) -> set[tuple[float, float]]:
    """The vertices that lie away from the stroke."""
    points = np.concatenate(region.rings)
    away = shapely.distance(stroke.covered, shapely.points(points)) > stroke.tolerance
    return {(x, y) for x, y in points[away].tolist()}


def vertices(part: Part) -> set[tuple[float, float]]:
    return {(x, y) for points in part.rings for x, y in points.tolist()}


@given(regions(SIZE), strokes())
def test_painting_adds_the_stroke_and_nothing_else(region: Region, stroke: Stroke) -> None:
    before, parts = to_shapely(region.rings), paint(region.rings, stroke)
    assert len(parts) == 1 or shapely.intersection(before, stroke.covered).area < 1e-6
    area = sum(assert_clean(part).area for part in parts)
    assert area >= max(before.area, stroke.covered.area) - 1e-6
    union = shapely.union(before, stroke.covered)
    open_specks = shapely.get_num_interior_rings(shapely.get_parts(union)).sum()
    filled = open_specks - sum(len(part.holes) for part in parts)
    assert union.area - 1e-6 <= area <= union.area + filled * SPECK + 1e-6


@given(regions(SIZE), strokes(), st.booleans())
def test_thinning_spares_what_the_stroke_does_not_touch(
    region: Region, stroke: Stroke, add: bool
) -> None:
    for part in (paint if add else erase)(region.rings, stroke):
        far = far_vertices(region, stroke) & vertices(part)
        assert far <= vertices(thin(part, stroke)) <= vertices(part)


@given(regions(SIZE), strokes())
def test_erasing_leaves_nothing_under_the_stroke(region: Region, stroke: Stroke) -> None:
    before, parts = to_shapely(region.rings), erase(region.rings, stroke)
    polygons = [assert_clean(part) for part in parts]
    assert all(shapely.intersection(p, stroke.covered).area < 1e-6 for p in polygons)
    assert [p.area for p in polygons] == sorted((p.area for p in polygons), reverse=True)
    left = shapely.difference(before, stroke.covered)
    specks = [p.area for p in shapely.get_parts(left) if p.area < min(SPECK, before.area / 2)]
    assert sum(p.area for p in polygons) == pytest.approx(left.area - sum(specks), abs=1e-5)


@given(regions(SIZE), strokes(), st.booleans())
def test_thinning_stays_within_the_tolerance(region: Region, stroke: Stroke, add: bool) -> None:
    for part in (paint if add else erase)(region.rings, stroke)[:1]:
        thinned = thin(part, stroke)
        before, after = to_shapely(part.rings), assert_clean(thinned)
        assert len(thinned.holes) == len(part.holes)
        off = shapely.hausdorff_distance(before.boundary, after.boundary)
        assert off <= stroke.tolerance + 1e-9


@given(strokes())
def test_a_stroke_lies_in_the_image_in_one_piece(stroke: Stroke) -> None:
    assert isinstance(stroke.covered, shapely.Polygon) and stroke.covered.is_valid
    x0, y0, x1, y1 = stroke.covered.bounds
    assert x0 >= 0 and y0 >= 0 and x1 <= SIZE and y1 <= SIZE
    inner = shapely.Point(stroke.x, stroke.y).buffer(0.99 * stroke.radius)
    assert stroke.covered.buffer(1e-9).covers(inner.intersection(shapely.box(0, 0, SIZE, SIZE)))


@pytest.mark.parametrize("radius", [1, 3, 10, 40, 200, 500])
def test_a_dot_is_a_disc_with_few_vertices(radius: float) -> None:
    stroke = begin(1000, 1000, radius, 2000, 2000)
    (part,) = paint((), stroke)
    thinned = thin(part, stroke)
    assert thinned.area == pytest.approx(math.pi * radius**2, rel=0.002)
    assert len(thinned.shell) <= 200
    off = np.hypot(*(thinned.shell - 1000).T) - radius
    assert np.abs(off).max() <= stroke.tolerance


def test_a_straight_stroke_is_a_capsule() -> None:
    stroke = led([(x, 50.0) for x in range(20, 81)], 8)
    (part,) = paint((), stroke)
    thinned = thin(part, stroke)
    assert thinned.area == pytest.approx(60 * 16 + math.pi * 64, rel=0.005)
    assert len(thinned.shell) < 40 < len(part.shell)


@pytest.mark.parametrize("radius, step", [(200, 0.3), (10, 0.1), (10, 1.0), (3, 0.25)])
def test_many_small_steps_do_not_let_the_stroke_drift(radius: float, step: float) -> None:
    angle = np.arange(1000) * step / 150
    way = [(x, y) for x, y in np.column_stack((np.cos(angle), np.sin(angle))) * 150 + 400]
    stroke = led(way, radius, 800)
    true = shapely.LineString(way).buffer(radius, quad_segs=200)
    off = shapely.hausdorff_distance(stroke.covered.boundary, true.boundary)
    assert off <= 1.5 * stroke.tolerance
    assert shapely.get_num_coordinates(stroke.covered) < 600


def test_a_step_to_where_the_disc_is_changes_nothing() -> None:
    stroke = begin(5, 5, 3, 20, 20)
    assert extend(stroke, 5, 5, 3) is stroke
    assert extend(stroke, 5, 5, 4).covered.area > stroke.covered.area


def test_painting_far_away_gives_two_parts_touching_gives_one() -> None:
    assert len(paint((SQUARE,), led([(80, 80), (90, 90)], 3))) == 2
    assert len(paint((SQUARE,), led([(80, 80), (50, 50)], 3))) == 1


def test_painting_inside_changes_nothing() -> None:
    stroke = led([(20, 20), (40, 40)], 3)
    (part,) = paint((SQUARE,), stroke)
    assert np.array_equal(thin(part, stroke).shell, part.shell) and part.area == 1600


def loop(radius: float, gap: float) -> Stroke:
    """A stroke around (50, 50), with a free disc of radius `gap` in its middle."""
    return led([(x, y) for x, y in circle(50, 50, radius + gap, 73)] + [(50 + radius + gap, 50)], 5)


def test_a_stroke_around_something_leaves_a_hole_unless_it_is_a_speck() -> None:
    ((shell, holes),) = paint((), loop(5, 3))
    assert len(holes) == 1 and Part(shell, holes).area == pytest.approx(
        math.pi * (169 - 9), rel=0.1
    )
    ((_, holes),) = paint((), loop(5, 0.8))
    assert holes == ()


def test_small_holes_away_from_the_stroke_stay() -> None:
    hole = ring([(30, 30), (31, 30), (31, 31), (30, 31)])
    stroke = led([(50, 12), (55, 12)], 2)
    (part,) = paint((SQUARE, hole), stroke)
    (kept,) = thin(part, stroke).holes
    assert sorted(kept.tolist()) == sorted(hole.tolist())
    ((_, holes),) = paint((SQUARE, hole), led([(29, 28), (32, 28)], 2.2))
    assert holes == ()


def test_a_flat_hole_beside_the_stroke_stays() -> None:
    flat = ring([(30, 30), (31, 30), (30.5, 30.05)])
    (part,) = erase((SQUARE, flat), stroke := led([(30.5, 38.13)], 8))
    assert len(thin(part, stroke).holes[0]) == 3


def test_erasing_across_gives_pieces_the_largest_first() -> None:
    pieces = erase((SQUARE,), led([(25, 0), (25, 100)], 2))
    assert [round(p.area) for p in pieces] == [23 * 40, 13 * 40]


def test_erasing_in_the_middle_makes_a_hole() -> None:
    ((_, holes),) = erase((SQUARE,), led([(30, 30)], 4))
    assert len(holes) == 1


def test_specks_that_erasing_leaves_are_gone() -> None:
    assert erase((SQUARE,), led([(30, 30)], 29)) == []  # four corners of 2 px² each
    small = ring([(10, 10), (11.5, 10), (11.5, 11.5), (10, 11.5)])
    (part,) = erase((small,), begin(90, 90, 3, 100, 100))
    assert part.area == 2.25


def wavy(x: float, y: float, radius: float, count: int) -> Ring:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    r = radius * (1 + 0.1 * np.sin(7 * angle))
    return ring(np.column_stack((x + r * np.cos(angle), y + r * np.sin(angle))))


def test_strokes_over_the_same_border_do_not_pile_up_vertices() -> None:
    """A hundred unsteady strokes, every other one erasing."""
    random = np.random.default_rng(0)
    part = Part(wavy(100, 100, 40, 60), ())
    for turn in range(100):
        angles = random.uniform(0, 6.28) + np.linspace(0, 0.8, 20)
        r = 40 + random.normal(0, 0.5, 20)
        way = np.column_stack((100 + r * np.cos(angles), 100 + r * np.sin(angles)))
        stroke = led([(x, y) for x, y in way.tolist()], 8, 200)
        part = thin((erase if turn % 2 else paint)(part.rings, stroke)[0], stroke)
        assert_clean(part)
    outline = sum(shapely.LinearRing(points).length for points in part.rings)
    assert sum(map(len, part.rings)) < outline  # less than one for each px


def test_a_long_stroke_has_few_vertices_and_leaves_the_far_side_alone() -> None:
    """6,000 px with a radius of 200, by a mouse that tells whole px."""
    random = np.random.default_rng(0)
    heading = np.cumsum(random.normal(0, 0.02, 1200))
    steps = np.column_stack((np.cos(heading), np.sin(heading))) * 5
    way = np.clip(np.round(np.cumsum(steps, axis=0)) + 4000, 0, 8000)
    stroke = led([(x, y) for x, y in way.tolist()], 200, 8000)
    shell = wavy(*way[0], 500, 1000)
    (part,) = paint((shell,), stroke)
    thinned = thin(part, stroke)
    polygon = assert_clean(thinned)
    assert sum(map(len, thinned.rings)) < 3000
    assert polygon.area == pytest.approx(part.area, rel=1e-3)
    far = shapely.distance(stroke.covered, shapely.points(shell)) > 1
    kept = {tuple(point) for point in thinned.shell.tolist()}
    assert far.sum() > 300 and set(map(tuple, shell[far].tolist())) <= kept
