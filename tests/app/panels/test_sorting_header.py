"""Headings and their arrows, as they are painted."""

from itertools import groupby

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from app.measurement.sheet_model import SheetModel
from app.measurement.sheet_table import SheetTable
from app.panels import object_rows as rows
from app.panels.objects_panel import ObjectsPanel
from app.panels.shown import Shown
from app.theme.palette import dark_palette, light_palette
from core.measure.sheet import CONFIDENCE, ID
from tests.app.measurement.samples import sheet
from tests.app.panels.fakes import FakeSession, box

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
RIM = 3  # px at both ends of a section, with what divides it from the next one
ORDERS = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)


def marks(table: QTableView, column: int) -> int:
    """How many things with free space between them stand in the header of a column."""
    header = table.horizontalHeader()
    picture = header.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shape = (picture.height(), picture.width(), 4)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(shape)[..., :3].astype(int)
    left = header.sectionViewportPosition(column)
    section = pixels[3:-3, left + RIM : left + header.sectionSize(column) - RIM]
    is_inked = (abs(section - section[:, :1]) > 40).any(axis=(0, 2))
    return sum(inked for inked, _ in groupby(is_inked.tolist()))


def check(table: QTableView, column: int) -> None:
    """The arrow comes to the heading of a column that was not sorted by, and touches nothing."""
    heading = marks(table, column)
    for order in ORDERS:
        table.sortByColumn(column, order)
        assert marks(table, column) == heading + 1


@pytest.mark.parametrize("palette", [light_palette(), dark_palette()], ids=["light", "dark"])
@pytest.mark.parametrize("column", [rows.ID, rows.AREA, rows.CONFIDENCE])
def test_the_arrow_stands_beside_the_heading(
    session: FakeSession, shown: Shown, qtbot: QtBot, palette: QPalette, column: int
) -> None:
    session.add(1, [box(n) for n in range(1, 4)])
    session.show(1)
    panel = ObjectsPanel(shown)
    qtbot.addWidget(panel)
    panel.setPalette(palette)
    panel.resize(392, 200)
    panel.show()
    panel.table.sortByColumn(rows.ORIGIN, ORDERS[0])
    check(panel.table, column)
    panel.table.resizeColumnToContents(column)
    panel.table.sortByColumn(rows.ORIGIN, ORDERS[0])
    check(panel.table, column)


@pytest.mark.parametrize("key", [ID, CONFIDENCE])
def test_so_it_does_in_the_table_of_measurements(qtbot: QtBot, key: str) -> None:
    model = SheetModel(light_palette())
    table = SheetTable(model)
    qtbot.addWidget(table)
    table.setPalette(light_palette())
    model.show_sheet(sheet(), np.zeros(8, bool))
    table.resize(700, 200)
    table.show()
    check(table, model.keys.index(key))
