from itertools import pairwise

import numpy as np
import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.reshape import Reshape
from core.annotation.geometry import is_valid
from core.annotation.region import Region, ring
from tests.app.canvas.samples import blob, square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    regions = [square(1, 10, 10, 30, hole=True), square(2, 60, 10, 20)]
    return FakeHost({r.id: r for r in regions}, selected=frozenset((1,)))


@pytest.fixture
def tool(host: FakeHost) -> Reshape:
    return Reshape(host)


@pytest.fixture
def mouse(tool: Reshape) -> Mouse:
    return Mouse(tool)


def along(*points: tuple[float, float], step: float = 0.25) -> list[tuple[float, float]]:
    """What a mouse tells on its way: a point for each screen px."""
    way = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        count = max(round(np.hypot(x1 - x0, y1 - y0) / step), 1)
        way += [
            (x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(1, count + 1)
        ]
    return way


def names(host: FakeHost) -> list[str]:
    return [name for name, _ in host.commits]


BUMP = along((16, 10.5), (16, 4), (32, 4), (32, 9.5))


def test_a_bump_is_added(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1]
    mouse.drag(*BUMP)
    after = host.regions[1]
    assert names(host) == ["Reshape object"] and after.uid == before.uid
    assert after.area == pytest.approx(before.area + 16 * 6, rel=0.01)
    assert {(16, 10), (32, 10), (40, 10), (10, 10)} <= set(map(tuple, after.shell.tolist()))
    assert after.holes == before.holes and host.sketch == Sketch()


def test_what_is_drawn_inside_is_cut_off(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1].area
    mouse.drag(*along((30, 10), (40, 20)))
    assert host.regions[1].area == pytest.approx(before - 50, rel=0.01)


def test_both_ways_are_shown_and_f_takes_the_other(
    host: FakeHost, tool: Reshape, mouse: Mouse
) -> None:
    mouse.press(*BUMP[0])
    assert not tool.key("F")
    for point in BUMP[1:]:
        mouse.move(*point)
    shown = host.sketch
    assert [r.id for r in shown.regions] == [1] and shown.regions[0].area > 800
    assert shown.line[0] == BUMP[0] and shown.dashed == ((16, 10), (32, 10)) and shown.bad == ()
    assert tool.key("F")
    other = host.sketch
    assert other.regions[0].area == pytest.approx(96, rel=0.05)
    assert {(10, 40), (40, 40)} <= set(other.dashed)
    assert (tool.key("F") and host.sketch == shown) or host.sketch.dashed == shown.dashed
    assert tool.key("F")
    mouse.release(*BUMP[-1])
    assert host.regions[1].area == pytest.approx(96, rel=0.05)
    assert not tool.key("F")


def test_each_line_begins_without_the_flip(host: FakeHost, tool: Reshape, mouse: Mouse) -> None:
    mouse.press(*BUMP[0])
    mouse.move(*BUMP[40])
    tool.key("F")
    tool.key("Escape")
    mouse.drag(*BUMP)
    assert host.regions[1].area > 800


def test_a_press_beside_the_border_leaves_no_hook(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*along((16, 11.8), (16, 4), (32, 4), (32, 11.5)))
    after = host.regions[1]
    assert {(16, 10), (32, 10)} <= set(map(tuple, after.shell.tolist()))
    assert after.area == pytest.approx(800 + 96, rel=0.01) and len(after.shell) < 20


def test_a_line_that_ends_beyond_the_border_counts_up_to_it(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*along((16, 10), (16, 4), (32, 4), (32, 18)))
    assert host.regions[1].area == pytest.approx(800 + 96, rel=0.01)


def test_a_line_that_wavers_about_the_border_is_followed(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*along((14, 10), (17, 7), (22, 13), (28, 7), (33, 10)))
    assert len(host.commits) == 1 and is_valid(host.regions[1])
    y = host.regions[1].shell[:, 1]
    assert (y < 8).sum() >= 2 and ((y > 12) & (y < 14)).any()


def test_the_ring_of_a_hole(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1]
    mouse.drag(*along((22, 20), (22, 16), (28, 16), (28, 20)))
    after = host.regions[1]
    assert after.shell is before.shell and after.area == pytest.approx(before.area - 24, rel=0.01)


def test_a_line_that_does_not_come_back_is_refused(host: FakeHost, mouse: Mouse) -> None:
    points = along((16, 10), (16, 4), (32, 4))
    mouse.press(*points[0])
    for point in points[1:]:
        mouse.move(*point)
    assert host.sketch.regions == () and host.sketch.line
    mouse.release(*points[-1])
    assert host.commits == [] and "border" in host.said[0] and host.sketch == Sketch()


def test_a_line_that_crosses_itself_is_shown_red_and_refused(host: FakeHost, mouse: Mouse) -> None:
    points = along((16, 10), (30, 3), (16, 3), (32, 10))
    mouse.press(*points[0])
    for point in points[1:]:
        mouse.move(*point)
    assert host.sketch.bad and [r.id for r in host.sketch.regions] == [1]
    mouse.release(*points[-1])
    assert host.commits == [] and "cross" in host.said[0]


def test_lines_stay_in_the_image(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*along((10, 16), (-20, 16), (-20, 30), (10, 30)))
    assert host.regions[1].bounds[0] == 0 and len(host.commits) == 1


def test_an_unselected_region_at_the_pointer_is_taken(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag(*along((62, 8.8), (62, 4), (75, 4), (75, 10)))
    assert [r.id for _, regions in host.commits for r in regions] == [2]
    assert host.selected == {2} and host.regions[2].area > 450


def test_a_selected_region_goes_before_a_nearer_one(host: FakeHost, mouse: Mouse) -> None:
    host.regions[3] = square(3, 10, 0, 9.5)
    mouse.drag(*along((12, 9.6), (12, 14), (16, 14), (16, 9.6)))
    assert [r.id for _, regions in host.commits for r in regions] == [1]


def test_short_drags_change_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((16, 10), (16.9, 10))
    mouse.click(16, 10)
    assert host.commits == [] and host.said == []


def test_presses_elsewhere_select(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(70, 20)
    assert host.selected == {2}
    mouse.click(14, 30, shift=True)
    assert host.selected == {1, 2}
    mouse.drag((90, 70), (50, 60))
    assert host.selected == frozenset() and host.commits == [] and "border" in host.said[-1]


def test_hover_shows_where_a_line_would_begin(host: FakeHost, mouse: Mouse) -> None:
    mouse.move(25, 8.5)
    assert host.sketch == Sketch(hot=(25, 10)) and host.hovered == 0
    mouse.move(70, 20)
    assert host.sketch == Sketch() and host.hovered == 2


def test_locked_regions_refuse(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = square(1, 10, 10, 30, locked=True)
    mouse.drag(*BUMP)
    assert host.commits == [] and "locked" in host.said[0]


def test_escape_and_other_buttons(host: FakeHost, tool: Reshape, mouse: Mouse) -> None:
    for moves in (0, 60):
        mouse.press(*BUMP[0])
        for point in BUMP[1:moves]:
            mouse.move(*point)
        assert tool.key("Escape") and not tool.key("Escape")
    mouse.release(*BUMP[-1])
    mouse.press(*BUMP[0], "right")
    mouse.release(*BUMP[-1], "right")
    assert host.commits == [] and host.sketch == Sketch()


def test_a_region_that_changed_meanwhile_is_not_overwritten(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(*BUMP[0])
    for point in BUMP[1:]:
        mouse.move(*point)
    host.regions[1] = square(1, 0, 0, 4)
    mouse.release(*BUMP[-1])
    assert host.commits == [] and "changed" in host.said[0]


def test_vertices_elsewhere_stay_exactly(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1] = blob(1, 40, 40, 25, 80, 0.3)
    start, end = before.shell[10], before.shell[25]
    outside = (start + end) / 2 * 1.3 - np.array((40, 40)) * 0.3
    mouse.drag(*along(tuple(start), tuple(outside), tuple(end)))
    kept = set(map(tuple, host.regions[1].shell.tolist()))
    expected = {tuple(p) for i, p in enumerate(before.shell.tolist()) if not 10 < i < 25}
    assert expected <= kept and len(host.commits) == 1


def test_random_lines_leave_valid_regions(host: FakeHost, mouse: Mouse) -> None:
    random = np.random.default_rng(2)
    for turn in range(150):
        if turn % 10 == 0:
            host.regions = {1: Region(1, ring(blob(1, 50, 40, 25, 60, turn).shell))}
        shell = host.regions[1].shell
        a, b = shell[random.integers(len(shell), size=2)]
        middle = (a + b) / 2 + random.uniform(-15, 15, 2)
        mouse.drag(*along(tuple(a + random.uniform(-1, 1, 2)), tuple(middle), tuple(b)))
        assert is_valid(host.regions[1])
    assert len(host.commits) > 75
