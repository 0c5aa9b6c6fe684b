import numpy as np
import pytest
import shapely

from app.canvas.tools.base import Sketch
from app.canvas.tools.looking import BY_IMAGE, BY_MAP, NO_MAP, Looking
from app.canvas.tools.wand import Wand
from core.annotation.geometry import is_valid
from core.annotation.region import Region, ring
from core.annotation.wand import SIDE
from core.image.model import Image
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse
from tests.core.annotation.scenes import disc_map

DISC = disc_map(50, 40, 20, 80, 100)
AREA = np.pi * 20**2


@pytest.fixture
def host() -> FakeHost:
    return FakeHost(image=Image((DISC[..., None] * 1000 + 200).astype(np.uint16)))


@pytest.fixture
def tool(host: FakeHost) -> Wand:
    return Wand(host, Looking())


@pytest.fixture
def mouse(tool: Wand) -> Mouse:
    return Mouse(tool)


@pytest.fixture
def cone(host: FakeHost) -> FakeHost:
    """Values fall by one percent of the probability for each px from 50, 40."""
    rows, columns = np.mgrid[:80, :100] + 0.5
    host.probability = (1 - np.hypot(rows - 40, columns - 50) / 100).astype(np.float32)
    return host


def test_a_press_shows_a_release_stores(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(50, 40)
    (shown,) = host.sketch.regions
    assert host.sketch.note == (50, 40, "tolerance 25 %") and host.commits == []
    mouse.release(50, 40)
    ((name, (stored,)),) = host.commits
    assert name == "Grow object" and np.array_equal(stored.shell, shown.shell)
    assert stored.area == pytest.approx(AREA, rel=0.1)
    assert stored.class_id == host.active_class and stored.origin.kind == "human"
    assert not stored.edited and host.sketch == Sketch()


def test_a_drag_up_or_right_takes_more_down_or_left_less(cone: FakeHost, mouse: Mouse) -> None:
    mouse.press(50, 40)
    areas = []
    for dx, dy in ((0, 0), (2, 0), (0, -2), (2, -2), (-2, 0), (0, 2), (0, 0)):
        mouse.move(50 + dx, 40 + dy)
        areas.append(cone.sketch.regions[0].area)
    start, right, up, both, left, down, back = areas
    assert left == down < start == back < right == up < both
    mouse.move(42, 40)  # 32 screen px
    assert cone.sketch.note == (42, 40, "tolerance 42 %")
    mouse.release(42, 40)
    mouse.press(50, 40)
    assert cone.sketch.note == (50, 40, "tolerance 42 %")


def test_less_than_four_screen_pixels_change_no_tolerance(cone: FakeHost, mouse: Mouse) -> None:
    mouse.press(50, 40)
    before = cone.sketch.regions[0].area
    mouse.move(50.6, 39.4)
    assert cone.sketch.regions[0].area == before


def test_the_wheel_changes_the_tolerance(cone: FakeHost, tool: Wand, mouse: Mouse) -> None:
    mouse.move(20, 20)
    assert tool.wheel(-20) and cone.sketch.note == (20, 20, "tolerance 30 %")
    mouse.move(21, 20)
    assert cone.sketch == Sketch()
    mouse.press(50, 40)
    before = cone.sketch.regions[0].area
    assert tool.wheel(1) and cone.sketch.regions[0].area > before
    assert cone.sketch.note == (50, 40, "tolerance 31 %")
    assert tool.wheel(-200) and cone.sketch.note == (50, 40, "tolerance 1 %")
    assert tool.wheel(500) and cone.sketch.note == (50, 40, "tolerance 100 %")
    assert cone.sketch.regions[0].area == pytest.approx(8000, abs=1)


def test_image_and_probability_have_a_tolerance_each(
    host: FakeHost, tool: Wand, mouse: Mouse
) -> None:
    mouse.move(50, 40)
    tool.wheel(3)
    assert host.sketch.note == (50, 40, "tolerance 28 %")
    host.probability = DISC
    tool.wheel(3)
    assert host.sketch.note == (50, 40, "tolerance 53 %")
    mouse.click(50, 40)
    assert host.regions[1].area == pytest.approx(AREA, rel=0.01)


def test_q_goes_by_the_image_though_there_is_a_map(
    host: FakeHost, tool: Wand, mouse: Mouse
) -> None:
    """Also in the middle of a press; each has its own tolerance."""
    assert tool.key("Q") and host.said == [NO_MAP]
    host.probability = disc_map(50, 40, 8, 80, 100)
    mouse.press(50, 40)
    by_map = host.sketch.regions[0].area
    assert tool.key("Q") and host.said[-1] == BY_IMAGE
    assert host.sketch.note == (50, 40, "tolerance 25 %")
    assert host.sketch.regions[0].area == pytest.approx(AREA, rel=0.1)
    assert tool.key("Q") and host.said[-1] == BY_MAP
    assert host.sketch.regions[0].area == by_map
    mouse.release(50, 40)
    assert host.regions[1].area == by_map == pytest.approx(np.pi * 64, rel=0.02)


def test_colours(host: FakeHost, mouse: Mouse) -> None:
    pixels = np.zeros((80, 100, 3), np.uint8)
    pixels[..., 1] = DISC * 250
    host.image = Image(pixels, is_rgb=True)
    mouse.click(3, 3)
    assert host.regions[1].area == pytest.approx(8000 - AREA, rel=0.05)
    assert len(host.regions[1].holes) == 1


def test_shift_adds_to_the_selected_region(host: FakeHost, mouse: Mouse) -> None:
    host.regions, host.selected = {4: square(4, 25, 35, 15)}, frozenset((4,))
    before = host.regions[4]
    mouse.press(50, 40, shift=True)
    (shown,) = host.sketch.regions
    assert shown.id == 4 and shown.area > 0.95 * AREA + 50
    mouse.release(50, 40, shift=True)
    assert [name for name, _ in host.commits] == ["Add to object"]
    assert host.regions[4].area == shown.area and host.regions[4].uid == before.uid
    assert is_valid(shown)


def test_alt_takes_away_from_it(host: FakeHost, mouse: Mouse) -> None:
    host.regions, host.selected = {4: square(4, 10, 10, 40)}, frozenset((4,))
    mouse.click(50, 40, alt=True)
    assert [name for name, _ in host.commits] == ["Take from object"]
    covered = shapely.Point(50, 40).buffer(19.6) & shapely.box(10, 10, 50, 50)
    assert host.regions[4].area == pytest.approx(1600 - covered.area, rel=0.01)


@pytest.mark.parametrize(
    ("number", "side", "held", "words"),
    [(4, 5, "shift", "not touched"), (4, 5, "alt", "")],
)
def test_what_does_not_touch(
    host: FakeHost, mouse: Mouse, number: int, side: float, held: str, words: str
) -> None:
    host.regions, host.selected = {number: square(number, 2, 2, side)}, frozenset((number,))
    before = host.regions[number].area
    mouse.press(50, 40, **{held: True})
    mouse.release(50, 40)
    assert host.regions[number].area == before
    assert all(words in said for said in host.said)
    assert bool(host.said) == (held == "shift")


def test_what_would_be_refused_is_shown_with_the_reason(host: FakeHost, mouse: Mouse) -> None:
    host.regions, host.selected = {4: square(4, 45, 35, 10)}, frozenset((4,))
    mouse.press(50, 40, alt=True)
    assert host.sketch.regions == () and len(host.sketch.line) > 10
    assert host.sketch.note is not None and "Nothing of object 4" in host.sketch.note[2]
    mouse.release(50, 40)
    assert host.commits == [] and "Nothing of object 4" in host.said[-1]


def test_locked_none_or_several_selected_are_refused_at_the_press(
    host: FakeHost, mouse: Mouse
) -> None:
    host.regions = {1: square(1, 5, 5, 9, locked=True), 2: square(2, 50, 5, 9)}
    for selected, words in (((1,), "locked"), ((), "Select one"), ((1, 2), "Select one")):
        host.selected = frozenset(selected)
        mouse.press(50, 40, shift=True)
        assert words in host.said[-1] and host.sketch == Sketch()
        mouse.release(50, 40, shift=True)
    assert host.commits == [] and len(host.said) == 3


def test_escape_and_other_buttons(host: FakeHost, tool: Wand, mouse: Mouse) -> None:
    mouse.click(50, 40, "right")
    assert host.sketch == Sketch()
    mouse.press(50, 40)
    assert host.sketch.regions and tool.key("Escape") and host.sketch == Sketch()
    mouse.release(50, 40)
    mouse.click(200, 40)
    mouse.click(50, -1)
    assert host.commits == [] and not tool.key("Escape")


def test_pieces_that_fall_off_are_counted(host: FakeHost, mouse: Mouse) -> None:
    """A dumbbell with two small ends: the bar between is taken away."""
    bar = [(20, 10), (60, 10), (60, 38), (66, 38), (66, 36), (70, 36), (70, 43), (66, 43)]
    bar += [(66, 41), (60, 41), (60, 70), (20, 70)]
    host.regions, host.selected = {4: Region(4, ring(bar))}, frozenset((4,))
    pixels = np.zeros((80, 100, 1), np.uint8)
    pixels[34:46, 60:66] = 200
    host.image = Image(pixels)
    mouse.press(63, 40, alt=True)
    assert host.sketch.note is not None and host.sketch.note[2].endswith(", drops 1 piece")
    mouse.release(63, 40, alt=True)
    assert [name for name, _ in host.commits] == ["Take from object"]
    assert host.said == ["The largest piece was kept; 1 piece fell off, which undo brings back."]
    assert host.regions[4].bounds[2] < 61 and is_valid(host.regions[4])


def test_a_region_that_changed_meanwhile_is_not_overwritten(host: FakeHost, mouse: Mouse) -> None:
    host.regions, host.selected = {4: square(4, 25, 35, 15)}, frozenset((4,))
    mouse.press(50, 40, shift=True)
    host.regions[4] = square(4, 0, 0, 4)
    mouse.release(50, 40)
    assert host.commits == [] and "changed" in host.said[-1]


def test_the_note_says_where_the_window_cuts(mouse: Mouse, host: FakeHost) -> None:
    host.image = Image(np.zeros((SIDE + 10, 20, 1), np.uint8))
    host.image_size = (20, SIDE + 10)
    mouse.press(10, 10)
    assert host.sketch.note == (10, 10, f"tolerance 25 %, cut off at {SIDE} px")


def test_random_presses_commit_only_valid_regions(host: FakeHost, tool: Wand) -> None:
    random = np.random.default_rng(0)
    host.image = Image(random.integers(0, 256, (80, 100, 3), np.uint8), is_rgb=True)
    mouse = Mouse(tool)
    for _ in range(100):
        host.selected = frozenset(random.choice(list(host.regions) or [1], 1).tolist())
        held = {str(random.choice(["shift", "alt", "control"])): True}
        start, end = random.uniform(-2, 101, (2, 2))
        mouse.drag(tuple(start), tuple(start + (end - start) / 20), **held)
    assert len(host.commits) > 40  # the host refuses, and so counts, only valid ones
