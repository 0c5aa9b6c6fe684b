import numpy as np
import pytest
import shapely

from app.canvas.tools.base import Point, Sketch
from app.canvas.tools.freehand import LOOPS, DrawFreehand
from core.annotation.geometry import is_valid
from core.annotation.region import Region
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def tool(host: FakeHost) -> DrawFreehand:
    return DrawFreehand(host)


@pytest.fixture
def mouse(tool: DrawFreehand) -> Mouse:
    return Mouse(tool)


def around(
    x: float, y: float, radius: float, *, part: float = 1.0, scale: float = 4.0
) -> list[Point]:
    """A way around a circle as a mouse tells it, in whole screen px."""
    angle = np.linspace(0, 2 * np.pi * part, 120, endpoint=False)
    way = np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))
    return [(a, b) for a, b in (np.round(way * scale) / scale).tolist()]


def drawn(host: FakeHost) -> Region:
    ((name, (region,)),) = host.commits
    assert name == "Draw object"
    return region


@pytest.mark.parametrize("scale", [0.5, 1.0, 4.0, 16.0])
def test_an_outline_has_few_vertices_and_no_wobble(scale: float) -> None:
    host = FakeHost(image_size=(1000, 800))
    radius = 60 / scale
    Mouse(DrawFreehand(host), scale).drag(*around(300, 300, radius, scale=scale))
    region = drawn(host)
    assert region.area == pytest.approx(np.pi * radius**2, rel=0.01)
    assert 12 <= len(region.shell) <= 40
    assert np.abs(np.hypot(*(region.shell - 300).T) - radius).max() * scale < 1
    edges = np.diff(np.vstack((region.shell, region.shell[:2])), axis=0)
    turns = edges[:-1, 0] * edges[1:, 1] - edges[:-1, 1] * edges[1:, 0]
    assert (turns > 0).all()  # a circle never turns the other way


def test_the_region_is_new_and_drawn_by_a_person(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*around(50, 40, 20))
    region = drawn(host)
    assert region.class_id == host.active_class and region.origin.kind == "human"
    assert region.confidence is None and is_valid(region)
    assert host.selected == {region.id} and host.sketch == Sketch()


def test_the_line_follows_and_the_closing_line_is_dashed(host: FakeHost, mouse: Mouse) -> None:
    way = around(50, 40, 20, part=0.7)
    mouse.press(*way[0])
    for point in way[1:]:
        mouse.move(*point)
    assert host.sketch.line[0] == way[0] and host.sketch.line[-1] == way[-1]
    assert host.sketch.dashed == (way[-1], way[0])
    mouse.release(*way[-1])
    closed = shapely.Polygon(way)
    assert drawn(host).area == pytest.approx(closed.area, rel=0.01)


@pytest.mark.parametrize("way", [[(50, 40)], [(50, 40), (50.5, 40.5)], [(20, 20), (60, 60)]])
def test_too_short_an_outline_changes_nothing_and_says_so(
    host: FakeHost, mouse: Mouse, way: list[Point]
) -> None:
    mouse.drag(*way)
    assert host.commits == [] and host.sketch == Sketch()
    assert len(host.said) == 1 and "too short" in host.said[0]


def test_outlines_stay_in_the_image(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*around(0, 40, 30))
    x0, y0, x1, y1 = drawn(host).bounds
    assert 0 <= x0 < 0.1 and x1 == pytest.approx(30, abs=0.5) and y0 >= 0 and y1 <= 80
    assert drawn(host).area == pytest.approx(np.pi * 450, rel=0.01)


def test_crossings_are_red_and_the_largest_loop_is_kept(host: FakeHost, mouse: Mouse) -> None:
    eight = [(20.0, 20.0), (60.0, 60.0), (60.0, 20.0), (20.0, 60.0)]
    mouse.press(*eight[0])
    for point in eight[1:3]:
        mouse.move(*point)
    assert host.sketch.bad == ()
    mouse.move(*eight[3])
    assert sorted(host.sketch.bad) == [(20, 20, 60, 60), (60, 20, 20, 60)]
    mouse.move(10, 50)
    assert len(host.sketch.bad) == 2  # what is drawn stays drawn
    mouse.release(10, 50)
    region = drawn(host)
    loops = shapely.Polygon([*eight, (10, 50)]).buffer(0)
    assert is_valid(region) and region.area == pytest.approx(loops.area, rel=0.15)
    assert host.sketch == Sketch() and "largest loop" in host.said[-1]


def test_tails_that_cross_at_the_start_are_left_out(host: FakeHost, mouse: Mouse) -> None:
    round_again = around(50, 40, 20)[:0:-1]
    mouse.drag((73, 46), (71, 42), *round_again, (71, 38), (73, 34))
    assert drawn(host).area == pytest.approx(np.pi * 400, rel=0.02)
    assert drawn(host).bounds[2] < 71 and drawn(host).holes == () and not drawn(host).edited
    assert host.said == [LOOPS]


def test_a_line_there_and_back_encloses_nothing_and_says_so(host: FakeHost, mouse: Mouse) -> None:
    way = [(20.0, 20.0), (60.0, 20.0), (60.0, 50.0)]
    mouse.drag(*way, *way[::-1])
    assert host.commits == [] or host.regions[1].area < 1
    assert host.said and host.sketch == Sketch()


def test_escape_drops_the_line(host: FakeHost, tool: DrawFreehand, mouse: Mouse) -> None:
    assert not tool.key("Escape")
    way = around(50, 40, 20)
    mouse.press(*way[0])
    for point in way[1:]:
        mouse.move(*point)
    assert tool.key("Escape")
    mouse.release(*way[-1])
    assert host.commits == [] and host.said == [] and host.sketch == Sketch()


def test_other_buttons_draw_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(20, 20, "right")
    mouse.move(60, 60)
    assert host.sketch == Sketch()
    way = around(50, 40, 20)
    mouse.press(*way[0])
    for point in way[1:]:
        mouse.move(*point)
    mouse.release(*way[-1], "right")
    assert host.commits == [] and host.sketch.line
    mouse.release(*way[-1])
    assert len(host.commits) == 1


def test_random_lines_raise_nothing_and_store_what_is_valid(host: FakeHost, mouse: Mouse) -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        count = int(random.integers(1, 12))
        way = random.uniform(-10, 110, (count, 2)) * random.choice([0.02, 0.3, 1.0])
        mouse.drag(*[(x, y) for x, y in way.tolist()])
    assert len(host.commits) > 20
    for region in host.regions.values():
        x0, y0, x1, y1 = region.bounds
        assert is_valid(region) and x0 >= 0 and y0 >= 0 and x1 <= 100 and y1 <= 80
