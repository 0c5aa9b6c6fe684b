import math
from dataclasses import replace

import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.measure import Measure, described
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def tool(host: FakeHost) -> Measure:
    return Measure(host)


@pytest.fixture
def mouse(tool: Measure) -> Mouse:
    return Mouse(tool)


def test_a_drag_shows_length_and_angle_and_stays(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((10, 50), (20, 50), (40, 10))
    shown = host.sketch
    assert shown.line == shown.handles == ((10, 50), (40, 10))
    assert shown.note == (40, 10, "50.0 px · 53°")
    mouse.move(70, 70)
    assert host.sketch is shown and host.commits == []


def test_micrometres_when_the_pixel_size_is_known(host: FakeHost, mouse: Mouse) -> None:
    host.image = replace(host.image, pixel_size_um=0.37)
    mouse.drag((10, 20), (60, 20))
    assert host.sketch.note == (60, 20, "50.0 px · 18.5 µm · 0°")


@pytest.mark.parametrize(
    ("x", "y", "angle"),
    [(5, 0, 0), (5, -5, 45), (0, -5, 90), (-5, -5, 135), (-5, 0, 0), (-5, 5, 45), (5, 0.001, 0)],
)
def test_angles_are_those_of_a_line_counterclockwise(x: float, y: float, angle: int) -> None:
    assert described((1, 1), (1 + x, 1 + y), None).endswith(f"px · {angle}°")


@pytest.mark.parametrize("turn", range(0, 360, 17))
def test_shift_leaves_multiples_of_45_degrees(
    host: FakeHost, tool: Measure, mouse: Mouse, turn: int
) -> None:
    x, y = 50 + 30 * math.cos(math.radians(turn)), 40 + 30 * math.sin(math.radians(turn))
    mouse.press(50, 40)
    tool.move(mouse.at(x, y, "none", shift=True))
    bx, by = host.sketch.line[1]
    steps = math.degrees(math.atan2(by - 40, bx - 50)) / 45
    assert steps == pytest.approx(round(steps), abs=1e-9)
    assert math.hypot(bx - x, by - y) <= 30 * math.sin(math.radians(22.5)) + 1e-9


def test_the_ends_stay_in_the_image_and_the_direction_with_shift(
    host: FakeHost, tool: Measure, mouse: Mouse
) -> None:
    mouse.drag((-10, 40), (500, 40))
    assert host.sketch.line == ((0, 40), (100, 40))
    mouse.press(50, 40)
    tool.move(mouse.at(500, 480, "none", shift=True))
    assert host.sketch.line[1] == pytest.approx((90, 80))
    mouse.release(500, 480, shift=True)
    assert host.sketch.line[1] == pytest.approx((90, 80))


def test_a_click_clears_and_measures_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((10, 10), (40, 40))
    mouse.click(60, 60)
    assert host.sketch == Sketch()
    mouse.drag((60, 60), (60.6, 60.6))
    assert host.sketch == Sketch()


def test_escape_clears(host: FakeHost, tool: Measure, mouse: Mouse) -> None:
    mouse.drag((10, 10), (40, 40))
    assert tool.key("Escape") and host.sketch == Sketch()
    assert not tool.key("Escape")
    mouse.press(10, 10)
    mouse.move(40, 40)
    assert tool.key("Escape")
    mouse.move(50, 50)
    mouse.release(50, 50)
    assert host.sketch == Sketch()


def test_other_buttons_do_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((10, 10), (40, 40))
    shown = host.sketch
    mouse.click(60, 60, "right")
    assert host.sketch is shown
