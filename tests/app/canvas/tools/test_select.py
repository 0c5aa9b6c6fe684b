import numpy as np
import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.carry import MOVED_AT_ONCE
from app.canvas.tools.select import Select
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    regions = [square(1, 10, 10, 20), square(2, 40, 10, 20), square(3, 45, 15, 5)]
    return FakeHost({r.id: r for r in regions})


@pytest.fixture
def tool(host: FakeHost) -> Select:
    return Select(host)


@pytest.fixture
def mouse(tool: Select) -> Mouse:
    return Mouse(tool)


def test_hover_follows_the_pointer(host: FakeHost, mouse: Mouse) -> None:
    seen = []
    for x in (15, 47, 35):
        mouse.move(x, 17)
        seen.append(host.hovered)
    assert seen == [1, 3, 0]


def test_click_selects_the_smallest_and_empty_space_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(47, 17)
    assert host.selected == {3}
    mouse.click(15, 15)
    assert host.selected == {1}
    mouse.click(90, 70)
    assert host.selected == frozenset()
    assert host.commits == []


def test_shift_toggles_and_keeps_on_empty_space(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(15, 15)
    mouse.click(55, 25, shift=True)
    assert host.selected == {1, 2}
    mouse.click(15, 15, shift=True)
    assert host.selected == {2}
    mouse.click(90, 70, shift=True)
    assert host.selected == {2}


def test_rubber_band_selects_what_lies_within(host: FakeHost, mouse: Mouse, tool: Select) -> None:
    mouse.press(70, 5)
    mouse.move(38, 35)
    assert host.sketch.rubber == (38, 5, 70, 35)
    mouse.release(38, 35)
    assert host.selected == {2, 3}
    assert host.sketch == Sketch()
    mouse.drag((5, 5), (32, 32), shift=True)
    assert host.selected == {1, 2, 3}


def test_a_click_on_one_of_several_selected_selects_it_alone(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((1, 2))
    mouse.click(15, 15)
    assert host.selected == {1}
    assert host.commits == []


def test_dragging_moves_what_was_selected_before_the_press(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((1,))
    before = host.regions[1]
    mouse.press(15, 15)
    mouse.move(18, 19)
    assert host.sketch.regions[0].bounds == (13, 14, 33, 34)
    assert host.regions[1] is before
    mouse.release(18, 19)
    assert host.regions[1].bounds == (13, 14, 33, 34)
    assert [name for name, _ in host.commits] == ["Move object"]
    assert host.sketch == Sketch()


def test_dragging_what_was_not_selected_only_selects_it(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((15, 15), (30, 40))
    assert host.selected == {1} and host.commits == []


@pytest.mark.parametrize(("screen_px", "moves"), [(3.9, False), (4.0, True)])
def test_less_than_four_screen_pixels_change_nothing(
    host: FakeHost, tool: Select, screen_px: float, moves: bool
) -> None:
    for scale in (0.25, 1.0, 16.0):
        host.selected, host.commits = frozenset((1,)), []
        host.regions[1] = square(1, 10, 10, 20)
        x, y = host.regions[1].shell.mean(axis=0)
        Mouse(tool, scale).drag((x, y), (x + screen_px / scale, y))
        assert bool(host.commits) is moves


def test_a_move_ends_at_the_border_of_the_image(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((1, 2))
    mouse.drag((15, 15), (500, -500))
    assert host.regions[1].bounds == (50, 0, 70, 20)
    assert host.regions[2].bounds == (80, 0, 100, 20)
    assert [name for name, _ in host.commits] == ["Move 2 objects"]


def test_what_sticks_out_may_stay_so_but_not_go_further(host: FakeHost, mouse: Mouse) -> None:
    host.regions[4] = square(4, -10, 40, 20)
    host.selected = frozenset((4,))
    mouse.drag((5, 50), (1, 55))
    assert host.regions[4].bounds == (-10, 45, 10, 65)


def test_holes_move_along(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = square(1, 10, 10, 21, hole=True)
    host.selected = frozenset((1,))
    mouse.drag((12, 12), (17, 12))
    assert np.array_equal(host.regions[1].holes[0], square(1, 15, 10, 21, hole=True).holes[0])


def test_locked_regions_stay_and_the_person_is_told(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = square(1, 10, 10, 20, locked=True)
    host.selected = frozenset((1,))
    mouse.drag((15, 15), (30, 30))
    assert host.commits == [] and "locked" in host.said[0]
    assert host.sketch == Sketch()


def test_too_many_regions_do_not_move(host: FakeHost, mouse: Mouse) -> None:
    host.regions = {i: square(i, 10, 10, 5) for i in range(1, MOVED_AT_ONCE + 2)}
    host.selected = frozenset(host.regions)
    mouse.drag((12, 12), (30, 30))
    assert host.commits == [] and "fewer" in host.said[0]


def test_escape_drops_the_drag(host: FakeHost, tool: Select, mouse: Mouse) -> None:
    host.selected = frozenset((1,))
    mouse.press(15, 15)
    mouse.move(30, 30)
    assert tool.key("Escape")
    mouse.release(30, 30)
    assert host.commits == [] and host.sketch == Sketch()
    assert not tool.key("Escape") and not tool.key("Delete")


def test_a_region_that_changed_meanwhile_is_not_overwritten(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((1,))
    mouse.press(15, 15)
    mouse.move(30, 30)
    host.regions[1] = square(1, 0, 0, 4)
    mouse.release(30, 30)
    assert host.commits == [] and "changed" in host.said[-1]


def test_a_region_that_is_gone_is_not_brought_back(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((1,))
    mouse.press(15, 15)
    mouse.move(30, 30)
    del host.regions[1]
    mouse.release(30, 30)
    assert host.commits == [] and 1 not in host.regions


def test_other_buttons_do_nothing(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(15, 15, "right")
    assert host.selected == frozenset()


LOOP = [(5.0, 5.0), (32.0, 5.0), (45.0, 19.0), (60.0, 19.0), (60.0, 35.0), (5.0, 35.0)]


def test_a_drag_with_alt_draws_a_loop(host: FakeHost, tool: Select, mouse: Mouse) -> None:
    mouse.press(*LOOP[0], alt=True)
    for point in LOOP[1:]:
        mouse.move(*point)
    assert host.sketch.line == tuple(LOOP)
    assert host.sketch.dashed == (LOOP[-1], LOOP[0])
    mouse.release(*LOOP[-1], alt=True)
    assert host.selected == {1, 2} and host.sketch == Sketch()  # the centre of 3 is outside


def test_the_loop_begins_anywhere_and_moves_nothing(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((1,))
    mouse.drag((15, 15), (70, 8), (70, 40), (35, 22), alt=True)
    assert host.selected == {2, 3} and host.commits == []


def test_with_shift_the_loop_adds(host: FakeHost, mouse: Mouse) -> None:
    host.selected = frozenset((3,))
    mouse.drag(*LOOP, alt=True, shift=True)
    assert host.selected == {1, 2, 3}
    mouse.drag((80, 60), (90, 60), (90, 70), alt=True, shift=True)
    assert host.selected == {1, 2, 3}
    mouse.drag((80, 60), (90, 60), (90, 70), alt=True)
    assert host.selected == frozenset()


def test_a_click_with_alt_is_a_click(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(15, 15, alt=True)
    assert host.selected == {1}
    mouse.click(55, 25, alt=True, shift=True)
    assert host.selected == {1, 2}
    mouse.drag((90, 70), (90.5, 70), alt=True)
    assert host.selected == frozenset()


def test_escape_drops_the_loop(host: FakeHost, tool: Select, mouse: Mouse) -> None:
    mouse.press(*LOOP[0], alt=True)
    mouse.move(*LOOP[1])
    assert tool.key("Escape") and host.sketch == Sketch()
    mouse.move(*LOOP[2])
    mouse.release(*LOOP[2], alt=True)
    assert host.selected == frozenset()
    mouse.drag((70, 5), (38, 35))
    assert host.selected == {2, 3}  # a rectangle again
