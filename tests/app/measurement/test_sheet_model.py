"""The table: sorts, filters, marks and explains itself."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.measurement.image_model import ImageModel
from app.measurement.sheet_model import SheetModel
from core.errors import UsageError
from core.measure.sheet import Sheet
from core.measure.tables import image_table
from tests.app.measurement.samples import CLASSES, measured, sheet

Role = Qt.ItemDataRole


@pytest.fixture
def model(qtbot: QtBot) -> SheetModel:
    model = SheetModel(QPalette())
    model.show_sheet(sheet(), np.zeros(8, bool))
    return model


def column(model: SheetModel, key: str) -> list[str]:
    place = model.keys.index(key)
    return [model.data(model.index(row, place)) for row in range(model.rowCount())]


def test_is_a_sound_model(model: SheetModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.sort(2, Qt.SortOrder.DescendingOrder)
    model.set_filter("area>100")
    model.choose(("area",))
    model.show_sheet(Sheet(), np.zeros(0, bool))
    assert model.rowCount() == 0
    del tester


def test_usual_columns_have_units(model: SheetModel) -> None:
    headings = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    assert headings[:6] == ["Image", "ID", "Class", "Confidence", "Area (px²)", "Perimeter (px)"]
    assert headings[-1] == "Mean"
    tip = model.headerData(4, Qt.Orientation.Horizontal, Role.ToolTipRole)
    assert tip.startswith("area\nInside the outline")
    model.show_sheet(Sheet((measured(size=0.5),), CLASSES), np.zeros(4, bool))
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Area (µm²)"  # one image, no names


def test_sorts_both_ways_and_unknown_last(model: SheetModel) -> None:
    place = model.keys.index("area")
    model.sort(place, Qt.SortOrder.DescendingOrder)
    assert column(model, "id") == ["14", "14", "13", "13", "12", "12", "11", "11"]
    model.sort(place)
    assert column(model, "id")[:2] == ["11", "11"]
    model.sort(model.keys.index("class"), Qt.SortOrder.DescendingOrder)
    assert column(model, "class")[:4] == ["Dead cell"] * 4
    alone = Sheet((measured(),), CLASSES)
    alone.images[0].values[next(iter(alone.images[0].values))][1] = np.nan
    model.show_sheet(alone, np.zeros(4, bool))
    for order in Qt.SortOrder:
        model.sort(model.keys.index("area"), order)
        assert column(model, "area")[-1] == "–"


def test_filter_that_makes_no_sense_changes_nothing(model: SheetModel) -> None:
    model.set_filter("area>100")
    with pytest.raises(UsageError):
        model.set_filter("area>x")
    assert model.rowCount() == 4
    model.choose(("area", "solidity"))
    assert model.rowCount() == 4


def test_filter_about_what_is_gone_is_dropped(model: SheetModel) -> None:
    model.set_filter("mean_1>100")
    model.show_sheet(Sheet(), np.zeros(0, bool))
    model.show_sheet(sheet(), np.zeros(8, bool))
    assert model.rowCount() in (2, 8)


def test_picked_rows_have_the_colour_of_the_selection(model: SheetModel) -> None:
    picked = np.zeros(8, bool)
    picked[2] = True
    model.show_picked(picked)
    assert model.data(model.index(2, 0), Role.BackgroundRole) == QPalette().highlight()
    assert model.data(model.index(1, 0), Role.BackgroundRole) is None


def test_images_have_a_table_too(qtbot: QtBot) -> None:
    model = ImageModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    given = sheet()
    model.show_table(image_table(given.images, given.classes))
    cells = [model.data(model.index(0, place)) for place in range(4)]
    headings = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    assert headings == ["Image", "Objects", "Density (1/Mpx)", "Confluence (%)"]
    assert cells[:3] == ["a.png", "4", "370.37"]
    tip = model.headerData(2, Qt.Orientation.Horizontal, Role.ToolTipRole)
    assert "area of the image" in tip
    del tester
