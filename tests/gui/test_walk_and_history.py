"""Walking through the objects, the history and the columns, in the real window."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.bootstrap import Program, build
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.panels import object_rows as rows
from app.settings.store import Settings
from core.annotation.region import Region, ring
from tests.app.actions.fakes import FakeAsk
from tests.app.samples import Pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "config")


@pytest.fixture
def program(qtbot: QtBot, settings: Settings) -> Iterator[Program]:
    program = build(settings, FakeAsk())
    program.window.resize(1280, 800)
    program.window.show()
    yield program
    assert program.window.close()
    program.window.deleteLater()


@pytest.fixture
def document(program: Program, tmp_path: Path, qtbot: QtBot) -> Document:
    """Squares of 4, 8 and 20 pixels."""
    program.session.open_paths([Pictures(tmp_path).discs()])
    qtbot.waitUntil(lambda: program.session.document is not None)
    document = program.session.document
    assert document is not None
    corners = [(5, 5, 4), (30, 30, 8), (60, 60, 20)]
    squares = [ring([(x, y), (x + s, y), (x + s, y + s), (x, y + s)]) for x, y, s in corners]
    perform(document, edits.add(document, [Region(1, square) for square in squares], "Draw"))
    qtbot.waitUntil(lambda: program.parts.objects.table.model().rowCount() == 3)
    return document


def test_walk_brings_each_object_into_sight(program: Program, document: Document) -> None:
    walk, canvas = program.parts.desk.walk, program.parts.canvas
    program.parts.objects.table.sortByColumn(rows.AREA, Qt.SortOrder.DescendingOrder)
    seen = []
    for step in (walk.next_object, walk.next_object, walk.next_object, walk.next_object):
        step()
        (number,) = program.session.selection.ids
        x0, y0, x1, y1 = document.regions[number].bounds
        view = canvas.viewport
        assert 0.2 <= (x1 - x0) * view.scale / min(view.width, view.height) <= 0.5
        assert (view.x, view.y) == ((x0 + x1) / 2, (y0 + y1) / 2)
        chosen = program.parts.objects.table.selectionModel().selectedRows(rows.ID)
        assert [index.data() for index in chosen] == [str(number)]
        seen.append(number)
    walk.previous_object()
    assert [*seen, *program.session.selection.ids] == [3, 2, 1, 3, 1]


def test_review_walk_ends_when_all_is_reviewed(program: Program, document: Document) -> None:
    desk = program.parts.desk
    for number in (1, 2, 3):
        desk.walk.next_unreviewed()
        assert program.session.selection.ids == {number}
        desk.edit.toggle_reviewed()
    desk.walk.next_unreviewed()
    assert program.window.banner.text == "All objects in the table are reviewed."


def test_history_is_a_panel_that_waits_to_be_shown(program: Program, qtbot: QtBot) -> None:
    dock = program.window.docks["history"]
    assert not dock.isVisible()
    menu = QMenu()
    program.window._fill_panels(menu)
    texts: dict[str, Callable[[], None]] = {a.text(): a.trigger for a in menu.actions()}
    texts["History"]()
    assert dock.isVisible()


def test_history_click_drops_the_gesture(
    program: Program, document: Document, qtbot: QtBot
) -> None:
    """An outline that is being drawn does not survive in a document of another time."""
    changed = replace(document.regions[1], class_id=0, reviewed=True)
    perform(document, edits.change(document, [changed], "Review"))
    canvas, steps = program.parts.canvas, program.parts.history.list
    program.window.docks["history"].show()
    canvas.set_tool("polygon")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert canvas._scene.is_sketching
    place = steps.visualRect(steps.model().index(1, 0)).center()
    qtbot.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: document.stack.index() == 1)
    assert not canvas._scene.is_sketching
    assert not document.regions[1].reviewed


def test_columns_are_remembered(program: Program, settings: Settings, qtbot: QtBot) -> None:
    program.parts.objects.columns_chosen.emit(("perimeter",))
    again = build(settings, FakeAsk())
    table = again.parts.objects.table
    assert not table.isColumnHidden(rows.MEASURED[0]) and table.isColumnHidden(rows.MEASURED[1])
    again.window.close()


def test_what_is_true_of_all_planes_is_told_once(
    program: Program, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(program.parts.messages, "inform", told.append)
    session = program.session
    assert session.image is not None
    for number, notes in enumerate((("A",), ("A",), ("A", "B"))):
        plane = replace(session.image.plane, t=number)
        session.image = replace(session.image, plane=plane, notes=notes)
        session.shown_changed.emit(session.image)
    assert told == ["A", "B"]
