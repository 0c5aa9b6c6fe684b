from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.canvas.readout import Readout
from app.canvas.view import Canvas
from app.commands import edits
from app.commands.change_regions import perform
from app.panels.opening_bar import OpeningBar
from app.panels.shown import Shown
from app.panels.status_bar import StatusBar
from app.panels.zoom_box import ZoomBox
from tests.app.panels.fakes import FakeProject, FakeSession, box

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def canvas(session: FakeSession, qtbot: QtBot) -> Iterator[Canvas]:
    canvas = Canvas(session.selection)
    qtbot.addWidget(canvas)
    canvas.resize(400, 320)
    yield canvas
    canvas.shutdown()


@pytest.fixture
def bar(session: FakeSession, shown: Shown, canvas: Canvas, qtbot: QtBot) -> StatusBar:
    bar = StatusBar(session, shown, canvas)  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    bar.show()
    session.shown_changed.connect(canvas.set_image)
    return bar


def texts(bar: StatusBar) -> list[str]:
    return [label.text() for label in bar.findChildren(QLabel) if label.text()]


def test_nothing_to_say_without_an_image(bar: StatusBar) -> None:
    assert texts(bar) == []
    assert not bar.findChildren(ZoomBox)[0].isVisible()


def test_opening_is_shown_and_can_be_cancelled(
    bar: StatusBar, session: FakeSession, qtbot: QtBot
) -> None:
    session.opening.emit(True)
    opening = bar.findChildren(OpeningBar)[0]
    qtbot.waitUntil(opening.isVisible)
    qtbot.mouseClick(opening.cancel, Qt.MouseButton.LeftButton)
    assert session.asked == ["cancel opening"]


def test_facts_about_the_image(bar: StatusBar, session: FakeSession) -> None:
    session.add(1, [box(1), box(2)])
    session.add(2, [box(1)], pixel_size_um=0.325)
    session.show(1)
    assert texts(bar) == ["2 objects", "uncalibrated"]
    session.show(2)
    assert texts(bar) == ["1 object", "0.325 µm/px"]


def test_pointer(bar: StatusBar, session: FakeSession, canvas: Canvas) -> None:
    session.add(1)
    session.show(1)
    canvas.pointer_moved.emit(Readout(12.34, 5.0, (1023.0, 7.5)))
    assert {"12.3, 5.0", "1023 7.5"} <= set(texts(bar))
    canvas.pointer_moved.emit(Readout(-1.0, 5.0, None))
    assert "-1.0, 5.0" in texts(bar)
    canvas.pointer_moved.emit(None)
    assert texts(bar) == ["0 objects", "uncalibrated"]


def test_count_follows_edits(bar: StatusBar, session: FakeSession) -> None:
    document = session.add(1)
    session.show(1)
    perform(document, edits.add(document, [box(1)], "Add"))
    assert "1 object" in texts(bar)


def test_saving_then_saved(bar: StatusBar, session: FakeSession, qtbot: QtBot) -> None:
    document = session.add(1)
    session.project = FakeProject(Path("/somewhere/x.cellscribe"))
    session.show(1)
    session.saving = True
    perform(document, edits.add(document, [box(1)], "Add"))
    qtbot.waitUntil(lambda: "saving…" in texts(bar))
    session.saving = False
    qtbot.waitUntil(lambda: "saved" in texts(bar))


def test_project_that_cannot_be_written_says_so(bar: StatusBar, session: FakeSession) -> None:
    session.add(1)
    session.project = FakeProject(Path("/somewhere/x.cellscribe"), read_only=True)
    session.show(1)
    assert "read-only" in texts(bar) and "saved" not in texts(bar)


def test_zoom_is_shown_chosen_and_typed(
    bar: StatusBar, session: FakeSession, canvas: Canvas, qtbot: QtBot
) -> None:
    session.add(1)
    session.show(1)
    zoom = bar.findChildren(ZoomBox)[0]
    edit = zoom.findChildren(QLineEdit)[0]
    canvas.set_zoom(2.0)
    assert edit.text() == "200 %"
    zoom.activated.emit(zoom.findData(100))
    assert canvas.zoom == 1.0
    for typed, expected in (("350", 3.5), ("150 %", 1.5), ("212,5%", 2.125), ("nonsense", 2.125)):
        edit.setText(typed)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert canvas.zoom == pytest.approx(expected)
    assert edit.text() == "212 %"
    zoom.activated.emit(0)
    fitted = canvas.zoom
    canvas.fit()
    assert canvas.zoom == fitted != 2.125
