import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.panels import object_rows as rows
from app.panels.column_menu import ColumnMenu
from app.panels.objects_panel import ObjectsPanel
from app.panels.shown import Shown
from core.annotation.region import Region
from tests.app.panels.fakes import FakeSession, box

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NONE = Qt.KeyboardModifier.NoModifier


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


def test_an_empty_table_says_why(panel: ObjectsPanel, session: FakeSession, qtbot: QtBot) -> None:
    def blank() -> bool:
        """Whether the empty table is of one colour."""
        picture = panel.table.viewport().grab().toImage()
        places = ((x, y) for x in range(picture.width()) for y in range(8, 60))
        return len({picture.pixel(*place) for place in places}) == 1

    line = panel.findChild(QLineEdit)
    assert line is not None
    line.setText("area>1000000")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert panel.table.hint == "No object fits the filter." and not blank()
    qtbot.keyClicks(line, " ")
    session.add(2, [])
    session.show(2)
    assert panel.table.hint.startswith("No objects yet") and not blank()
    line.clear()
    session.show(1)
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 30)
    assert panel.table.hint == ""


def test_double_click_asks_to_zoom(panel: ObjectsPanel, qtbot: QtBot) -> None:
    rect = panel.table.visualRect(panel.table.model().index(5, rows.ID))
    with qtbot.waitSignal(panel.zoom_asked) as asked:
        click(qtbot, panel, 5, Qt.KeyboardModifier.NoModifier)
        qtbot.mouseDClick(
            panel.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.center())
        )
    assert asked.args == [6]


