"""Brush and eraser."""

import math

import numpy as np
import pytest
import shapely

from app.canvas.tools.base import Point, Sketch
from app.canvas.tools.brush import Brush, BrushSize
from app.canvas.tools.eraser import Eraser
from core.annotation.geometry import is_valid, to_shapely
from core.annotation.region import Region
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    return FakeHost({r.id: r for r in (square(1, 10, 10, 30), square(2, 60, 10, 20))})


@pytest.fixture
def size() -> BrushSize:
    return BrushSize(4)


@pytest.fixture
def brush(host: FakeHost, size: BrushSize) -> Brush:
    return Brush(host, size)


@pytest.fixture
def eraser(host: FakeHost, size: BrushSize) -> Eraser:
    return Eraser(host, size)


@pytest.fixture
def painter(brush: Brush) -> Mouse:
    return Mouse(brush)


@pytest.fixture
def rubber(eraser: Eraser) -> Mouse:
    return Mouse(eraser)


def corners(region: Region) -> set[Point]:
    return {(x, y) for x, y in region.shell.tolist()}


def steps(host: FakeHost) -> list[str]:
    return [name for name, _ in host.commits]


# Brush


def test_a_stroke_that_begins_inside_adds_to_the_object(host: FakeHost, painter: Mouse) -> None:
    before = host.regions[1]
    painter.drag((35, 25), (45, 25), (50, 25))
    after = host.regions[1]
    assert steps(host) == ["Add to object"] and host.selected == {1}
    assert after.area == pytest.approx(900 + 10 * 8 + math.pi * 8, rel=0.005)
    assert corners(before) <= corners(after) and after.uid == before.uid
    assert after.bounds == pytest.approx((10, 10, 54, 40), abs=0.05)
    assert is_valid(after) and host.sketch.regions == ()


def test_a_stroke_on_the_background_begins_a_new_object(host: FakeHost, painter: Mouse) -> None:
    painter.drag((20, 60), (50, 60))
    assert steps(host) == ["Paint object"] and host.selected == {3}
    new = host.regions[3]
    assert new.area == pytest.approx(30 * 8 + math.pi * 16, rel=0.01)
    assert new.class_id == host.active_class and new.origin.kind == "human"
    assert new.confidence is None and len(new.shell) < 60


def test_a_click_paints_one_dot(host: FakeHost, painter: Mouse) -> None:
    painter.click(20, 60)
    assert host.regions[3].area == pytest.approx(math.pi * 16, rel=0.005)
    painter.click(39.999, 25)
    assert steps(host) == ["Paint object", "Add to object"]
    assert host.regions[1].area == pytest.approx(900 + math.pi * 8, rel=0.01)


def test_a_selected_object_under_the_pointer_is_preferred(host: FakeHost, painter: Mouse) -> None:
    host.regions[3] = square(3, 30, 20, 8)
    painter.drag((36, 24), (45, 24))
    assert host.commits[-1][1][0].id == 3  # the smallest
    host.selected = frozenset((1, 2))
    painter.drag((36, 24), (46, 24))
    assert host.commits[-1][1][0].id == 1


def test_shift_paints_on_the_selected_object_from_outside(host: FakeHost, painter: Mouse) -> None:
    host.selected = frozenset((1,))
    painter.press(25, 60, shift=True)
    assert host.sketch.regions == () and host.sketch.dashed
    assert host.sketch.note == (25, 60, "does not touch object 1")
    painter.move(25, 42)
    (region,) = host.sketch.regions
    assert region.id == 1 and host.sketch.note is None and host.sketch.dashed == ()
    painter.release(25, 42)
    assert steps(host) == ["Add to object"] and host.regions[1].bounds[3] > 63


def test_shift_paints_on_the_selected_object_and_not_on_the_neighbour(
    host: FakeHost, painter: Mouse
) -> None:
    host.selected = frozenset((1,))
    painter.drag((70, 20), (35, 20), shift=True)
    assert host.commits[0][1][0].id == 1 and len(host.regions) == 2


def test_a_stroke_apart_from_its_object_changes_nothing(host: FakeHost, painter: Mouse) -> None:
    host.selected = frozenset((1,))
    painter.drag((25, 60), (45, 60), shift=True)
    assert host.commits == [] and "touches object 1" in host.said[0]


@pytest.mark.parametrize("selected", [(), (1, 2)])
def test_shift_needs_one_selected_object(
    host: FakeHost, painter: Mouse, selected: tuple[int, ...]
) -> None:
    host.selected = frozenset(selected)
    painter.drag((25, 60), (25, 30), shift=True)
    assert host.commits == [] and "Select one" in host.said[0]


def test_a_stroke_inside_changes_nothing_and_says_so(host: FakeHost, painter: Mouse) -> None:
    before = host.regions[1]
    painter.drag((20, 20), (30, 30))
    assert host.regions[1] is before and host.commits == [] and len(host.said) == 1


