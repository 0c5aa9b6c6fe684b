from dataclasses import replace

import pytest

from app.canvas.tools import merge
from app.canvas.tools.base import Sketch
from app.canvas.tools.merge import ELSEWHERE, TOO_MANY, Merge, on_the_way
from core.annotation.geometry import is_valid
from core.annotation.merging import APART
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    """Two that touch in a row, one more that touches them, one apart."""
    regions = (square(1, 10, 10, 20), square(2, 30, 10, 20), square(3, 10, 30, 30))
    return FakeHost({r.id: r for r in (*regions, square(4, 80, 10, 10))})


@pytest.fixture
def mouse(host: FakeHost) -> Mouse:
    return Mouse(Merge(host))


def test_what_one_drag_passes_becomes_one(host: FakeHost, mouse: Mouse) -> None:
    uid = host.regions[3].uid
    mouse.drag((40, 20), (20, 20), (20, 50))
    assert set(host.regions) == {3, 4} and host.selected == {3}
    one = host.regions[3]
    assert one.area == pytest.approx(20 * 20 * 2 + 30 * 30) and is_valid(one)
    assert one.uid == uid and [name for name, _ in host.commits] == ["Merge"]
    assert host.sketch == Sketch() and host.said == []


def test_what_comes_of_it_is_shown_before(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(20, 20)
    mouse.move(25, 20)
    assert host.sketch.line == ((20, 20), (25, 20)) and not host.sketch.regions
    mouse.move(40, 20)
    (shown,) = host.sketch.regions
    assert host.sketch.note == (40, 20, "merges 2 objects") and not host.sketch.bad
    mouse.release(40, 20)
    assert host.regions[shown.id].area == shown.area == pytest.approx(800)


def test_a_fast_hand_passes_everything_on_its_way(host: FakeHost, mouse: Mouse) -> None:
    host.regions[5] = square(5, 50, 10, 21)
    mouse.press(65, 20)
    mouse.move(11, 20)
    mouse.release(11, 20)
    assert set(host.regions) == {3, 4, 5}


def test_a_line_to_one_that_lies_apart_is_red_and_merges_nothing(
    host: FakeHost, mouse: Mouse
) -> None:
    before = dict(host.regions)
    mouse.press(40, 20)
    mouse.move(85, 15)
    assert host.sketch.bad == ((40, 20, 85, 15),) and not host.sketch.regions
    mouse.release(85, 15)
    assert host.regions == before and host.commits == [] and host.said == [APART]


def test_it_is_right_again_once_what_lies_between_is_passed(host: FakeHost, mouse: Mouse) -> None:
    host.regions[5] = square(5, 50, 10, 30)
    mouse.press(40, 20)
    mouse.move(40, 2)
    mouse.move(85, 2)
    mouse.move(85, 15)
    assert host.sketch.bad
    mouse.move(70, 20)
    assert not host.sketch.bad
    mouse.release(70, 20)
    assert set(host.regions) == {1, 3, 5}


def test_a_click_and_a_drag_over_nothing_say_what_to_do(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(20, 20)
    mouse.drag((29.6, 20), (30.3, 20))  # less than 4 screen px, over the border
    mouse.drag((5, 5), (20, 20))
    mouse.drag((20, 20), (20, 15))
    assert host.said == [ELSEWHERE] * 4 and host.commits == []


def test_locked_ones_are_left_out_and_that_is_said_once(host: FakeHost, mouse: Mouse) -> None:
    host.regions[2] = replace(host.regions[2], locked=True)
    mouse.drag((20, 20), (40, 20), (40, 22), (20, 22), (20, 50))
    assert set(host.regions) == {2, 3, 4}
    assert host.said == ["Object 2 is locked; unlock it to change its outline."]
    mouse.drag((40, 20), (20, 50))
    assert set(host.regions) == {2, 3, 4} and len(host.said) == 2


def test_no_more_than_can_be_shown(
    host: FakeHost, mouse: Mouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "MOST", 2)
    mouse.drag((40, 20), (20, 20), (20, 50), (22, 50))
    assert set(host.regions) == {2, 3, 4} and host.said == [TOO_MANY]


def test_nothing_is_taken_that_changed_meanwhile(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(20, 20)
    mouse.move(40, 20)
    host.regions[2] = replace(host.regions[2], edited=True)
    mouse.release(40, 20)
    assert host.commits == [] and len(host.said) == 1


def test_escape_and_another_button_drop_it(host: FakeHost) -> None:
    tool = Merge(host)
    mouse = Mouse(tool)
    for drop in (lambda: tool.key("Escape"), lambda: mouse.press(40, 20, "right")):
        mouse.press(20, 20)
        mouse.move(40, 20)
        drop()
        assert host.sketch == Sketch()
        mouse.release(40, 20)
    assert host.commits == [] and len(host.regions) == 4


def test_the_pointer_shows_where_a_drag_would_begin(host: FakeHost, mouse: Mouse) -> None:
    mouse.move(20, 20)
    assert host.hovered == 1
    mouse.move(5, 5)
    assert host.hovered == 0


def test_points_on_the_way() -> None:
    assert on_the_way((0, 0), (3, 0), 1) == [(1, 0), (2, 0), (3, 0)]
    assert on_the_way((0, 0), (0, 0), 1) == []
    far = on_the_way((0, 0), (1e6, 1e6), 0.1)
    assert len(far) == merge.LOOKS and far[-1] == (1e6, 1e6)
