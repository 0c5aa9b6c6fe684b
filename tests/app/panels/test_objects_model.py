from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.panels import object_rows as rows
from app.panels.objects_model import ObjectsModel
from app.panels.shown import Shown
from core.project.delta import Delta
from tests.app.panels.fakes import MODEL, FakeSession, box


@pytest.fixture
def model(session: FakeSession, shown: Shown) -> ObjectsModel:
    session.add(1, [box(n, side=n, origin=MODEL, confidence=n / 10) for n in range(1, 6)])
    session.show(1)
    return ObjectsModel(shown)


def text(model: ObjectsModel, row: int, column: int) -> str:
    return str(model.data(model.index(row, column)))


def test_is_a_sound_model(model: ObjectsModel, session: FakeSession, qtbot: QtBot) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    document = session.document
    assert document is not None
    perform(document, edits.add(document, [box(1)], "Add"))
    perform(document, edits.delete(document, [2]))
    qtbot.waitUntil(lambda: model.rowCount() == 5)
    model.sort(rows.AREA, Qt.SortOrder.DescendingOrder)
    model.set_filter("model")
    assert model.rowCount() == 4
    del tester


def test_shows_what_is_known(model: ObjectsModel) -> None:
    assert [text(model, 1, column) for column in rows.COLUMNS] == [
        "2",
        "Cell",
        "4",
        "0.20",
        "Model",
    ]
    assert "hrnet at threshold 0.50" in model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    assert not model.data(model.index(1, rows.CLASS), Qt.ItemDataRole.DecorationRole).isNull()


def test_unknown_confidence_is_a_dash(session: FakeSession, shown: Shown) -> None:
    session.add(1, [box(1)])
    session.show(1)
    assert text(ObjectsModel(shown), 0, rows.CONFIDENCE) == "–"


def test_area_in_square_micrometres(session: FakeSession, shown: Shown) -> None:
    session.add(1, [box(1, side=10)], pixel_size_um=0.5)
    session.show(1)
    model = ObjectsModel(shown)
    assert model.headerData(rows.AREA, Qt.Orientation.Horizontal) == "Area (µm²)"
    assert text(model, 0, rows.AREA) == "25.0"


def test_change_of_a_region_touches_its_row_only(
    model: ObjectsModel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    touched: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: touched.append((first.row(), last.row())))
    with qtbot.assertNotEmitted(model.modelReset, wait=100):
        perform(document, edits.set_class(document, [3], 1))
    assert touched == [(2, 2)]
    assert text(model, 2, rows.CLASS) == "Mitotic"


def test_changes_that_follow_fast_fill_the_table_once(
    model: ObjectsModel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    filled: list[int] = []
    model.filled.connect(lambda: filled.append(model.rowCount()))
    for number in range(10, 20):
        document.show_draft(Delta("", {}, {number: box(number)}))
    qtbot.waitUntil(lambda: bool(filled))
    qtbot.wait(60)
    assert filled == [6]


def test_row_of_a_region_that_just_went_is_empty(model: ObjectsModel, session: FakeSession) -> None:
    document = session.document
    assert document is not None
    perform(document, edits.delete(document, [5]))
    assert model.data(model.index(4, 0)) is None
    model.refresh()
    assert model.rowCount() == 4


def test_edit_moves_the_row_of_a_table_sorted_by_area(
    model: ObjectsModel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    model.sort(rows.AREA)
    grown = replace(box(1, side=50), origin=MODEL)
    perform(document, edits.change(document, [grown], "Grow"))
    qtbot.waitUntil(lambda: model.id_at(4) == 1)


def test_renamed_class_is_shown(model: ObjectsModel, session: FakeSession, qtbot: QtBot) -> None:
    cell = session.classes.find(0)
    session.classes.swap([], {0: replace(cell, name="Nucleus")})
    qtbot.waitUntil(lambda: text(model, 0, rows.CLASS) == "Nucleus")


def test_rows_of_ids_that_are_there(model: ObjectsModel) -> None:
    assert model.rows_of([5, 1, 99]) == [0, 4]
