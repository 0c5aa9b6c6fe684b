"""Each tool in the real window, by mouse and keys: what it stores, one undo step, Escape."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas.tools import TOOLS
from app.commands import edits
from app.commands.change_regions import perform
from app.dialogs.tool_help import ToolHelp
from core.annotation.geometry import is_valid
from tests.app.canvas.samples import square
from tests.gui.window_desk import (
    ALT,
    CONTROL,
    DISCS,
    HOLED,
    LEFT,
    LOCKED,
    PLAIN,
    SHIFT,
    WindowDesk,
    circle,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
KEYS = {spec.name: spec.shortcut for spec in TOOLS}
TOOL_NAMES = sorted(KEYS)
CLICKS_PAINT = {"brush", "eraser", "wand"}
"""Tools that do something where they are clicked, by their nature."""
X, Y, RADIUS = DISCS[0]
DISC = math.pi * RADIUS**2
REDO = ((Qt.Key.Key_Y, CONTROL), (Qt.Key.Key_Z, CONTROL | SHIFT))


@dataclass(frozen=True)
class Case:
    """tool, what is selected before, what the hand does, the name of the step, what must hold."""

    tool: str
    selected: frozenset[int]
    act: Callable[[WindowDesk], None]
    step: str
    holds: Callable[[WindowDesk], bool]


def near(value: float, wanted: float, share: float = 0.1) -> bool:
    return abs(value - wanted) <= share * wanted


def first_click(desk: WindowDesk, x: float, y: float) -> None:
    desk.click((x, y))


def outlined(desk: WindowDesk) -> None:
    """Three points on the edge of the first disc, closed by Return."""
    for angle in (0.0, 2.1, 4.2):
        first_click(desk, X + RADIUS * math.cos(angle), Y + RADIUS * math.sin(angle))
    desk.key(Qt.Key.Key_Return)


def is_new(desk: WindowDesk, area: float, x: float, y: float, share: float = 0.1) -> bool:
    """Whether the newest region is of a person, of the active class, selected, and of this size in
    this place."""
    new = desk.newest()
    x0, y0, x1, y1 = new.bounds
    place = abs((x0 + x1) / 2 - x) < 2 and abs((y0 + y1) / 2 - y) < 2
    is_selected = desk.selection.ids == {new.id} and new.id > LOCKED
    is_drawn = new.origin.kind == "human" and new.class_id == desk.document.classes.active != 0
    return place and is_selected and near(new.area, area, share) and is_drawn


CASES = {
    "move": Case(
        "select",
        frozenset({PLAIN}),
        lambda d: d.drag((40, 40), (40, 45), (48, 50)),
        "Move object",
        lambda d: d.region(PLAIN).bounds == pytest.approx((28, 30, 68, 70), abs=0.5),
    ),
    "vertex": Case(
        "vertices",
        frozenset({PLAIN}),
        lambda d: d.drag((20, 20), (15, 15), (10, 10)),
        "Move vertex",
        lambda d: d.region(PLAIN).shell.min(axis=0) == pytest.approx((10, 10), abs=0.5),
    ),
    "vertex of a hole": Case(
        "vertices",
        frozenset({HOLED}),
        lambda d: d.drag((93.3, 33.3), (90, 30), (86, 26)),
        "Move vertex",
        lambda d: d.region(HOLED).holes[0].min(axis=0) == pytest.approx((86, 26), abs=0.5),
    ),
    "polygon": Case(
        "polygon",
        frozenset(),
        lambda d: d.click((20, 80), (60, 80), (60, 120), (20, 120), (20, 80)),
        "Draw object",
        lambda d: is_new(d, 1600, 40, 100),
    ),
    "freehand": Case(
        "freehand",
        frozenset(),
        lambda d: d.drag(*circle(100, 110, 20)),
        "Draw object",
        lambda d: is_new(d, math.pi * 400, 100, 110),
    ),
    "ellipse": Case(
        "ellipse",
        frozenset(),
        lambda d: d.drag((20, 90), (30, 100), (60, 110)),
        "Draw ellipse",
        lambda d: is_new(d, math.pi * 20 * 10, 40, 100),
    ),
    "rectangle": Case(
        "rectangle",
        frozenset(),
        lambda d: d.drag((20, 90), (30, 100), (60, 110)),
        "Draw rectangle",
        lambda d: is_new(d, 800, 40, 100),
    ),
    "square": Case(
        "rectangle",
        frozenset(),
        lambda d: d.drag((20, 90), (30, 95), (50, 100), held=SHIFT),
        "Draw rectangle",
        lambda d: is_new(d, 900, 35, 105),
    ),
    "paint a new one": Case(
        "brush",
        frozenset(),
        lambda d: d.drag((80, 100), (90, 100), (110, 100)),
        "Paint object",
        lambda d: is_new(d, 30 * 12 + math.pi * 36, 95, 100),
    ),
    "paint on": Case(
        "brush",
        frozenset(),
        lambda d: d.drag((50, 40), (60, 40), (70, 40)),
        "Add to object",
        lambda d: near(d.region(PLAIN).area, 1600 + 10 * 12 + math.pi * 18, 0.02),
    ),
    "erase": Case(
        "eraser",
        frozenset(),
        lambda d: d.drag((50, 40), (60, 40), (70, 40)),
        "Erase from object",
        lambda d: near(d.region(PLAIN).area, 1600 - 10 * 12 - math.pi * 18, 0.02),
    ),
    "reshape": Case(
        "reshape",
        frozenset({PLAIN}),
        lambda d: d.drag((60, 30), (65, 30), (70, 30), (70, 50), (65, 50), (60, 50)),
        "Reshape object",
        lambda d: near(d.region(PLAIN).area, 1800, 0.03),
    ),
    "cut": Case(
        "cut",
        frozenset({PLAIN}),
        lambda d: d.drag((10, 35), (40, 35), (70, 35)),
        "Cut object",
        lambda d: abs(d.region(PLAIN).area + d.newest().area - 1600) < 1e-6 and d.newest().id > 3,
    ),
    "hole": Case(
        "hole",
        frozenset(),
        lambda d: d.drag(*circle(40, 40, 10)),
        "Add hole",
        lambda d: near(d.region(PLAIN).area, 1600 - math.pi * 100, 0.03),
    ),
    "fill a hole": Case(
        "hole",
        frozenset(),
        lambda d: d.click((100, 40)),
        "Fill hole",
        lambda d: not d.region(HOLED).holes and d.region(HOLED).area == pytest.approx(1600),
    ),
    "live wire": Case(
        "livewire", frozenset(), outlined, "Draw object", lambda d: is_new(d, DISC, X, Y)
    ),
    "wand": Case(
        "wand",
        frozenset(),
        lambda d: d.click((X, Y)),
        "Grow object",
        lambda d: is_new(d, DISC, X, Y),
    ),
}
BEGINNINGS: dict[str, Callable[[WindowDesk], None]] = {
    "select": lambda d: d.begin((40, 40), (50, 50), (60, 60)),
    "vertices": lambda d: d.begin((20, 20), (15, 15), (10, 10)),
    "polygon": lambda d: d.click((20, 80), (60, 80), (60, 120)),
    "freehand": lambda d: d.begin(*circle(100, 110, 20)),
    "ellipse": lambda d: d.begin((20, 90), (30, 100), (60, 110)),
    "rectangle": lambda d: d.begin((20, 90), (30, 100), (60, 110)),
    "brush": lambda d: d.begin((50, 40), (60, 40), (70, 40)),
    "eraser": lambda d: d.begin((50, 40), (60, 40), (70, 40)),
    "reshape": lambda d: d.begin((60, 30), (70, 30), (70, 50), (60, 50)),
    "cut": lambda d: d.begin((10, 35), (40, 35), (70, 35)),
    "merge": lambda d: d.begin((40, 40), (60, 60), (100, 70)),
    "hole": lambda d: d.begin(*circle(40, 40, 10)),
    "livewire": lambda d: d.click((X - RADIUS, Y), (X, Y - RADIUS), (X + RADIUS, Y)),
    "wand": lambda d: d.begin((X, Y)),
    "measure": lambda d: d.begin((20, 90), (60, 90)),
}
"""A gesture of each tool that is not finished."""


def test_every_tool_is_tried() -> None:
    apart = {"measure", "merge"}  # have tests of their own
    assert {case.tool for case in CASES.values()} | apart == set(KEYS) == set(BEGINNINGS)


@pytest.mark.parametrize("name", CASES)
def test_a_gesture_is_one_step_that_undo_and_redo_repeat(
    window_desk: WindowDesk, name: str
) -> None:
    desk, case = window_desk, CASES[name]
    others, before = dict(desk.document.regions), desk.hash
    desk.selection.set(case.selected)
    desk.take(KEYS[case.tool])
    case.act(desk)
    assert desk.steps == 1
    assert case.holds(desk), [(r.id, r.area, r.bounds) for r in desk.document.regions.values()]
    assert all(map(is_valid, desk.document.regions.values()))
    assert desk.region(LOCKED) is others[LOCKED]
    desk.label("undo", f"Undo {case.step}")
    after = desk.hash
    for key, held in REDO:
        desk.key(Qt.Key.Key_Z, CONTROL)
        assert desk.hash == before
        desk.label("redo", f"Redo {case.step}")
        desk.key(key, held)
        assert desk.hash == after
        desk.label("undo", f"Undo {case.step}")


@pytest.mark.parametrize("name", TOOL_NAMES)
def test_escape_drops_what_was_begun(window_desk: WindowDesk, name: str) -> None:
    desk = window_desk
    before = desk.hash
    desk.selection.set([PLAIN])
    desk.take(KEYS[name])
    BEGINNINGS[name](desk)
    assert desk.sketch.regions or desk.sketch.line or desk.sketch.note
    desk.key(Qt.Key.Key_Escape)
    shown = desk.sketch
    assert not (shown.regions or shown.line or shown.note or shown.handles or shown.rubber)
    QTest.mouseRelease(desk.canvas, LEFT, pos=desk.screen(70, 70))
    assert desk.hash == before and desk.steps == 0
    assert desk.canvas.tool == name


@pytest.mark.parametrize("name", sorted(KEYS.keys() - CLICKS_PAINT))
def test_less_than_four_screen_pixels_change_nothing(window_desk: WindowDesk, name: str) -> None:
    """Within the selected region, at its corner, at its border, and beside it."""
    desk = window_desk
    before = desk.hash
    desk.take(KEYS[name])
    for place in ((40, 40), (20, 20), (60, 40), (10, 90)):
        desk.selection.set([PLAIN])
        at = desk.screen(*place)
        desk.point(at)
        QTest.mousePress(desk.canvas, LEFT, pos=at)
        for step in (QPoint(1, 0), QPoint(2, 1), QPoint(2, 2)):
            desk.point(at + step, LEFT)
        QTest.mouseRelease(desk.canvas, LEFT, pos=at + QPoint(2, 2))
        assert desk.hash == before and desk.steps == 0, place
        desk.canvas.cancel_gesture()


@pytest.mark.parametrize("name", TOOL_NAMES)
def test_the_key_takes_the_tool_and_the_card_explains_it(
    window_desk: WindowDesk, name: str
) -> None:
    desk = window_desk
    desk.take("V" if name != "select" else "P")
    desk.take(KEYS[name])
    assert desk.canvas.tool == name and desk.action(f"tool_{name}").isChecked()
    desk.key(Qt.Key.Key_Question)  # without a screen Qt does not know that "?" takes Shift
    (card,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, ToolHelp))
    title = next(spec.title for spec in TOOLS if spec.name == name)
    assert card.isVisible() and f"{title} ({KEYS[name]})" in card.text()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert desk.canvas.tool == name


def test_a_click_that_closes_the_card_does_nothing_else(window_desk: WindowDesk) -> None:
    desk, before = window_desk, window_desk.hash
    desk.take("B")
    for at in (QPoint(40, 30), QPoint(500, 500)):  # on the card and beside it
        desk.action("tool_keys").trigger()
        card = QApplication.activePopupWidget()
        assert isinstance(card, ToolHelp)
        origin = desk.canvas.mapTo(desk.window, QPoint(0, 0))
        QTest.mouseClick(desk.window.windowHandle(), LEFT, pos=origin + at)
        desk.qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert desk.hash == before


def test_select_by_click_shift_and_rubber_band(window_desk: WindowDesk) -> None:
    desk = window_desk
    desk.take("V")
    desk.click((40, 40))
    assert desk.selection.ids == {PLAIN}
    desk.click((85, 25), held=SHIFT)
    assert desk.selection.ids == {PLAIN, HOLED}
    desk.click((10, 90))
    assert not desk.selection.ids
    desk.drag((70, 10), (100, 40), (190, 70))
    assert desk.selection.ids == {HOLED, LOCKED}
    desk.key(Qt.Key.Key_Escape)
    assert not desk.selection.ids and desk.steps == 0


def test_lasso(window_desk: WindowDesk) -> None:
    desk = window_desk
    desk.take("V")
    desk.drag(*circle(40, 40, 25), held=ALT)
    assert desk.selection.ids == {PLAIN}
    desk.drag(*circle(100, 40, 25), held=ALT | SHIFT)
    assert desk.selection.ids == {PLAIN, HOLED} and desk.steps == 0


def test_measure_shows_the_length_and_stores_nothing(window_desk: WindowDesk) -> None:
    desk, before = window_desk, window_desk.hash
    desk.take("M")
    desk.drag((20, 90), (50, 90), (120, 90))
    assert desk.sketch.note is not None
    length, angle = desk.sketch.note[2].split(" · ")
    assert float(length.removesuffix(" px")) == pytest.approx(100, abs=0.7) and angle == "0°"
    assert desk.hash == before and desk.steps == 0


def test_a_drag_over_three_that_touch_merges_them(window_desk: WindowDesk) -> None:
    desk = window_desk
    parts = [square(0, 20, 80, 30), square(0, 50, 80, 30), square(0, 80, 90, 10)]
    perform(desk.document, edits.add(desk.document, parts, "Draw"))
    before, steps = desk.hash, desk.steps
    desk.take("T")
    desk.drag((30, 95), (60, 95), (85, 95))
    assert desk.steps == steps + 1 and len(desk.document.regions) == 4
    (merged,) = desk.selection.ids
    assert desk.region(merged).area == pytest.approx(1900)
    desk.label("undo", "Undo Merge")
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.hash == before


@pytest.mark.parametrize(
    "tool", ["select", "vertices", "eraser", "reshape", "cut", "merge", "hole"]
)
def test_a_locked_region_stays_and_that_is_said(window_desk: WindowDesk, tool: str) -> None:
    desk, before = window_desk, window_desk.hash
    said: list[str] = []
    desk.canvas.said.connect(said.append)
    desk.selection.set([LOCKED])
    desk.take(KEYS[tool])
    starts = {"vertices": (140, 20), "reshape": (140, 40), "cut": (130, 40)}
    desk.drag(starts.get(tool, (150, 40)), (160, 30), (160, 35), (190, 45))
    assert desk.hash == before and desk.steps == 0
    assert said and "locked" in said[-1]


def test_the_right_click_acts_on_the_vertex_as_it_is_now(window_desk: WindowDesk) -> None:
    """Also right after an edit that changed the order of the vertices."""
    desk = window_desk
    desk.selection.set([PLAIN])
    desk.take("E")
    desk.drag((40, 20), (40, 15), (40, 10))
    assert len(desk.region(PLAIN).shell) == 5
    at = desk.screen(40, 10)
    desk.point(at)
    QTest.mouseClick(desk.canvas, Qt.MouseButton.RightButton, pos=at)
    assert len(desk.region(PLAIN).shell) == 4 and desk.region(PLAIN).area == pytest.approx(1600)
    desk.label("undo", "Undo Remove vertex")


def right_click(desk: WindowDesk, x: float, y: float) -> QMenu | None:
    """As Qt tells it: the button, then that a menu is wanted; the menu that opens is closed."""
    at = desk.screen(x, y)
    desk.point(at)
    QTest.mouseClick(desk.canvas, Qt.MouseButton.RightButton, pos=at)
    wish = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, desk.canvas.mapToGlobal(at))
    QApplication.sendEvent(desk.canvas, wish)
    menu = QApplication.activePopupWidget()
    if not isinstance(menu, QMenu):
        return None
    menu.close()
    return menu


def test_the_right_button_offers_what_can_be_done_with_an_object(window_desk: WindowDesk) -> None:
    desk = window_desk
    desk.take("V")
    desk.selection.set([PLAIN, HOLED])
    menu = right_click(desk, 40, 40)
    assert menu is not None and desk.selection.ids == {PLAIN, HOLED}
    assert {desk.action(name) for name in ("delete", "duplicate", "lock")} <= set(menu.actions())
    assert right_click(desk, 150, 40) is menu and desk.selection.ids == {LOCKED}
    assert right_click(desk, 10, 90) is None and not desk.selection.ids
    desk.selection.set([PLAIN])
    desk.take("E")
    assert right_click(desk, 45, 45) is None  # there it removes vertices
    assert desk.steps == 0


def test_the_menu_key_opens_it_too(window_desk: WindowDesk) -> None:
    desk = window_desk
    desk.take("V")
    desk.selection.set([PLAIN])
    place = QPoint(5, 5)
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(desk.canvas, QContextMenuEvent(reason, place, place))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and desk.selection.ids == {PLAIN}
    menu.close()
