import numpy as np
import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.hole import Hole
from core.annotation.geometry import is_valid
from core.annotation.region import ring_area
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    regions = [square(1, 10, 10, 60, hole=True), square(2, 45, 45, 3)]
    return FakeHost({r.id: r for r in regions}, selected=frozenset((1,)))


@pytest.fixture
def tool(host: FakeHost) -> Hole:
    return Hole(host)


@pytest.fixture
def mouse(tool: Hole) -> Mouse:
    return Mouse(tool)


def loop(x: float, y: float, radius: float, points: int = 60) -> list[tuple[float, float]]:
    angle = np.linspace(0, 2 * np.pi, points)
    return list(zip(x + radius * np.cos(angle), y + radius * np.sin(angle), strict=True))


def names(host: FakeHost) -> list[str]:
    return [name for name, _ in host.commits]


def test_a_loop_within_a_region_is_a_hole(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1]
    mouse.drag(*loop(20, 60, 6))
    after = host.regions[1]
    assert names(host) == ["Add hole"] and after.uid == before.uid
    assert after.holes[0] is before.holes[0] and len(after.holes) == 2
    assert ring_area(after.holes[1]) == pytest.approx(np.pi * 36, rel=0.02)
    assert host.sketch == Sketch()


def test_the_hole_is_shown_while_it_is_drawn(host: FakeHost, mouse: Mouse) -> None:
    points = loop(20, 60, 6)
    mouse.press(*points[0])
    for point in points[1:40]:
        mouse.move(*point)
    shown = host.sketch
    assert shown.line[0] == points[0] and shown.dashed == (points[39], points[0])
    assert [(r.id, len(r.holes)) for r in shown.regions] == [(1, 2)] and shown.bad == ()
    for point in points[40:]:
        mouse.move(*point)
    shown = host.sketch.regions[0]
    mouse.release(*points[-1])
    assert host.regions[1].area == shown.area


def test_a_loop_over_the_border_is_shown_red_and_refused(host: FakeHost, mouse: Mouse) -> None:
    before, points = host.regions[1], loop(12, 60, 6)
    mouse.press(*points[0])
    for point in points[1:]:
        mouse.move(*point)
    assert host.sketch.bad and host.sketch.regions == ()
    assert all(min(x0, x1) <= 10 for x0, _, x1, _ in host.sketch.bad)
    mouse.release(*points[-1])
    assert host.regions[1] is before and "within the object" in host.said[0]


def test_a_loop_that_overlaps_a_hole_makes_it_larger(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*loop(30, 40, 6))
    assert len(host.regions[1].holes) == 1
    assert ring_area(host.regions[1].holes[0]) == pytest.approx(400 + 18 * np.pi, rel=0.02)
    mouse.drag((35, 49), (35, 53), (45, 53), (45, 49), (36, 49))
    assert len(host.regions[1].holes) == 1 and names(host) == ["Add hole"] * 2
    assert ring_area(host.regions[1].holes[0]) == pytest.approx(430 + 18 * np.pi, rel=0.05)


def test_a_click_in_a_hole_fills_it(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(35, 35)
    assert host.regions[1].holes == () and names(host) == ["Fill hole"]


def test_hover_says_that_a_click_fills(host: FakeHost, mouse: Mouse) -> None:
    mouse.move(35, 35)
    assert host.sketch.note == (35, 35, "Click fills the hole") and host.hovered == 1
    assert host.sketch.line == ((30, 30), (50, 30), (50, 50), (30, 50), (30, 30))
    mouse.move(20, 20)
    assert host.sketch == Sketch() and host.hovered == 1
    mouse.move(5, 5)
    assert host.hovered == 0


def test_a_region_within_a_hole_is_not_the_hole(host: FakeHost, mouse: Mouse) -> None:
    mouse.move(46, 46)
    assert host.sketch == Sketch() and host.hovered == 2
    mouse.click(46, 46)
    assert host.commits == [] and "Drag" in host.said[0]


def test_a_hole_over_a_larger_region_is_the_hole(host: FakeHost, mouse: Mouse) -> None:
    host.regions[3] = square(3, 0, 0, 80)
    mouse.click(35, 35)
    assert names(host) == ["Fill hole"] and host.regions[1].holes == ()


def test_the_smallest_of_nested_holes_is_meant(host: FakeHost, mouse: Mouse) -> None:
    host.regions[4] = square(4, 32, 32, 12, hole=True)
    mouse.click(38, 38)
    assert host.regions[4].holes == () and len(host.regions[1].holes) == 1


def test_clicks_and_short_drags_in_a_region_change_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(20, 20)
    mouse.drag((20, 20), (20.9, 20), (20.5, 20.5))
    assert host.commits == [] and len(host.said) == 2


def test_outside_of_regions(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((2, 2), (4, 2), (4, 5))
    assert host.commits == [] and "within an object" in host.said[0]


def test_locked_regions_refuse_both(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = square(1, 10, 10, 60, hole=True, locked=True)
    mouse.move(35, 35)
    assert host.sketch.note is None
    mouse.click(35, 35)
    mouse.drag(*loop(20, 60, 6))
    assert host.commits == [] and all("locked" in sentence for sentence in host.said)
    assert len(host.said) == 2


def test_escape_and_other_buttons(host: FakeHost, tool: Hole, mouse: Mouse) -> None:
    points = loop(20, 60, 6)
    mouse.press(*points[0])
    mouse.move(*points[20])
    assert tool.key("Escape") and not tool.key("Escape")
    mouse.release(*points[20])
    mouse.click(35, 35, "right")
    assert host.commits == [] and len(host.regions[1].holes) == 1


def test_a_region_that_changed_meanwhile_is_not_overwritten(host: FakeHost, mouse: Mouse) -> None:
    points = loop(20, 60, 6)
    mouse.press(*points[0])
    for point in points[1:]:
        mouse.move(*point)
    host.regions[1] = square(1, 10, 10, 60)
    mouse.release(*points[-1])
    assert host.commits == [] and "changed" in host.said[0]


def test_random_loops_leave_valid_regions(host: FakeHost, mouse: Mouse) -> None:
    random = np.random.default_rng(0)
    for _ in range(150):
        x, y = random.uniform(5, 75, 2)
        if random.random() < 0.2:
            mouse.click(x, y)
        else:
            rough = np.array(loop(x, y, random.uniform(0.5, 12), 20)) + random.normal(0, 1, (20, 2))
            mouse.drag(*map(tuple, rough))
        assert all(map(is_valid, host.regions.values()))
    assert {"Add hole", "Fill hole"} == set(names(host)) and len(host.commits) > 30


def test_hidden_holes_are_not_filled(host: FakeHost, mouse: Mouse) -> None:
    host.regions_within = lambda x0, y0, x1, y1: frozenset()  # type: ignore[method-assign]
    mouse.move(35, 35)
    assert host.sketch == Sketch()
