"""An image is corrected without the mouse, from opening it to the saved file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Program, build
from app.commands import edits
from app.commands.change_regions import perform
from app.dialogs.amount import AmountDialog
from app.document.document import Document
from app.settings.store import Settings
from core.annotation.region import Origin, Region
from core.project.store import Project
from tests.app.actions.fakes import FakeAsk
from tests.app.canvas.samples import blob, square
from tests.app.samples import Pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PROPOSED = (
    blob(1, 20, 20, 12, 40, 0.0),
    square(2, 50, 10, 15),
    square(3, 65, 10, 15),  # shares a border with the one before
    square(4, 10, 60, 10),
)


@pytest.fixture
def ask() -> FakeAsk:
    return FakeAsk()


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path, ask: FakeAsk) -> Iterator[Program]:
    program = build(Settings(tmp_path / "config"), ask)
    program.window.resize(1280, 800)
    program.window.show()
    program.window.activateWindow()
    program.parts.canvas.setFocus()
    qtbot.waitUntil(program.parts.canvas.hasFocus)
    yield program
    assert program.window.close()
    program.window.deleteLater()


def press(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """A key for whatever has the focus of the keyboard."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def go_to(widget: QWidget, key: Qt.Key = Key.Key_Tab) -> None:
    """Press Tab until a widget has the focus."""
    for _ in range(80):
        if widget.hasFocus():
            return
        press(key)
    raise AssertionError(f"the keyboard does not reach {widget.accessibleName()}")


def propose(document: Document) -> None:
    """As a network does."""
    origin = Origin("model", "fake", "ab" * 32, 0.5)
    found = [Region(r.id, r.shell, origin=origin, confidence=0.9) for r in PROPOSED]
    perform(document, edits.add(document, found, "Segment"))


def test_an_image_is_corrected_by_keys_alone(
    program: Program, ask: FakeAsk, tmp_path: Path, qtbot: QtBot
) -> None:
    session, canvas, table = program.session, program.parts.canvas, program.parts.objects.table
    actions = program.window.actions_by_name

    # open
    ask.paths = Pictures(tmp_path).series(2)
    press(Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: len(session.records) == 2 and session.document is not None)
    document, first = session.document, session.current
    assert document is not None and first is not None
    program.parts.classes.add("Mitotic")
    propose(document)
    steps = document.stack.count()
    qtbot.waitUntil(lambda: actions["next_object"].isEnabled() and table.model().rowCount() == 4)

    # walk, and give the second one another class
    for key, number in ((Key.Key_Period, 1), (Key.Key_Period, 2), (Key.Key_Comma, 1)):
        press(key)
        assert session.selection.ids == {number}
    qtbot.waitUntil(lambda: actions["smooth"].isEnabled())
    press(Key.Key_2)
    assert document.regions[1].class_id == 1 and document.regions[2].class_id == 0

    # smooth it, by the arrow keys on the slider
    area, vertices = document.regions[1].area, document.regions[1].shell
    press(Key.Key_M, CONTROL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), AmountDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, AmountDialog)
    go_to(dialog.row.slider)
    amount = dialog.value
    press(Key.Key_PageUp)
    assert dialog.value > amount
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: document.stack.undoText() == "Smooth outline")
    assert document.regions[1].area == pytest.approx(area, rel=0.01)
    assert document.regions[1].shell is not vertices
    program.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is program.window)

    # nudge it, and mark it as reviewed
    go_to(canvas)
    x0, y0, *_ = document.regions[1].bounds
    press(Key.Key_Right)
    press(Key.Key_Down, SHIFT)
    assert document.regions[1].bounds[:2] == pytest.approx((x0 + 1, y0 + 10))
    press(Key.Key_R, SHIFT)
    assert document.regions[1].reviewed

    # merge the two that touch, chosen in the table
    go_to(table)
    press(Key.Key_Period)
    assert session.selection.ids == {2}
    press(Key.Key_Down, SHIFT)
    assert session.selection.ids == {2, 3}
    press(Key.Key_J)
    qtbot.waitUntil(lambda: len(document.regions) == 3)
    (merged,) = document.regions.keys() - {1, 4}
    assert document.regions[merged].area == pytest.approx(450)

    # delete the last one, think better of it, and delete it again
    press(Key.Key_Period)
    qtbot.waitUntil(lambda: session.selection.ids == {4})
    press(Key.Key_Delete)
    assert set(document.regions) == {1, merged}
    qtbot.waitUntil(lambda: actions["undo"].isEnabled())
    press(Key.Key_Z, CONTROL)
    assert set(document.regions) == {1, merged, 4}
    qtbot.waitUntil(lambda: actions["redo"].isEnabled())
    press(Key.Key_Y, CONTROL)
    assert set(document.regions) == {1, merged}
    assert document.stack.count() == steps + 7

    # done with this image; the next one
    press(Key.Key_R, CONTROL)
    assert session.record(first.id).status == "reviewed"
    press(Key.Key_N)
    qtbot.waitUntil(lambda: session.current is not None and session.current.id != first.id)
    press(Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: not session.saving)
    path = session.project_path
    assert path is not None
    project = Project.open(path, read_only=True)
    stored = project.annotations(first.id).regions
    project.close()
    assert {r.id for r in stored} == {1, merged}
    assert {(r.class_id, r.reviewed) for r in stored} == {(1, True), (0, False)}
