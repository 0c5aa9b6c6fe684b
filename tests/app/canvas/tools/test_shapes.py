import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.tools.base import Sketch
from app.canvas.tools.shapes import ELLIPSE, RECTANGLE, DrawShape, Shape, ellipse
from core.annotation.geometry import is_valid
from core.annotation.region import Region
from tests.app.canvas.tools.fake_host import FakeHost, Mouse

SHAPES = (ELLIPSE, RECTANGLE)


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def mouse(host: FakeHost) -> Mouse:
    return Mouse(DrawShape(host, RECTANGLE))


def drawn(host: FakeHost) -> Region:
    ((_, (region,)),) = host.commits
    return region


@given(st.floats(1, 800), st.floats(1, 800))
def test_an_ellipse_is_as_exact_as_asked(width: float, height: float) -> None:
    shell = ellipse((10, 20, 10 + width, 20 + height))
    area = Region(0, shell).area
    assert area == pytest.approx(math.pi / 4 * width * height, rel=1e-9)
    unit = (shell - (10 + width / 2, 20 + height / 2)) / (width / 2, height / 2)
    out = np.hypot(*unit.T) - 1
    into = 1 - np.hypot(*((unit + np.roll(unit, 1, axis=0)) / 2).T)
    largest = max(width, height) / 2
    assert (out * largest).max() <= 0.11 and (into * largest).max() <= 0.11
    x0, y0, x1, y1 = Region(0, shell).bounds
    assert x0 >= 10 and y0 >= 20 and x1 <= 10 + width and y1 <= 20 + height
    assert len(shell) <= max(12, 7 * math.sqrt(largest) + 4)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_drag_draws_from_corner_to_corner(host: FakeHost, shape: Shape) -> None:
    Mouse(DrawShape(host, shape)).drag((70, 60), (50, 50), (30, 20))
    ((name, (region,)),) = host.commits
    assert name == f"Draw {shape.name}"
    assert region.bounds == pytest.approx((30, 20, 70, 60), abs=0.1)
    assert region.class_id == host.active_class and region.origin.kind == "human"
    assert is_valid(region) and host.selected == {region.id} and host.sketch == Sketch()


def test_the_region_and_its_size_are_shown_while_dragging(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(10, 10)
    mouse.move(40.4, 29.7)
    (region,) = host.sketch.regions
    assert region.id == 0 and region.bounds == (10, 10, 40.4, 29.7)
    assert host.sketch.note == (40.4, 29.7, "30 × 20 px")
    mouse.release(40.4, 29.7)
    assert drawn(host).bounds == region.bounds


@pytest.mark.parametrize(
    "to, held, bounds",
    [
        ((50, 45), {"shift": True}, (30, 40, 50, 60)),
        ((20, 35), {"shift": True}, (20, 30, 30, 40)),
        ((50, 45), {"alt": True}, (10, 35, 50, 45)),
        ((25, 60), {"alt": True, "shift": True}, (10, 20, 50, 60)),
        ((-99, 45), {}, (0, 40, 30, 45)),
        ((99, 200), {"shift": True}, (30, 40, 70, 80)),
        ((-99, 50), {"shift": True}, (0, 40, 30, 70)),
        ((90, 50), {"alt": True}, (0, 30, 60, 50)),
        ((90, 50), {"alt": True, "shift": True}, (0, 10, 60, 70)),
    ],
)
def test_shift_and_alt_within_the_image(
    host: FakeHost,
    to: tuple[float, float],
    held: dict[str, bool],
    bounds: tuple[float, float, float, float],
) -> None:
    tool = DrawShape(host, RECTANGLE)
    mouse = Mouse(tool)
    mouse.press(30, 40, **held)
    tool.move(mouse.at(*to, "none", **held))
    mouse.release(*to, **held)
    assert drawn(host).bounds == pytest.approx(bounds)


def test_what_is_held_in_the_end_counts(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(10, 10, shift=True)
    mouse.move(40, 20)
    mouse.release(40, 20)
    assert drawn(host).bounds == (10, 10, 40, 20)


@pytest.mark.parametrize("way", [[(30, 30)], [(30, 30), (30.5, 30.5)], [(30, 30), (60, 30)]])
@pytest.mark.parametrize("shape", SHAPES)
def test_too_small_a_drag_changes_nothing_and_says_so(
    host: FakeHost, shape: Shape, way: list[tuple[float, float]]
) -> None:
    Mouse(DrawShape(host, shape)).drag(*way)
    assert host.commits == [] and host.sketch == Sketch()
    assert len(host.said) == 1 and shape.name in host.said[0]


def test_escape_drops_the_drag(host: FakeHost) -> None:
    tool = DrawShape(host, ELLIPSE)
    mouse = Mouse(tool)
    assert not tool.key("Escape")
    mouse.press(10, 10)
    mouse.move(40, 40)
    assert tool.key("Escape")
    mouse.release(40, 40)
    assert host.commits == [] and host.said == [] and host.sketch == Sketch()


def test_other_buttons_draw_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((10, 10), (40, 40))
    host.commits.clear()
    mouse.press(10, 10, "right")
    mouse.move(40, 40)
    mouse.release(40, 40, "right")
    assert host.commits == [] and host.sketch == Sketch()


def test_random_drags_store_what_is_valid_and_inside(host: FakeHost) -> None:
    random = np.random.default_rng(0)
    for turn in range(500):
        held = {"shift": bool(turn & 1), "alt": bool(turn & 2)}
        a, b = ((x, y) for x, y in random.uniform(-20, 120, (2, 2)).tolist())
        Mouse(DrawShape(host, SHAPES[turn % 3 % 2])).drag(a, b, **held)
    assert len(host.commits) > 300
    for region in host.regions.values():
        x0, y0, x1, y1 = region.bounds
        assert is_valid(region) and x0 >= 0 and y0 >= 0 and x1 <= 100 and y1 <= 80
