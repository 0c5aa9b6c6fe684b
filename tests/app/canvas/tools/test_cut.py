import numpy as np
import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.cut import Cut
from core.annotation.geometry import is_valid
from core.annotation.region import Region, ring
from tests.app.canvas.samples import blob, square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    regions = [square(1, 10, 10, 30, hole=True), square(2, 60, 10, 20), square(3, 60, 50, 20)]
    return FakeHost({r.id: r for r in regions}, selected=frozenset((1,)))


@pytest.fixture
def tool(host: FakeHost) -> Cut:
    return Cut(host)


@pytest.fixture
def mouse(tool: Cut) -> Mouse:
    return Mouse(tool)


def areas(host: FakeHost) -> list[float]:
    return sorted(region.area for region in host.regions.values())


def test_a_drag_cuts_the_selected_region(host: FakeHost, mouse: Mouse) -> None:
    uid = host.regions[1].uid
    mouse.drag((5, 15), (90, 15), (90, 15))
    assert areas(host) == pytest.approx([150, 400, 400, 650])
    assert [name for name, _ in host.commits] == ["Cut object"]
    assert host.regions[1].uid == uid and host.regions[1].area == pytest.approx(650)
    assert host.selected == {1, 4} and host.sketch == Sketch() and host.said == []


def test_the_pieces_are_shown_before(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(5, 25)
    assert host.sketch.handles == ((5, 25),)
    mouse.move(20, 25)
    assert host.sketch.regions == () and host.sketch.line == ((5, 25), (20, 25))
    mouse.move(50, 25)
    assert [r.id for r in host.sketch.regions] == [1, 0]
    assert [r.area for r in host.sketch.regions] == [400, 400] and host.sketch.bad == ()
    assert host.commits == []


def test_a_sliver_is_shown_and_refused(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1]
    mouse.press(5, 10.02)
    mouse.move(50, 10.02)
    assert host.sketch.bad == ((5, 10.02, 50, 10.02),) and host.sketch.regions == ()
    mouse.release(50, 10.02)
    assert host.regions[1] is before and "smaller than 1 px²" in host.said[0]


def test_clicks_draw_a_bent_line(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(15, 5)
    mouse.click(15, 15)
    assert host.commits == [] and len(host.sketch.handles) == 2
    mouse.double_click(5, 15)
    assert areas(host) == pytest.approx([25, 400, 400, 775])
    assert [name for name, _ in host.commits] == ["Cut object"]
    assert host.sketch == Sketch()


def test_return_ends_the_line_and_backspace_shortens_it(
    host: FakeHost, tool: Cut, mouse: Mouse
) -> None:
    for point in ((5, 15), (45, 15), (50, 70)):
        mouse.click(*point)
    assert tool.key("Backspace")
    assert host.sketch.handles == ((5, 15), (45, 15))
    assert tool.key("Return")
    assert areas(host) == pytest.approx([150, 400, 400, 650])
    assert not tool.key("Return") and not tool.key("Backspace")


def test_backspace_takes_the_only_point_back(host: FakeHost, tool: Cut, mouse: Mouse) -> None:
    mouse.click(5, 15)
    assert tool.key("Backspace")
    assert host.sketch == Sketch() and not tool.key("Escape")


@pytest.mark.parametrize("held", [True, False])
def test_escape_drops_the_line(host: FakeHost, tool: Cut, mouse: Mouse, held: bool) -> None:
    if held:
        mouse.press(5, 15)
    else:
        mouse.click(5, 15)
    mouse.move(50, 15)
    assert tool.key("Escape") and not tool.key("Escape")
    mouse.release(50, 15)
    assert host.commits == [] and host.sketch == Sketch()


def test_without_selection_all_that_the_line_passes_through_are_cut(
    host: FakeHost, mouse: Mouse
) -> None:
    host.selected = frozenset()
    mouse.drag((5, 15), (90, 15))
    assert [name for name, _ in host.commits] == ["Cut 2 objects"]
    assert len(host.regions) == 5 and host.selected == frozenset()


def test_locked_regions_are_left_out_and_that_is_said(host: FakeHost, mouse: Mouse) -> None:
    host.selected, before = frozenset(), square(2, 60, 10, 20, locked=True)
    host.regions[2] = before
    mouse.drag((5, 15), (90, 15))
    assert [name for name, _ in host.commits] == ["Cut object"]
    assert host.regions[2] is before and host.said == ["Object 2 is locked; unlock it to cut it."]
    mouse.drag((70, 5), (70, 35))
    assert len(host.commits) == 1 and len(host.said) == 2
    host.regions[3] = square(3, 60, 50, 20, locked=True)
    mouse.drag((70, 5), (70, 75))
    assert "2 locked objects" in host.said[-1]


def test_a_line_that_does_not_pass_through_is_told(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((5, 15), (30, 15))
    mouse.drag((55, 15), (90, 15))
    assert host.commits == [] and all("does not pass through" in s for s in host.said)
    assert "selected" in host.said[0]
    host.selected = frozenset()
    mouse.drag((55, 45), (90, 45))
    assert "selected" not in host.said[-1]


def test_of_many_regions_one_that_would_leave_a_sliver_stays(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset()
    host.regions[2] = square(2, 60, 14.98, 20)
    mouse.drag((5, 15), (90, 15))
    assert [name for name, _ in host.commits] == ["Cut object"]
    assert host.said[0].startswith("Object 2 was not cut: ")


def test_a_short_drag_and_a_double_click_cut_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((9.8, 15), (10.5, 15))
    mouse.double_click(9.8, 15)
    assert host.commits == [] and "two points" in host.said[-1] and host.sketch == Sketch()


def test_other_buttons_do_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(5, 15, "right")
    mouse.move(50, 15)
    mouse.release(50, 15, "right")
    assert host.commits == [] and host.sketch == Sketch()


def test_a_line_may_begin_and_end_outside_the_image(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = Region(1, ring([(0, 0), (100, 0), (100, 80), (0, 80)]))
    mouse.drag((-20, 40), (150, 40))
    assert host.regions[1].area == host.regions[4].area == 4000


def test_a_region_that_changed_meanwhile_is_cut_as_it_is(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(5, 15)
    mouse.move(50, 15)
    host.regions[1] = square(1, 10, 10, 20)
    mouse.release(50, 15)
    assert host.regions[1].area + host.regions[4].area == pytest.approx(400)
    mouse.press(5, 20)
    host.regions.clear()
    mouse.move(50, 20)
    mouse.release(50, 20)
    assert len(host.commits) == 1


def test_a_refused_cut_says_no_more_than_the_host(host: FakeHost, mouse: Mouse) -> None:
    host.refuses = True
    mouse.drag((5, 15), (90, 15))
    assert host.said == [] and host.sketch == Sketch() and len(host.regions) == 3


def test_the_pieces_of_very_much_are_not_shown_but_cut(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = blob(1, 50, 40, 30, 5000, 0.0)
    mouse.press(0, 40)
    mouse.move(100, 40)
    assert host.sketch.regions == () and host.sketch.line
    mouse.release(100, 40)
    assert [name for name, _ in host.commits] == ["Cut object"]


def test_random_lines_conserve_the_area(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset()
    total, random = sum(areas(host)), np.random.default_rng(1)
    for _ in range(60):
        points = [tuple(p) for p in random.uniform((-10, -10), (110, 90), (4, 2))]
        if random.random() < 0.5:
            mouse.drag(*points[:2])
        else:
            for point in points[:-1]:
                mouse.click(*point)
            mouse.double_click(*points[-1])
    assert len(host.regions) > 30 and all(map(is_valid, host.regions.values()))
    assert sum(areas(host)) == pytest.approx(total, rel=1e-9)
    assert len({r.uid for r in host.regions.values()}) == len(host.regions)