def test_strokes_stay_in_the_image(host: FakeHost, painter: Mouse) -> None:
    painter.drag((5, 60), (-30, 60), (-30, 300))
    x0, _, x1, y1 = host.regions[3].bounds
    assert (x0, y1) == (0, 80) and x1 == pytest.approx(9, abs=0.05)
    assert is_valid(host.regions[3])


def test_a_loop_leaves_a_hole(host: FakeHost, painter: Mouse) -> None:
    way = [(10.0, 55.0), (40.0, 55.0), (40.0, 75.0), (10.0, 75.0), (10.0, 55.0)]
    painter.drag(*way)
    (hole,) = host.regions[3].holes
    assert Region(0, hole).area == pytest.approx(22 * 12, rel=0.01)
    painter.drag((10, 65), (40, 65))
    assert len(host.regions[3].holes) == 2
    painter.drag((10, 57), (10, 63), (40, 63), (40, 67), (10, 67))
    assert host.regions[3].holes == ()


# Eraser


def test_erasing_takes_away(host: FakeHost, rubber: Mouse) -> None:
    before = host.regions[1]
    rubber.drag((37, 25), (50, 25))
    after = host.regions[1]
    assert steps(host) == ["Erase from object"] and host.selected == {1}
    assert after.area == pytest.approx(900 - 3 * 8 - math.pi * 8, rel=0.002)
    assert corners(before) <= corners(after) and after.uid == before.uid
    assert host.said == [] and is_valid(after)


def test_erasing_in_the_middle_makes_a_hole(host: FakeHost, rubber: Mouse) -> None:
    rubber.click(25, 25)
    assert len(host.regions[1].holes) == 1
    assert corners(host.regions[1]) == corners(square(1, 10, 10, 30))


def test_of_several_pieces_the_largest_stays(host: FakeHost, rubber: Mouse) -> None:
    rubber.press(18, 20)
    for point in ((18, 0), (18, 60), (35, 60)):
        rubber.move(*point)
    assert host.sketch.note == (35, 60, "drops 1 piece")
    rubber.move(35, 0)
    (shown,) = host.sketch.regions
    assert host.sketch.note == (35, 0, "drops 2 pieces")
    rubber.release(35, 0)
    assert host.regions[1].area == pytest.approx(shown.area) == pytest.approx(9 * 30, rel=0.01)
    assert steps(host) == ["Erase from object"]
    assert len(host.said) == 1 and "2 pieces" in host.said[0]


def test_an_object_with_nothing_left_is_deleted_in_one_step(
    host: FakeHost, eraser: Eraser, size: BrushSize
) -> None:
    size.radius = 25
    mouse = Mouse(eraser)
    mouse.press(25, 25)
    assert host.sketch.regions == () and host.sketch.dashed[0] == host.sketch.dashed[-1]
    assert host.sketch.note == (25, 25, "nothing is left") and 1 in host.regions
    mouse.release(25, 25)
    assert set(host.regions) == {2} and steps(host) == ["Erase object"]
    assert "deleted" in host.said[0]


def test_the_eraser_shaves_the_selected_object_from_outside(host: FakeHost, rubber: Mouse) -> None:
    rubber.drag((25, 60), (25, 38))
    assert host.commits == [] and "select" in host.said[0]
    host.selected = frozenset((1,))
    rubber.drag((25, 60), (25, 38))
    assert steps(host) == ["Erase from object"] and host.regions[1].area < 880
    rubber.drag((80.5, 20), (95, 20))
    assert "object 1" in host.said[1] and len(host.commits) == 1


def test_the_eraser_begins_on_a_neighbour_unless_shift_is_held(
    host: FakeHost, rubber: Mouse
) -> None:
    host.selected = frozenset((1,))
    rubber.drag((62, 20), (36, 20), shift=True)
    assert host.commits[-1][1][0].id == 1 and host.regions[2].area == 400
    rubber.drag((62, 20), (36, 20))
    assert host.commits[-1][1][0].id == 2


# Both


@pytest.mark.parametrize("tool", [Brush, Eraser])
def test_locked_objects_refuse_at_the_press(host: FakeHost, tool: type[Brush]) -> None:
    host.regions[1] = before = square(1, 10, 10, 30, locked=True)
    mouse = Mouse(tool(host, BrushSize()))
    mouse.drag((35, 25), (50, 25))
    host.selected = frozenset((1,))
    mouse.drag((50, 25), (35, 25), shift=True)
    assert host.regions[1] is before and host.commits == []
    assert host.said == ["Object 1 is locked; unlock it to change its outline."] * 2


@pytest.mark.parametrize("tool", [Brush, Eraser])
def test_the_preview_is_what_is_stored(host: FakeHost, tool: type[Brush]) -> None:
    mouse = Mouse(tool(host, BrushSize(4)))
    mouse.press(37, 25)
    for x in np.linspace(37, 50, 40).tolist():
        mouse.move(x, 25)
    (shown,) = host.sketch.regions
    assert shown.id == 1 and host.sketch.circle == (50, 25, 4)
    mouse.release(50, 25)
    stored = to_shapely(host.regions[1].rings)
    off = shapely.hausdorff_distance(stored.boundary, to_shapely(shown.rings).boundary)
    assert off <= 0.1 and len(host.regions[1].shell) <= len(shown.shell)


