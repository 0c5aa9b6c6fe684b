import numpy as np
import pytest
import shapely

from app.canvas.tools.base import Sketch
from app.canvas.tools.livewire import LiveWire
from app.canvas.tools.looking import BY_IMAGE, BY_MAP, Looking
from core.image.model import Image
from tests.app.canvas.tools.fake_host import FakeHost, Mouse
from tests.core.annotation.scenes import disc_map

X, Y, RADIUS = 50.0, 40.0, 25.0
DISC = shapely.Point(X, Y).buffer(RADIUS, quad_segs=64)
PIXELS = (disc_map(X, Y, RADIUS, 80, 100)[..., None] * 200).astype(np.uint8)


@pytest.fixture
def host() -> FakeHost:
    return FakeHost(image=Image(PIXELS))


@pytest.fixture
def tool(host: FakeHost) -> LiveWire:
    return LiveWire(host, Looking())


@pytest.fixture
def mouse(tool: LiveWire) -> Mouse:
    return Mouse(tool)


def on_disc(degrees: float, radius: float = RADIUS) -> tuple[float, float]:
    turn = np.radians(degrees)
    return float(X + radius * np.cos(turn)), float(Y + radius * np.sin(turn))


def draw(mouse: Mouse, *degrees: float) -> None:
    for turn in degrees:
        mouse.click(*on_disc(turn))


def iou_with_disc(host: FakeHost) -> float:
    ((name, (region,)),) = host.commits
    assert name == "Draw object" and region.class_id == host.active_class
    assert region.origin.kind == "human" and not region.edited and host.sketch == Sketch()
    polygon = shapely.Polygon(region.shell, region.holes)
    return float((polygon & DISC).area / (polygon | DISC).area)


def test_three_clicks_outline_a_disc(host: FakeHost, mouse: Mouse) -> None:
    draw(mouse, 0, 120, 240)
    mouse.click(*on_disc(2))
    assert iou_with_disc(host) > 0.95


def test_return_closes(host: FakeHost, tool: LiveWire, mouse: Mouse) -> None:
    draw(mouse, 0, 90, 180, 270)
    assert tool.key("Return")
    assert iou_with_disc(host) > 0.95


def test_a_double_click_sets_the_last_point_and_closes(host: FakeHost, mouse: Mouse) -> None:
    draw(mouse, 0, 120)
    mouse.double_click(*on_disc(240))
    assert iou_with_disc(host) > 0.95


def test_the_wire_follows_the_edge_to_the_pointer(host: FakeHost, mouse: Mouse) -> None:
    draw(mouse, 0)
    mouse.move(*on_disc(100))
    assert host.sketch.line[-1] == pytest.approx(on_disc(100))
    assert host.sketch.handles == (on_disc(0),)
    distances = shapely.distance(DISC.exterior, shapely.points(np.array(host.sketch.line)))
    assert len(host.sketch.line) > 5 and distances.max() < 1
    draw(mouse, 100)
    fixed = host.sketch.line
    mouse.move(*on_disc(200))
    assert host.sketch.line[: len(fixed) - 1] == fixed[:-1]
    mouse.move(*on_disc(1))
    assert host.sketch.hot is None
    draw(mouse, 200)
    mouse.move(*on_disc(1))
    assert host.sketch.hot == on_disc(0) == host.sketch.line[-1]


def test_the_probability_goes_before_the_image(host: FakeHost, mouse: Mouse) -> None:
    host.image = Image(np.zeros((80, 100, 1), np.uint8))
    host.probability = disc_map(X, Y, RADIUS, 80, 100)
    draw(mouse, 0, 120, 240)
    mouse.click(*on_disc(0))
    assert iou_with_disc(host) > 0.95


def test_q_goes_by_the_image_though_there_is_a_map(
    host: FakeHost, tool: LiveWire, mouse: Mouse
) -> None:
    """From the last point on: what is fixed stays."""
    host.probability = disc_map(X, Y, RADIUS - 8, 80, 100)
    seed, end = on_disc(0, RADIUS - 8), on_disc(90, RADIUS - 8)
    mouse.click(*seed)
    mouse.move(*end)
    by_map = host.sketch.line
    assert tool.key("Q") and host.said == [BY_IMAGE]
    reached = np.hypot(*(np.array(host.sketch.line) - (X, Y)).T)
    assert reached.max() > RADIUS - 1.5 and host.sketch.line[0] == seed
    assert tool.key("Q") and host.said[-1] == BY_MAP and host.sketch.line == by_map


def test_points_beside_the_edge_leave_no_loops(host: FakeHost, mouse: Mouse) -> None:
    for turn in (0, 100, 200, 300):
        mouse.click(*on_disc(turn, RADIUS + 5))
    mouse.click(*on_disc(0, RADIUS + 5))
    assert iou_with_disc(host) > 0.9


