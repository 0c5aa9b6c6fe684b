"""The measurement window in the real program, by mouse and keys."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.measurement.window import MeasurementWindow
from app.settings import schema
from tests.core.test_tables import cells
from tests.gui.window_desk import CONTROL, HOLED, LEFT, LOCKED, PLAIN, WindowDesk

pytestmark = pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise)")


def opened(desk: WindowDesk) -> MeasurementWindow:
    """By its key; waits until all is measured."""
    desk.key(Qt.Key.Key_T, CONTROL)
    window = desk.program.parts.desk.measure.window
    assert window is not None
    desk.qtbot.waitUntil(lambda: len(window.view.sheet) == 3)
    return window


def drag(window: MeasurementWindow, low: float, high: float) -> None:
    """Over a range of the histogram."""
    plot = window.view.plots.histogram
    first, last = plot.at(low, 0.5), plot.at(high, 0.5)
    QTest.mousePress(plot, LEFT, pos=first.toPoint())
    QTest.mouseMove(plot, QPointF((first + last) / 2).toPoint())
    QTest.mouseRelease(plot, LEFT, pos=last.toPoint())


def test_key_opens_it_and_all_is_measured(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    view = window.view
    assert window.isVisible()
    assert view.sheet.ids.tolist() == [PLAIN, HOLED, LOCKED]
    areas = [region.area for region in window_desk.document.regions.values()]
    assert view.sheet.numbers("area").tolist() == pytest.approx(areas)
    assert window.status.text() == "3 objects"
    assert not window.scope.isEnabled()  # there is one image only


def test_gate_selects_on_the_canvas_and_back(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    drag(window, 1400, 1440)
    assert window_desk.selection.ids == {HOLED}
    assert window.status.text() == "3 objects, 1 selected"
    window_desk.selection.set([PLAIN, LOCKED])
    assert np.flatnonzero(window.view.picked.rows).tolist() == [0, 2]
    assert window.view.plots.histogram.gate is None


def test_rows_select_and_a_double_click_shows(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    window.view.table.selectRow(2)
    assert window_desk.selection.ids == {LOCKED}
    before = window_desk.canvas.viewport
    window.view.table.doubleClicked.emit(window.view.model.index(0, 0))
    assert window_desk.selection.ids == {PLAIN}
    assert before is not None


def test_numbers_follow_the_outlines(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    document = window_desk.document
    perform(document, edits.delete(document, [PLAIN]))
    window_desk.qtbot.waitUntil(lambda: len(window.view.sheet) == 2)
    document.stack.undo()
    window_desk.qtbot.waitUntil(lambda: len(window.view.sheet) == 3)


def test_copy_takes_what_is_picked(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    window_desk.selection.set([HOLED])
    QTest.mouseClick(window.copy_button, LEFT)
    window_desk.qtbot.waitUntil(lambda: window.status.text() == "1 row copied")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:2] == ["ID", "Class"]
    assert [line.split("\t")[0] for line in lines[1:]] == [str(HOLED)]


def test_export_writes_what_is_shown(window_desk: WindowDesk, tmp_path: Path) -> None:
    window = opened(window_desk)
    window._choose_file = lambda parent, start: tmp_path / "out.xlsx"
    window.view.filter.setText("area<1550")
    QTest.keyClick(window.view.filter, Qt.Key.Key_Return)
    QTest.mouseClick(window.export_button, LEFT)
    window_desk.qtbot.waitUntil(lambda: "Written to" in window.status.text())
    found = cells((tmp_path / "out.xlsx").read_bytes())
    assert (found["A1"], found["A2"]) == ("ID", HOLED)
    assert "A3" not in found


def test_columns_are_kept(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    window.view.menu.aboutToShow.emit()
    window.view.menu.chosen.emit(("area", "solidity"))
    assert window.view.model.keys == ("id", "class", "confidence", "area", "solidity")
    assert window_desk.program.settings.get(schema.MEASURE_COLUMNS) == ("area", "solidity")


def test_filter_problem_is_told(window_desk: WindowDesk) -> None:
    window = opened(window_desk)
    window.view.filter.setText("size>3")
    QTest.keyClick(window.view.filter, Qt.Key.Key_Return)
    assert "no “size”" in window.view.problem.text()
    assert window.view.model.rowCount() == 3


def test_closed_window_measures_nothing(window_desk: WindowDesk, qtbot: QtBot) -> None:
    window = opened(window_desk)
    window.close()
    perform(window_desk.document, edits.delete(window_desk.document, [PLAIN]))
    qtbot.wait(600)
    assert len(window.view.sheet) == 3
    opened_again = window_desk.program.parts.desk.measure
    opened_again.open()
    qtbot.waitUntil(lambda: len(window.view.sheet) == 2)
    assert window.grab().width() > 0
