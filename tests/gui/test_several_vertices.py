"""Several vertices at once, and drags that are broken off, by the real mouse."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.tools import TOOLS
from core.annotation.region import Region, same_outline
from tests.app.canvas.samples import square
from tests.gui.canvas_desk import LEFT, RIGHT, SHIFT, CanvasDesk

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qtbot: QtBot) -> CanvasDesk:
    made = CanvasDesk(qtbot, [square(1, 20, 20, 60, hole=True)])
    made.selection.set([1])
    return made


def color_at(picture: np.ndarray, desk: CanvasDesk, x: float, y: float) -> tuple[int, ...]:
    at = desk.screen(x, y)
    return tuple(picture[at.y(), at.x()].tolist())


def rounded(region: Region) -> list[list[float]]:
    return [[round(a) for a in corner] for ring in region.rings for corner in ring.tolist()]


def test_chosen_vertices_are_painted_and_stay_chosen_from_move_to_move(desk: CanvasDesk) -> None:
    desk.canvas.set_tool("vertices")
    desk.drag((90, 10), (70, 30), (55, 45))
    desk.move(50, 70)
    picture = desk.picture()
    white = (255, 255, 255)
    assert color_at(picture, desk, 20, 20) == color_at(picture, desk, 40, 60) == white
    chosen = color_at(picture, desk, 80, 20)
    assert chosen == color_at(picture, desk, 60, 40) and max(chosen) - min(chosen) > 60
    before = desk.regions[1]
    for _ in range(2):
        x, y = desk.regions[1].shell[1]
        desk.drag((x, y), (x - 2, y + 3), (x - 3, y + 6))
        assert desk.document.stack.undoText() == "Move 2 vertices"
    assert rounded(desk.regions[1])[1] == [74, 32] and rounded(desk.regions[1])[5] == [54, 52]
    for _ in range(2):
        desk.document.stack.undo()
    assert same_outline(desk.regions[1], before)
    desk.move(50, 90)
    assert color_at(desk.picture(), desk, 80, 20) == white
    desk.key(Qt.Key.Key_Delete)
    assert desk.document.stack.count() == 2 and "Point at a vertex" in desk.said[-1]


def test_delete_removes_what_is_chosen(desk: CanvasDesk) -> None:
    desk.canvas.set_tool("vertices")
    desk.click(40, 60, held=SHIFT)
    desk.click(60, 60, held=SHIFT)
    desk.move(50, 90)
    desk.key(Qt.Key.Key_Delete)
    assert (
        desk.document.stack.undoText() == "Remove 2 vertices" and desk.document.stack.count() == 1
    )
    assert desk.regions[1].holes == () and desk.selection.ids == {1}


def test_a_sweep_is_one_step(desk: CanvasDesk) -> None:
    desk.canvas.set_tool("vertices")
    QTest.mousePress(desk.canvas, LEFT, CONTROL, desk.screen(40, 40))
    desk.move(50, 45, LEFT)
    desk.move(60, 40, LEFT)
    assert desk.document.stack.count() == 0
    QTest.mouseRelease(desk.canvas, LEFT, CONTROL, desk.screen(60, 40))
    assert desk.document.stack.undoText() == "Remove 2 vertices"
    assert desk.regions[1].holes == () and desk.document.stack.count() == 1
    desk.document.stack.undo()
    assert len(desk.regions[1].holes) == 1


@pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.name)
def test_another_tool_in_the_middle_of_a_drag_drops_it(desk: CanvasDesk, spec: object) -> None:
    name, before = getattr(spec, "name", ""), desk.regions
    other = "measure" if name != "measure" else "select"
    desk.canvas.set_tool(other)
    desk.canvas.set_tool(name)
    desk.move(20, 50)
    desk.press(20, 50)
    desk.move(30, 60, LEFT)
    desk.canvas.set_tool(other)
    desk.move(40, 70, LEFT)
    desk.release(40, 70)
    assert desk.regions == before and desk.document.stack.count() == 0
    desk.move(50, 70)
    bare = desk.picture()
    desk.canvas.set_tool(name)
    desk.canvas.set_tool(other)
    assert np.array_equal(desk.picture(), bare)


def test_a_right_press_drops_a_drag_of_the_left_button(desk: CanvasDesk) -> None:
    before = desk.regions
    desk.move(50, 30)
    desk.press(50, 30)
    desk.move(60, 40, LEFT)
    at = QPointF(desk.screen(60, 40)).toPoint()
    QTest.mousePress(desk.canvas, RIGHT, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseRelease(desk.canvas, RIGHT, Qt.KeyboardModifier.NoModifier, at)
    desk.move(65, 45, LEFT)
    desk.release(65, 45)
    assert desk.regions == before and desk.document.stack.count() == 0
