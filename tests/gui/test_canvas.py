"""The canvas under a real mouse and keyboard."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas import scene
from app.canvas.readout import Readout
from app.canvas.tools import TOOLS
from app.commands import edits
from app.commands.change_regions import perform
from core.annotation.geometry import is_valid
from core.annotation.raster import regions_from_labels
from core.annotation.region import Region
from core.image.read import read_image
from tests.app.canvas.samples import document, noise, square
from tests.gui.canvas_desk import MIDDLE, RIGHT, SHIFT, CanvasDesk


@pytest.fixture
def desk(qtbot: QtBot) -> CanvasDesk:
    """Two squares on an image of 100 x 100, at a scale of 2.7."""
    return CanvasDesk(qtbot, [square(1, 10, 10, 30), square(2, 60, 50, 30, hole=True)])


def bounds(desk: CanvasDesk, region_id: int) -> tuple[float, ...]:
    return desk.document.regions[region_id].bounds


# Zoom and pan


def test_an_image_is_shown_as_a_whole(desk: CanvasDesk) -> None:
    x0, y0, x1, y1 = desk.canvas.viewport.visible
    assert x0 < 0 and y0 < 0 and x1 > 100 and y1 > 100


def test_the_wheel_zooms_at_the_cursor(desk: CanvasDesk, qtbot: QtBot) -> None:
    at, before = desk.screen(30, 70), desk.canvas.zoom
    with qtbot.waitSignal(desk.canvas.zoom_changed) as told:
        desk.wheel(30, 70, 2)
    assert told.args == [desk.canvas.zoom] and desk.canvas.zoom > before
    assert desk.screen(30, 70) == at
    desk.wheel(30, 70, -2)
    assert desk.canvas.zoom == pytest.approx(before)


def test_zoom_commands(desk: CanvasDesk) -> None:
    canvas = desk.canvas
    canvas.actual_size()
    assert canvas.zoom == 1
    canvas.zoom_in()
    canvas.zoom_out()
    assert canvas.zoom == pytest.approx(1)
    canvas.set_zoom(20, QPointF(0, 0))
    assert canvas.zoom == 20
    canvas.fit()
    assert canvas.viewport.is_fitted


def test_the_middle_button_pans_with_a_closed_hand(desk: CanvasDesk) -> None:
    desk.canvas.set_zoom(10)
    desk.press(50, 50, MIDDLE)
    assert desk.canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    goal = desk.screen(53, 52)
    desk.move(53, 52, MIDDLE)
    assert (desk.screen(50, 50) - goal).manhattanLength() <= 1
    desk.release(50, 50, MIDDLE)
    assert desk.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert desk.document.stack.count() == 0


def test_space_and_drag_pans_and_selects_nothing(desk: CanvasDesk, qtbot: QtBot) -> None:
    desk.canvas.set_zoom(10)
    before = desk.canvas.viewport.x
    qtbot.keyPress(desk.canvas, Qt.Key.Key_Space)
    assert desk.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    desk.drag((20, 20), (22, 20))
    assert desk.canvas.viewport.x == pytest.approx(before - 2, abs=0.1)
    qtbot.keyRelease(desk.canvas, Qt.Key.Key_Space)
    assert desk.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert desk.selection.ids == frozenset()


def test_arrow_keys_pan_when_nothing_is_selected(desk: CanvasDesk) -> None:
    desk.canvas.set_zoom(10)
    before = desk.canvas.viewport
    desk.key(Qt.Key.Key_Right)
    assert desk.canvas.viewport.x > before.x
    desk.key(Qt.Key.Key_Left)
    assert desk.canvas.viewport == before


def test_arrow_keys_nudge_what_is_selected(desk: CanvasDesk, qtbot: QtBot) -> None:
    before, view = desk.document.regions[1].bounds, desk.canvas.viewport
    desk.selection.set([1])
    desk.key(Qt.Key.Key_Right)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Down, SHIFT)
    assert desk.canvas.viewport == view and desk.document.stack.count() == 2
    x0, y0, _, _ = desk.document.regions[1].bounds
    assert (x0, y0) == (before[0] + 1, before[1] + 10)


def test_going_to_a_region(desk: CanvasDesk) -> None:
    desk.canvas.show_region(2)
    assert (desk.canvas.viewport.x, desk.canvas.viewport.y) == (75, 65)
    before = desk.canvas.viewport
    desk.canvas.show_region(99)
    assert desk.canvas.viewport == before


def test_resizing_keeps_a_fitted_image_fitted(desk: CanvasDesk) -> None:
    desk.canvas.resize(900, 700)
    assert desk.canvas.viewport.is_fitted and desk.canvas.viewport.width == 900


# What lies under the pointer


def test_the_readout_has_native_values(desk: CanvasDesk) -> None:
    told: list[Readout | None] = []
    desk.canvas.pointer_moved.connect(told.append)
    desk.canvas.set_zoom(20)
    desk.move(50.4, 49.6)
    at = told[-1]
    assert at is not None and (at.x, at.y) == pytest.approx((50.4, 49.6), abs=0.05)
    assert at.value == (int(desk.image.pixels[49, 50, 0]),)
    QApplication.sendEvent(desk.canvas, QEvent(QEvent.Type.Leave))
    assert told[-1] is None


def test_hover_follows_the_pointer_and_ends_when_it_leaves(desk: CanvasDesk) -> None:
    desk.move(20, 20)
    assert desk.selection.hovered == 1
    desk.move(75, 65)  # in the hole
    assert desk.selection.hovered == 0
    desk.move(62, 52)
    assert desk.selection.hovered == 2
    QApplication.sendEvent(desk.canvas, QEvent(QEvent.Type.Leave))
    assert desk.selection.hovered == 0


# Editing


def test_select_move_delete_and_undo(desk: CanvasDesk) -> None:
    desk.click(20, 20)
    assert desk.selection.ids == {1}
    desk.click(62, 52, held=SHIFT)
    assert desk.selection.ids == {1, 2}
    desk.click(20, 20)
    desk.drag((20, 20), (25, 30))
    assert bounds(desk, 1) == pytest.approx((15, 20, 45, 50), abs=0.5)
    desk.key(Qt.Key.Key_Delete)
    assert set(desk.regions) == {2} and desk.selection.ids == frozenset()
    assert [desk.document.stack.text(i) for i in range(2)] == ["Move object", "Delete object"]
    desk.document.stack.undo()
    desk.document.stack.undo()
    assert bounds(desk, 1) == (10, 10, 40, 40)


def test_a_click_is_at_most_one_command(desk: CanvasDesk) -> None:
    for spec in TOOLS:
        desk.canvas.set_tool(spec.name)
        for x, y in ((20, 20), (10, 10), (25, 10), (50, 95)):
            before = desk.document.stack.count()
            desk.click(x, y)
            assert desk.document.stack.count() <= before + 1


def test_escape_clears_the_selection(desk: CanvasDesk) -> None:
    desk.click(20, 20)
    desk.key(Qt.Key.Key_Escape)
    assert desk.selection.ids == frozenset()


def test_rubber_band(desk: CanvasDesk) -> None:
    desk.drag((5, 5), (30, 60), (95, 85))
    assert desk.selection.ids == {1, 2}


def test_dragging_a_vertex(desk: CanvasDesk) -> None:
    desk.click(20, 20)
    desk.canvas.set_tool("vertices")
    desk.drag((40, 40), (45, 45), (50, 46))
    assert desk.regions[1].shell[2] == pytest.approx([50, 46], abs=0.5)
    assert desk.document.stack.undoText() == "Move vertex"


def test_a_hole_pulled_out_of_its_shell_is_repaired_or_refused(desk: CanvasDesk) -> None:
    desk.selection.set([2])
    desk.canvas.set_tool("vertices")
    desk.drag((70, 60), (40, 30), (20, 45))
    assert is_valid(desk.regions[2]) and "crosse" in desk.said[-1]


def test_a_bow_tie_is_refused_and_the_vertex_goes_back(desk: CanvasDesk) -> None:
    desk.selection.set([1])
    desk.canvas.set_tool("vertices")
    desk.drag((10, 10), (50, 20), (60, 25))
    assert bounds(desk, 1) == (10, 10, 40, 40)
    assert desk.document.stack.count() == 0 and "crosses itself" in desk.said[-1]


def test_right_click_and_delete_remove_vertices(desk: CanvasDesk) -> None:
    desk.selection.set([1])
    desk.canvas.set_tool("vertices")
    desk.double_click(25, 10)
    assert len(desk.regions[1].shell) == 5
    desk.click(25, 10, RIGHT)
    assert len(desk.regions[1].shell) == 4
    desk.move(40, 40)
    desk.key(Qt.Key.Key_Delete)
    assert len(desk.regions[1].shell) == 3 and set(desk.regions) == {1, 2}


def test_drawing_a_region(desk: CanvasDesk) -> None:
    desk.document.classes.set_active(2)
    desk.canvas.set_tool("polygon")
    assert desk.canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    for corner in ((50, 10), (80, 12)):
        desk.click(*corner)
    desk.double_click(65, 40)
    drawn = desk.regions[3]
    assert drawn.class_id == 2 and drawn.origin.kind == "human"
    assert drawn.shell == pytest.approx(np.array([(50, 10), (80, 12), (65, 40)]), abs=0.5)
    assert desk.selection.ids == {3} and desk.document.stack.undoText() == "Draw object"


def test_keys_of_a_drawing_are_no_shortcuts(desk: CanvasDesk) -> None:
    """Return, Backspace and Delete reach the tool although the window has actions on them."""
    fired: list[str] = []
    for key in ("Return", "Backspace", "Delete"):
        action = QAction(key, desk.canvas)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _=False, key=key: fired.append(key))
        desk.canvas.addAction(action)
    desk.canvas.set_tool("polygon")
    for corner in ((50, 10), (80, 12), (90, 90), (65, 40)):
        desk.click(*corner)
    desk.key(Qt.Key.Key_Backspace)
    desk.key(Qt.Key.Key_Return)
    assert len(desk.regions[3].shell) == 3 and fired == []
    desk.canvas.cancel_gesture()
    desk.selection.clear()
    desk.key(Qt.Key.Key_Delete)
    assert fired == ["Delete"]


def test_another_tool_drops_the_drawing(desk: CanvasDesk, qtbot: QtBot) -> None:
    desk.canvas.set_tool("polygon")
    desk.click(50, 10)
    with qtbot.waitSignal(desk.canvas.tool_changed) as told:
        desk.canvas.set_tool("select")
    assert told.args == ["select"] and desk.canvas.tool == "select"
    desk.canvas.set_tool("polygon")
    desk.key(Qt.Key.Key_Return)
    assert len(desk.regions) == 2
    with pytest.raises(KeyError):
        desk.canvas.set_tool("trowel")


def test_locked_regions_refuse_with_a_sentence(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, [square(1, 10, 10, 30, locked=True)])
    desk.click(20, 20)
    desk.drag((20, 20), (40, 40))
    desk.key(Qt.Key.Key_Delete)
    desk.canvas.set_tool("vertices")
    assert desk.said.pop() == "Edit vertices: press ? to see how it works."
    desk.drag((10, 10), (5, 5))
    assert desk.document.stack.count() == 0 and len(desk.said) >= 3
    assert all("locked" in sentence for sentence in desk.said)


# Documents


def test_regions_that_go_leave_the_selection(desk: CanvasDesk) -> None:
    desk.selection.set([1, 2])
    desk.selection.hover(1)
    perform(desk.document, edits.delete(desk.document, [1]))
    assert desk.selection.ids == {2} and desk.selection.hovered == 0


def test_another_document_starts_without_selection_and_gestures(desk: CanvasDesk) -> None:
    desk.selection.set([1])
    desk.press(20, 20)
    desk.move(30, 30, Qt.MouseButton.LeftButton)
    other = document({5: square(5, 40, 40, 20)})
    desk.canvas.set_document(other)
    desk.release(30, 30)
    assert desk.selection.ids == frozenset()
    assert desk.document.stack.count() == other.stack.count() == 0
    desk.click(50, 50)
    assert desk.selection.ids == {5}


def test_the_old_document_is_not_listened_to_any_more(desk: CanvasDesk) -> None:
    old = desk.document
    desk.canvas.set_document(None)
    perform(old, edits.delete(old, [1]))
    desk.click(20, 20)
    assert desk.selection.ids == frozenset()


def test_without_image_or_document_nothing_fails(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, [square(1, 10, 10, 30)])
    for image, shown in ((None, desk.document), (desk.image, None), (None, None)):
        desk.canvas.set_image(image)
        desk.canvas.set_document(shown)
        for spec in TOOLS:
            desk.canvas.set_tool(spec.name)
            desk.drag((10, 10), (40, 40))
            desk.wheel(20, 20, 1)
            for key in (Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Left, Qt.Key.Key_Return):
                desk.key(key)
        desk.canvas.fit()
        desk.picture()
    assert desk.document.stack.count() == 0


# Files


def urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(desk: CanvasDesk, mime: QMimeData) -> bool:
    """Drag over the canvas and let go; whether the drag was accepted."""
    at, actions = QPoint(50, 50), Qt.DropAction.CopyAction
    held, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, actions, mime, held, none)
    enter.ignore()
    QApplication.sendEvent(desk.canvas, enter)
    if enter.isAccepted():
        QApplication.sendEvent(desk.canvas, QDropEvent(QPointF(at), actions, mime, held, none))
    return enter.isAccepted()


def test_dropped_files_are_handed_on(desk: CanvasDesk, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [tmp_path / "Ärzte 細胞.tif", tmp_path]
    with qtbot.waitSignal(desk.canvas.files_dropped) as told:
        assert drop(desk, urls(*paths))
    assert told.args == [paths]


def test_text_and_web_addresses_are_not_taken(desk: CanvasDesk) -> None:
    mime = QMimeData()
    mime.setText("hello")
    assert not drop(desk, mime)
    mime.setUrls([QUrl("https://example.org/image.tif")])
    assert not drop(desk, mime)


# A real image


def test_a_story_on_a_real_image(qtbot: QtBot, shared: Path) -> None:
    folder = shared / "data" / "dsb2018"
    image = read_image(folder / "images" / "dsb_0402a81e7526.png")
    labels = cv2.imread(str(folder / "labels" / "dsb_0402a81e7526.png"), cv2.IMREAD_UNCHANGED)
    outlines = regions_from_labels(labels.astype(np.int32))
    regions = [Region(i, o.shell, o.holes) for i, o in enumerate(outlines, 1)]
    desk = CanvasDesk(qtbot, regions, image, (600, 450))
    nucleus = max(regions, key=lambda r: r.area)
    x, y = (nucleus.bounds[0] + nucleus.bounds[2]) / 2, (nucleus.bounds[1] + nucleus.bounds[3]) / 2
    desk.click(x, y)
    assert desk.selection.ids == {nucleus.id}
    desk.canvas.show_region(nucleus.id)
    desk.canvas.set_zoom(12)
    desk.canvas.set_tool("vertices")
    start = tuple(nucleus.shell[0])
    desk.drag(start, (start[0] - 1.5, start[1] - 1.5))
    changed = desk.document.regions[nucleus.id]
    assert (
        changed.edited and changed.area != nucleus.area and len(changed.shell) == len(nucleus.shell)
    )
    desk.document.stack.undo()
    assert desk.document.regions[nucleus.id] is nucleus
    assert np.array_equal(desk.on_screen(), desk.picture())


def test_a_large_image_is_prepared_in_the_background(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, image=noise(2500, 2000))
    assert not desk.canvas.is_settled and desk.canvas.display is None
    with qtbot.waitSignal(desk.canvas.display_changed):
        qtbot.waitUntil(lambda: desk.canvas.is_settled)
    assert desk.canvas.display is not None
    picture = desk.picture()
    assert picture[100:200, 150:250].std() > 3 and picture[0, 0].std() == 0


def test_an_image_that_cannot_be_prepared_is_told(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(image: object) -> object:
        raise MemoryError

    monkeypatch.setattr(scene, "prepared", fail)
    desk = CanvasDesk(qtbot, image=noise(2500, 2000))
    qtbot.waitUntil(lambda: desk.canvas.is_settled)
    assert desk.canvas.display is None
    assert "could not be prepared" in desk.said[-1]