def test_the_circle_and_the_target_are_shown_while_hovering(host: FakeHost, painter: Mouse) -> None:
    painter.move(25, 25)
    assert host.sketch == Sketch(circle=(25, 25, 4)) and host.hovered == 1
    painter.move(25, 60)
    assert host.sketch == Sketch(circle=(25, 60, 4)) and host.hovered == 0


def test_the_size_is_shared_and_changes_by_wheel_and_keys(
    host: FakeHost, brush: Brush, eraser: Eraser, size: BrushSize, painter: Mouse
) -> None:
    painter.move(25, 60)
    assert brush.wheel(2) and size.radius == pytest.approx(4 * 1.15**2)
    assert host.sketch.circle == (25, 60, size.radius)
    assert host.sketch.note == (25, 60, "radius 5.29 px")
    Mouse(eraser).move(25, 25)
    assert host.sketch.circle == (25, 25, size.radius) and host.sketch.note is None
    assert eraser.key("[") and eraser.key("[") and size.radius == pytest.approx(4)
    assert brush.key("]") and size.radius == pytest.approx(4.6)
    assert not brush.key("A")
    brush.wheel(1000)
    assert size.radius == 500
    brush.wheel(-1000)
    assert size.radius == 1


def test_the_size_may_change_during_a_stroke(host: FakeHost, brush: Brush, painter: Mouse) -> None:
    painter.press(20, 60)
    brush.wheel(5)
    painter.move(50, 60)
    brush.wheel(-5)
    painter.move(80, 60)
    painter.release(80, 60)
    x0, y0, x1, y1 = host.regions[3].bounds
    assert (x0, x1) == pytest.approx((20 - 4 * 1.15**5, 84), abs=0.1)
    assert y1 - y0 == pytest.approx(8 * 1.15**5, abs=0.1) and len(host.commits) == 1


@pytest.mark.parametrize("tool", [Brush, Eraser])
def test_escape_drops_the_stroke_and_keeps_the_circle(host: FakeHost, tool: type[Brush]) -> None:
    acting = tool(host, BrushSize(4))
    mouse = Mouse(acting)
    assert not acting.key("Escape")
    mouse.press(37, 25)
    mouse.move(50, 25)
    assert acting.key("Escape") and host.sketch == Sketch(circle=(50, 25, 4))
    mouse.release(50, 25)
    assert host.commits == [] and host.said == []
    mouse.press(37, 25)
    acting.cancel()
    assert host.sketch == Sketch()
    mouse.release(37, 25)
    assert host.commits == []


def test_an_object_that_changed_meanwhile_is_not_overwritten(
    host: FakeHost, painter: Mouse
) -> None:
    painter.press(37, 25)
    painter.move(50, 25)
    host.regions[1] = square(1, 0, 0, 4)
    painter.release(50, 25)
    assert host.commits == [] and "changed" in host.said[0]


def test_nothing_more_is_said_when_the_host_refuses(host: FakeHost, rubber: Mouse) -> None:
    host.refuses = True
    rubber.drag((18, 0), (18, 60))
    rubber.drag((25, 0), (25, 60))
    assert host.said == ["Begin on an object, or select the one to erase from."] * 2
    rubber.drag((18, 20), (18, 0), (18, 60))
    assert len(host.said) == 2 and host.commits == []


def test_other_buttons_paint_nothing(host: FakeHost, painter: Mouse) -> None:
    painter.press(20, 60, "right")
    painter.move(30, 60)
    painter.release(30, 60, "right")
    assert host.commits == [] and host.sketch == Sketch(circle=(30, 60, 4))


def test_random_strokes_keep_every_object_one_clean_polygon(host: FakeHost) -> None:
    random, size = np.random.default_rng(0), BrushSize(3)
    mice = [Mouse(Brush(host, size)), Mouse(Eraser(host, size))]
    for turn in range(250):
        size.radius = float(random.uniform(1, 8))
        host.selected = frozenset(random.choice(list(host.regions) or [1], 1).tolist())
        way = random.uniform(-10, 110, (int(random.integers(1, 8)), 2)).tolist()
        mice[turn % 2].drag(*[(x, y) for x, y in way], shift=bool(turn % 3 == 0))
    assert len(host.commits) > 100
    for region in host.regions.values():
        x0, y0, x1, y1 = region.bounds
        assert is_valid(region) and x0 >= 0 and y0 >= 0 and x1 <= 100 and y1 <= 80
        assert sum(map(len, region.rings)) < 1000


def test_the_circle_goes_with_the_pointer_but_a_stroke_stays(
    host: FakeHost, brush: Brush, painter: Mouse
) -> None:
    painter.move(20, 20)
    assert host.sketch.circle
    brush.leave()
    assert host.sketch == Sketch()
    painter.press(20, 20)
    brush.leave()
    assert host.sketch.circle
