import time

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.panels import object_rows as rows
from app.panels.objects_panel import ObjectsPanel
from app.panels.shown import Shown
from core.annotation.region import Region
from tests.app.panels.fakes import FakeSession, box

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Flag = QItemSelectionModel.SelectionFlag


@pytest.fixture
def panel(session: FakeSession, shown: Shown, qtbot: QtBot) -> ObjectsPanel:
    session.add(1, [box(n, class_id=n % 3) for n in range(1, 31)])
    session.show(1)
    panel = ObjectsPanel(shown)
    qtbot.addWidget(panel)
    panel.resize(360, 400)
    panel.show()
    return panel


def chosen_rows(panel: ObjectsPanel) -> list[int]:
    return sorted({index.row() for index in panel.table.selectionModel().selectedIndexes()})


def click(qtbot: QtBot, panel: ObjectsPanel, row: int, held: Qt.KeyboardModifier) -> None:
    rect = panel.table.visualRect(panel.table.model().index(row, rows.ID))
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, held, rect.center())


def count_text(panel: ObjectsPanel) -> str:
    return panel.findChildren(QLabel)[-1].text()


def test_rows_follow_the_selection(panel: ObjectsPanel, session: FakeSession) -> None:
    session.selection.set([2, 3, 7])
    assert chosen_rows(panel) == [1, 2, 6]
    session.selection.clear()
    assert chosen_rows(panel) == []


def test_selection_follows_the_rows(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    heard: list[frozenset[int]] = []
    session.selection.selection_changed.connect(heard.append)
    click(qtbot, panel, 2, Qt.KeyboardModifier.NoModifier)
    click(qtbot, panel, 4, Qt.KeyboardModifier.ShiftModifier)
    click(qtbot, panel, 3, Qt.KeyboardModifier.ControlModifier)
    assert session.selection.ids == {3, 5}
    assert heard == [frozenset({3}), frozenset({3, 4, 5}), frozenset({3, 5})]  # once each: no echo


def test_selected_row_comes_into_sight(panel: ObjectsPanel, session: FakeSession) -> None:
    session.selection.set([30])
    table = panel.table
    rect = table.visualRect(table.model().index(29, 0))
    assert table.viewport().rect().contains(rect.center())


def test_new_object_comes_into_sight(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    delta = edits.add(document, [document.regions[1]], "Draw")
    perform(document, delta)
    session.selection.set(delta.after)
    table = panel.table
    row = table.model().index
    qtbot.waitUntil(
        lambda: table.viewport().rect().contains(table.visualRect(row(30, 0)).center()),
        timeout=2000,
    )


def test_selection_outlives_sorting_filtering_and_edits(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    session.selection.set([4, 5])
    panel.table.sortByColumn(rows.ID, Qt.SortOrder.DescendingOrder)
    assert chosen_rows(panel) == [25, 26]
    filter_box = panel.findChildren(QLineEdit)[0]
    filter_box.setText("mitotic")  # ids 1, 4, 7 ...
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 10)
    assert chosen_rows(panel) == [8]
    assert session.selection.ids == {4, 5}
    filter_box.clear()
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 30)
    assert chosen_rows(panel) == [25, 26]
    document = session.document
    assert document is not None
    perform(document, edits.delete(document, [30]))
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 29)
    assert chosen_rows(panel) == [24, 25]


def test_edit_keeps_the_place_in_the_table(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    document, bar = session.document, panel.table.verticalScrollBar()
    assert document is not None
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    assert place > 0
    perform(document, edits.delete(document, [30]))
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 29)
    assert bar.value() == place


def test_count_says_what_is_shown_and_selected(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    assert count_text(panel) == "30 objects"
    session.selection.set([1, 2])
    assert count_text(panel) == "30 objects, 2 selected"
    panel.findChildren(QLineEdit)[0].setText("dead")
    qtbot.waitUntil(lambda: count_text(panel) == "10 of 30 objects, 2 selected")


def test_double_click_asks_to_zoom(panel: ObjectsPanel, qtbot: QtBot) -> None:
    rect = panel.table.visualRect(panel.table.model().index(5, rows.ID))
    with qtbot.waitSignal(panel.zoom_asked) as asked:
        click(qtbot, panel, 5, Qt.KeyboardModifier.NoModifier)
        qtbot.mouseDClick(
            panel.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.center())
        )
    assert asked.args == [6]


def shared_shape(count: int) -> list[Region]:
    shape = box(1).shell
    return [Region(n, shape, class_id=n % 3, uid=str(n)) for n in range(1, count + 1)]


def test_fifty_thousand_rows(session: FakeSession, shown: Shown, qtbot: QtBot) -> None:
    """Seconds of processor time; a proxy model took 9 for the sorting alone."""
    session.add(1, shared_shape(50_000))
    session.show(1)
    panel = ObjectsPanel(shown)
    qtbot.addWidget(panel)
    panel.resize(360, 600)
    panel.show()
    start = time.process_time()
    for column in rows.COLUMNS:
        panel.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    session.selection.set(range(1, 50_001))
    assert len(panel.table.selectionModel().selection()) == 1
    session.selection.set([7])
    assert time.process_time() - start < 3