def test_backspace_takes_the_last_piece_back(host: FakeHost, tool: LiveWire, mouse: Mouse) -> None:
    draw(mouse, 0, 120)
    before = host.sketch
    draw(mouse, 170)
    assert tool.key("Backspace")
    mouse.move(*on_disc(120))
    assert host.sketch.handles == before.handles
    assert np.allclose(host.sketch.line[: len(before.line) - 1], before.line[:-1])
    assert tool.key("Backspace") and tool.key("Backspace")
    assert host.sketch == Sketch() and not tool.key("Backspace")


def test_too_few_points_are_refused(host: FakeHost, tool: LiveWire, mouse: Mouse) -> None:
    draw(mouse, 0, 90)
    assert tool.key("Return")
    assert host.commits == [] and "three points" in host.said[0] and len(host.sketch.handles) == 2


def test_there_and_back_on_one_path_encloses_nothing(
    host: FakeHost, tool: LiveWire, mouse: Mouse
) -> None:
    draw(mouse, 0, 20, 40)
    assert tool.key("Return")
    assert host.commits == [] and "outline" in host.said[-1] and len(host.sketch.handles) == 3


def test_crossing_lines_are_shown_red(host: FakeHost, mouse: Mouse) -> None:
    """Where nothing is to be followed the line is straight."""
    host.image = Image(np.zeros((80, 100, 1), np.uint8))
    for corner in ((10.5, 10.5), (50.5, 50.5), (50.5, 10.5)):
        mouse.click(*corner)
    assert host.sketch.bad == ()
    mouse.move(8.5, 44.5)
    assert len(host.sketch.bad) >= 2
    x, y = np.mean(np.reshape(host.sketch.bad, (-1, 2, 2)), axis=(0, 1))
    assert abs(x - y) < 12  # beside the first line
    mouse.move(90.5, 30.5)
    assert host.sketch.bad == ()


def test_a_refused_outline_stays_on_the_screen(
    host: FakeHost, tool: LiveWire, mouse: Mouse
) -> None:
    host.refuses = True
    draw(mouse, 0, 120, 240)
    assert tool.key("Return")
    assert len(host.sketch.handles) == 3


def test_escape_drops_all(host: FakeHost, tool: LiveWire, mouse: Mouse) -> None:
    draw(mouse, 0, 120, 240)
    assert tool.key("Escape") and host.sketch == Sketch()
    assert not tool.key("Escape") and not tool.key("Return")
    mouse.move(3, 3)
    assert host.sketch == Sketch() and host.commits == []


def test_the_outline_stays_in_the_image(host: FakeHost, tool: LiveWire, mouse: Mouse) -> None:
    for corner in ((-20, -20), (130, -20), (130, 100), (-20, 100)):
        mouse.click(*corner)
    assert tool.key("Return")
    ((_, (region,)),) = host.commits
    x0, y0, x1, y1 = region.bounds
    assert (x0, y0, x1, y1) == (0, 0, 100, 80)


def test_other_buttons_and_double_points_do_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(10, 10, "right")
    assert host.sketch == Sketch()
    mouse.click(10, 10)
    mouse.click(10, 10)
    assert host.sketch.handles == ((10, 10),)


def test_beyond_the_window_a_new_one_and_far_beyond_a_straight_line() -> None:
    def edge(x: np.ndarray | float) -> np.ndarray:
        return 30 + 15 * np.sin(np.asarray(x) / 30)

    below = np.arange(60)[:, None] + 0.5 > edge(np.arange(900) + 0.5)
    host = FakeHost(image=Image(below[..., None] * np.uint8(200)), image_size=(900, 60))
    mouse = Mouse(LiveWire(host, Looking()))
    seed, near = (100.0, float(edge(100))), (350.0, float(edge(350)))
    mouse.click(*seed)
    mouse.move(*near)
    line = np.array(host.sketch.line)
    assert len(line) > 20 and np.abs(line[:, 1] - edge(line[:, 0])).max() < 1.5
    mouse.move(880, 5)
    assert host.sketch.line == (seed, (880, 5))
    mouse.move(110, float(edge(110)))
    assert np.abs(np.array(host.sketch.line)[:, 1] - edge(105)).max() < 5


def test_random_clicks_commit_only_valid_regions(host: FakeHost, tool: LiveWire) -> None:
    random = np.random.default_rng(1)
    mouse = Mouse(tool)
    for _ in range(40):
        for point in random.uniform(-5, 105, (int(random.integers(1, 6)), 2)):
            mouse.click(*point)
        tool.key(str(random.choice(["Return", "Backspace", "Escape", "Return"])))
        if random.random() < 0.3:
            tool.cancel()
    assert len(host.commits) > 5  # the host refuses, and so counts, only valid ones
