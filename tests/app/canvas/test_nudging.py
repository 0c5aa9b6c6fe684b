from app.canvas.nudging import Nudge
from app.canvas.tools.base import Sketch
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost


def host(**facts: object) -> FakeHost:
    return FakeHost({1: square(1, 10, 10, 20, **facts)}, selected=frozenset((1,)))  # type: ignore[arg-type]


def test_a_held_key_is_one_step() -> None:
    desk = host()
    nudge = Nudge(desk)
    for _ in range(3):
        nudge.step(1, 0, far=False)
    nudge.step(0, 1, far=True)
    assert desk.sketch.regions[0].bounds[:2] == (13, 20) and not desk.commits
    nudge.end()
    assert [name for name, _ in desk.commits] == ["Move object"]
    assert desk.regions[1].bounds[:2] == (13, 20) and desk.sketch == Sketch()
    nudge.end()
    assert len(desk.commits) == 1


def test_the_image_ends_the_way() -> None:
    desk = host()
    nudge = Nudge(desk)
    nudge.step(-1, 0, far=True)
    nudge.step(-1, 0, far=True)
    nudge.step(1, 0, far=False)
    nudge.end()
    assert desk.regions[1].bounds[0] == 1


def test_at_the_edge_there_is_no_step() -> None:
    desk = FakeHost({1: square(1, 0, 10, 20)}, selected=frozenset((1,)))
    nudge = Nudge(desk)
    nudge.step(-1, 0, far=False)
    nudge.end()
    assert not desk.commits


def test_escape_takes_it_back() -> None:
    desk = host()
    nudge = Nudge(desk)
    nudge.step(1, 0, far=False)
    assert nudge.is_under_way
    nudge.cancel()
    nudge.end()
    assert not desk.commits and not nudge.is_under_way and desk.sketch == Sketch()


def test_locked_regions_stay_and_it_is_said() -> None:
    desk = host(locked=True)
    nudge = Nudge(desk)
    nudge.step(1, 0, far=False)
    nudge.end()
    assert not desk.commits and "locked" in desk.said[0]