def key(qtbot: QtBot, panel: ObjectsPanel, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    for one in keys:
        qtbot.keyClick(panel.table, one, held)


def type_filter(qtbot: QtBot, panel: ObjectsPanel, text: str) -> None:
    box = panel.findChildren(QLineEdit)[0]
    box.setText(text)
    qtbot.keyClick(box, Qt.Key.Key_Return)  # at once


def test_arrow_keys_walk_from_the_selection_of_the_canvas(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    session.selection.set([12])
    key(qtbot, panel, Qt.Key.Key_Down)
    assert session.selection.ids == {13}
    key(qtbot, panel, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert session.selection.ids == {11}
    session.selection.set([20])
    key(qtbot, panel, Qt.Key.Key_Down, Qt.Key.Key_Down, held=Qt.KeyboardModifier.ShiftModifier)
    assert session.selection.ids == {20, 21, 22}


def test_keys_go_on_where_the_selection_was_deleted(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    session.selection.set([6])
    perform(document, edits.delete(document, [6]))
    session.selection.clear()  # as the canvas does
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 29)
    key(qtbot, panel, Qt.Key.Key_Down)
    assert session.selection.ids == {7}
    perform(document, edits.delete(document, [7]))
    session.selection.clear()
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 28)
    key(qtbot, panel, Qt.Key.Key_Up)
    assert session.selection.ids == {4}  # from 5, where the mark of the keys is


def test_current_row_outlives_a_refill(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    key(qtbot, panel, Qt.Key.Key_Down, Qt.Key.Key_Down)
    panel.table.sortByColumn(rows.ID, Qt.SortOrder.DescendingOrder)
    key(qtbot, panel, Qt.Key.Key_Down)
    assert session.selection.ids == {1}


def test_another_image_begins_at_its_first_row(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    session.selection.set([20])
    session.add(2, [box(n) for n in range(1, 31)])
    session.show(2)
    assert list(panel.ids_from_here(1))[:2] == [1, 2]
    key(qtbot, panel, Qt.Key.Key_Down)
    assert session.selection.ids == {1}


def test_select_all_takes_what_the_filter_leaves(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    """Also where a window has the key for all objects of the image."""
    asked: list[bool] = []
    shortcut = QShortcut(QKeySequence("Ctrl+A"), panel)
    shortcut.activated.connect(lambda: asked.append(True))
    session.selection.set([1, 2])
    type_filter(qtbot, panel, "dead")
    panel.activateWindow()
    panel.table.setFocus()
    qtbot.waitUntil(panel.table.hasFocus)
    key(qtbot, panel, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert session.selection.ids == set(range(2, 31, 3))
    assert not asked


def test_picking_a_row_drops_what_the_filter_hides(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    session.selection.set([1, 2])
    type_filter(qtbot, panel, "dead")  # ids 2, 5, 8 ...
    click(qtbot, panel, 1, Qt.KeyboardModifier.ControlModifier)
    assert session.selection.ids == {2, 5}


def test_return_asks_to_zoom(panel: ObjectsPanel, session: FakeSession, qtbot: QtBot) -> None:
    session.selection.set([9])
    for one in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(panel.zoom_asked) as asked:
            key(qtbot, panel, one)
        assert asked.args == [9]
    with qtbot.assertNotEmitted(panel.zoom_asked):
        key(qtbot, panel, Qt.Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)


def test_walk_goes_round_in_the_order_of_the_table(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    panel.table.sortByColumn(rows.ID, Qt.SortOrder.DescendingOrder)
    type_filter(qtbot, panel, "-mitotic id<8")  # 6 5 3 2
    assert list(panel.ids_from_here(1)) == [6, 5, 3, 2]
    assert list(panel.ids_from_here(-1)) == [2, 3, 5, 6]
    session.selection.set([5])
    assert list(panel.ids_from_here(1)) == [3, 2, 6, 5]
    assert list(panel.ids_from_here(-1)) == [6, 2, 3, 5]
    session.selection.set([5, 3, 30])
    assert list(panel.ids_from_here(1)) == [2, 6, 5, 3]
    type_filter(qtbot, panel, "nothing")
    assert list(panel.ids_from_here(1)) == []


def test_walk_goes_on_where_an_object_left_the_table(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    """Reviewed while only what is not reviewed is shown."""
    document = session.document
    assert document is not None
    type_filter(qtbot, panel, "-state:reviewed")
    session.selection.set([4])
    reviewed = replace(document.regions[4], reviewed=True)
    perform(document, edits.change(document, [reviewed], "Review"))
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 29)
    assert session.selection.ids == {4}
    assert next(panel.ids_from_here(1)) == 5
    assert next(panel.ids_from_here(-1)) == 3


def test_nonsense_in_the_filter_is_told_below_it(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    problem = panel.findChildren(QLabel)[0]
    type_filter(qtbot, panel, "id<4")
    assert panel.table.model().rowCount() == 3 and not problem.isVisible()
    type_filter(qtbot, panel, "size<4")
    assert problem.isVisible() and "“size”" in problem.text()
    assert panel.findChildren(QLineEdit)[0].accessibleDescription() == problem.text()
    assert panel.table.model().rowCount() == 3
    type_filter(qtbot, panel, "")
    assert not problem.isVisible() and panel.table.model().rowCount() == 30


def test_measurements_are_shown_when_someone_wants_them(panel: ObjectsPanel) -> None:
    def shown() -> list[int]:
        return [column for column in rows.COLUMNS if not panel.table.isColumnHidden(column)]

    always = [rows.ID, rows.CLASS, rows.AREA, rows.CONFIDENCE, rows.ORIGIN, rows.STATE]
    assert shown() == always
    panel.show_columns(("circularity", "perimeter", "forgotten"))
    assert shown() == [*always, rows.MEASURED[0], rows.MEASURED[8]]
    panel.show_columns(())
    assert shown() == always


def test_the_class_takes_what_is_left_over_but_not_more(panel: ObjectsPanel) -> None:
    table = panel.table
    for width, fits in ((600, True), (310, False), (600, True)):
        panel.resize(width, 400)
        QApplication.processEvents()
        assert (table.horizontalHeader().length() == table.viewport().width()) == fits
        assert fits or table.columnWidth(rows.CLASS) < 100


def test_header_menu_tells_what_was_chosen(panel: ObjectsPanel, qtbot: QtBot) -> None:
    header, menu = panel.table.horizontalHeader(), panel.findChildren(ColumnMenu)[0]
    panel.show_columns(("circularity",))
    header.customContextMenuRequested.emit(QPoint(5, 5))
    assert menu.isVisible()
    marks = {mark.text(): mark for mark in menu.actions()}
    assert [text for text, mark in marks.items() if mark.isChecked()] == ["Circularity"]
    with qtbot.waitSignal(panel.columns_chosen) as chosen:
        marks["Perimeter"].trigger()
    assert chosen.args == [("perimeter", "circularity")]
    assert not panel.table.isColumnHidden(rows.MEASURED[0])
    menu.hide()


def test_hidden_column_sorts_no_longer(panel: ObjectsPanel) -> None:
    panel.show_columns(("perimeter",))
    panel.table.sortByColumn(rows.MEASURED[0], Qt.SortOrder.DescendingOrder)
    panel.show_columns(())
    assert panel.table.horizontalHeader().sortIndicatorSection() == rows.ID


def test_menu_of_objects_is_for_rows_only(panel: ObjectsPanel, qtbot: QtBot) -> None:
    menu = QMenu(panel)
    menu.addAction("Delete")
    panel.set_menu(menu)
    table = panel.table
    table.customContextMenuRequested.emit(QPoint(5, table.viewport().height() + 500))
    assert not menu.isVisible()
    table.customContextMenuRequested.emit(table.visualRect(table.model().index(1, 0)).center())
    assert menu.isVisible()
    menu.hide()


def test_signs_of_the_state_are_painted(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    document, table = session.document, panel.table
    assert document is not None

    def picture() -> QImage:
        rect = table.visualRect(table.model().index(2, rows.STATE))
        return table.viewport().grab(rect).toImage()

    seen = [picture()]
    for state in ({"reviewed": True}, {"locked": True}, {"reviewed": True, "locked": True}):
        changed = replace(box(3, class_id=0), **state)
        perform(document, edits.change(document, [changed], "Change"))
        seen.append(picture())
    assert all(a != b for n, a in enumerate(seen) for b in seen[:n])


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
    for column in rows.COLUMNS[: rows.STATE + 1]:
        panel.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    session.selection.set(range(1, 50_001))
    assert len(panel.table.selectionModel().selection()) == 1
    session.selection.set([7])
    assert time.process_time() - start < 3


def test_hidden_objects_are_counted_and_left_out_of_the_walk(
    panel: ObjectsPanel, session: FakeSession
) -> None:
    document = session.document
    assert document is not None
    session.selection.set([1])
    document.hide([2, 3])
    assert count_text(panel) == "30 objects, 1 selected, 2 hidden"
    assert next(panel.ids_from_here(1)) == 4
    document.reveal(document.hidden)
    assert count_text(panel) == "30 objects, 1 selected"


def test_select_all_in_the_table_leaves_out_what_is_hidden(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    document.hide([2, 3])
    qtbot.keyClick(panel.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert session.selection.ids == frozenset(range(1, 31)) - {2, 3}
    document.hide(range(1, 31))
    qtbot.keyClick(panel.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert session.selection.ids == frozenset(range(1, 31)), "to show them again together"


def test_a_hidden_object_can_be_picked_in_the_table(
    panel: ObjectsPanel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    document.hide([3])
    click(qtbot, panel, 2, NONE)
    assert session.selection.ids == {3} and set(document.hidden) == {3}
