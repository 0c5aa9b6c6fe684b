import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.polygon import DrawPolygon
from tests.app.canvas.tools.fake_host import FakeHost, Mouse

TRIANGLE = [(10.0, 10.0), (50.0, 10.0), (30.0, 40.0)]


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def tool(host: FakeHost) -> DrawPolygon:
    return DrawPolygon(host)


@pytest.fixture
def mouse(tool: DrawPolygon) -> Mouse:
    return Mouse(tool)


def draw(mouse: Mouse, corners: list[tuple[float, float]] = TRIANGLE) -> None:
    for corner in corners:
        mouse.click(*corner)


def assert_drawn(host: FakeHost, corners: list[tuple[float, float]] = TRIANGLE) -> None:
    ((name, (region,)),) = host.commits
    assert name == "Draw object"
    assert [tuple(c) for c in region.shell.tolist()] == corners
    assert region.class_id == host.active_class and region.origin.kind == "human"
    assert region.confidence is None
    assert host.sketch == Sketch()


def test_a_click_near_the_first_corner_closes(host: FakeHost, mouse: Mouse) -> None:
    draw(mouse)
    mouse.click(11, 11)
    assert_drawn(host)


def test_return_closes(host: FakeHost, tool: DrawPolygon, mouse: Mouse) -> None:
    draw(mouse)
    assert tool.key("Return")
    assert_drawn(host)


def test_a_double_click_sets_the_last_corner_and_closes(host: FakeHost, mouse: Mouse) -> None:
    draw(mouse, TRIANGLE[:2])
    mouse.double_click(*TRIANGLE[2])
    assert_drawn(host)


def test_the_line_follows_the_pointer_and_snaps_to_the_first_corner(
    host: FakeHost, mouse: Mouse
) -> None:
    draw(mouse)
    mouse.move(60, 60)
    assert host.sketch.line == (*TRIANGLE, (60, 60))
    assert host.sketch.handles == tuple(TRIANGLE) and host.sketch.hot is None
    mouse.move(11, 10)
    assert host.sketch.line[-1] == host.sketch.hot == TRIANGLE[0]


def test_backspace_takes_the_last_corner_back(
    host: FakeHost, tool: DrawPolygon, mouse: Mouse
) -> None:
    draw(mouse, [*TRIANGLE[:2], (70, 70), TRIANGLE[2]])
    assert tool.key("Backspace") and tool.key("Backspace")
    mouse.click(*TRIANGLE[2])
    tool.key("Enter")
    assert_drawn(host)


def test_backspace_down_to_nothing(host: FakeHost, tool: DrawPolygon, mouse: Mouse) -> None:
    draw(mouse, TRIANGLE[:1])
    assert tool.key("Backspace")
    assert host.sketch == Sketch()
    assert not tool.key("Backspace")


def test_escape_drops_all(host: FakeHost, tool: DrawPolygon, mouse: Mouse) -> None:
    draw(mouse)
    assert tool.key("Escape")
    assert host.sketch == Sketch() and host.commits == []
    assert not tool.key("Escape") and not tool.key("Return")


def test_two_corners_are_no_region(host: FakeHost, tool: DrawPolygon, mouse: Mouse) -> None:
    draw(mouse, TRIANGLE[:2])
    assert tool.key("Return")
    assert host.commits == [] and "three points" in host.said[0]
    mouse.click(*TRIANGLE[2])
    tool.key("Return")
    assert_drawn(host)


def test_corners_are_in_the_image_and_not_repeated(
    host: FakeHost, tool: DrawPolygon, mouse: Mouse
) -> None:
    draw(mouse, [(-20, -3), (-9, -7), (500, 20), (50, 500)])
    tool.key("Return")
    assert_drawn(host, [(0, 0), (100, 20), (50, 80)])


def test_crossing_lines_are_shown_red(host: FakeHost, mouse: Mouse) -> None:
    draw(mouse, [(10, 10), (50, 50), (50, 10)])
    mouse.move(10, 49)
    assert sorted(host.sketch.bad) == [(10, 10, 50, 50), (50, 10, 10, 49)]
    mouse.move(70, 20)
    assert host.sketch.bad == ()


def test_a_refused_outline_stays_to_be_corrected(
    host: FakeHost, tool: DrawPolygon, mouse: Mouse
) -> None:
    host.refuses = True
    draw(mouse)
    tool.key("Return")
    assert host.sketch.handles == tuple(TRIANGLE)
    host.refuses = False
    tool.key("Return")
    assert_drawn(host)
