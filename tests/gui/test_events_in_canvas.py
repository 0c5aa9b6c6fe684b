"""Every event with every tool: one command at most, and never more selected than was pointed at."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.tools import TOOLS
from app.commands.change_regions import perform
from core.annotation.region import Region, ring
from core.project.delta import Delta
from tests.app.canvas.samples import crowd, noise, square
from tests.gui.canvas_desk import LEFT, MIDDLE, NONE, RIGHT, SHIFT, CanvasDesk

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PLACES = ((20, 20), (10, 10), (30, 20), (70, 20), (50, 80), (99, 99))
KEYS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_F,
    Qt.Key.Key_BracketLeft,
    Qt.Key.Key_Right,
    Qt.Key.Key_Escape,
)


@pytest.mark.parametrize("tool", [spec.name for spec in TOOLS])
def test_an_event_is_at_most_one_command(qtbot: QtBot, tool: str) -> None:
    regions = [square(1, 10, 10, 20), square(2, 60, 10, 30, hole=True), square(3, 60, 60, 20)]
    desk = CanvasDesk(qtbot, regions)
    desk.canvas.set_tool(tool)
    stack = desk.document.stack

    def check(what: object) -> None:
        nonlocal steps
        assert abs(stack.index() - steps) <= 1, what
        steps = stack.index()
        stack.setIndex(0)
        assert desk.selection.ids != frozenset(desk.regions), what
        desk.selection.set([1])
        steps = stack.index()

    steps = stack.index()
    for place in PLACES:
        for button in (LEFT, RIGHT, MIDDLE):
            for held in (NONE, SHIFT, CONTROL, ALT):
                desk.selection.set([1])
                desk.click(*place, button=button, held=held)
                check((place, button, held))
                QTest.mouseDClick(desk.canvas, button, held, desk.screen(*place))
                check((place, button, held, "double"))
        for key in KEYS:
            desk.move(*place)
            desk.key(key)
            check((place, key))
        desk.canvas.cancel_gesture()


def test_as_many_other_regions_are_painted_anew(qtbot: QtBot) -> None:
    """A second run that finds as many objects does not leave those of the first on the screen."""
    first, second = (crowd(60, 300, 200, seed) for seed in (1, 2))
    desk = CanvasDesk(qtbot, first.values(), noise(300, 200))
    before = desk.picture()
    perform(desk.document, Delta("Segment again", first, second))
    shown = desk.picture()
    expected = CanvasDesk(qtbot, second.values(), noise(300, 200)).picture()
    assert np.array_equal(shown, expected) and not np.array_equal(shown, before)
    desk.document.stack.undo()
    assert np.array_equal(desk.picture(), before)


def test_a_hole_beside_the_view_hides_nothing(qtbot: QtBot) -> None:
    """Of a ring with very many vertices that is not seen nothing is left to paint."""
    large = Region(1, circle(100, 100, 90), (circle(50, 100, 20),))
    desk = CanvasDesk(qtbot, [large], noise(200, 200))
    desk.canvas.set_zoom(8)
    desk.canvas.look(desk.canvas.viewport.panned(-600, 0))
    bare = desk.picture()
    desk.selection.set([1])
    assert not np.array_equal(desk.picture(), bare)


def circle(x: float, y: float, radius: float) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    return ring(np.stack((x + radius * np.cos(angles), y + radius * np.sin(angles)), axis=1))


def test_an_error_of_compiled_code_is_reported_and_the_program_goes_on(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = CanvasDesk(qtbot, [square(1, 10, 10, 20)])
    desk.canvas.set_tool("wand")

    def write_where_nobody_may(*_: object) -> None:
        np.broadcast_to(0.0, 3)[:] = 1.0

    monkeypatch.setattr(desk.canvas._tools["wand"], "press", write_where_nobody_may)
    with qtbot.captureExceptions() as errors:
        desk.press(20, 20)
    assert [kind for kind, *_ in errors] == [ValueError]
