from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.panels import object_measures
from app.panels import object_rows as rows
from app.panels.objects_model import ObjectsModel
from app.panels.shown import Shown
from core.errors import UsageError
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
    shown = [text(model, 1, column) for column in rows.COLUMNS]
    assert shown[: rows.STATE + 1] == ["2", "Cell", "4", "0.20", "Model", ""]
    assert shown[rows.STATE + 1 : rows.STATE + 11] == [
        "8.0",  # perimeter
        "1.0",
        "1.0",
        "0.0",
        "0.0",
        "2.0",
        "2.0",
        "2.3",
        "0.79",  # circularity
        "yes",
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
    perimeter, circularity = rows.MEASURED[0], rows.MEASURED[8]
    assert model.headerData(perimeter, Qt.Orientation.Horizontal) == "Perimeter (µm)"
    assert model.headerData(circularity, Qt.Orientation.Horizontal) == "Circularity"
    assert text(model, 0, perimeter) == "20.00"
    model.set_filter("perimeter=20.00 area>24.9")
    assert model.rowCount() == 1
    model.set_filter("area>25.1")  # 100 px²
    assert model.rowCount() == 0


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


def test_every_column_says_what_it_is_and_whether_it_is_a_number(model: ObjectsModel) -> None:
    helps = [
        model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for column in rows.COLUMNS
    ]
    assert len(set(helps)) == len(rows.COLUMNS)
    assert "length of the outer outline" in helps[rows.MEASURED[0]].lower()
    right = [
        column
        for column in rows.COLUMNS
        if model.data(model.index(0, column), Qt.ItemDataRole.TextAlignmentRole)
        & Qt.AlignmentFlag.AlignRight
    ]
    assert right == [rows.ID, rows.AREA, rows.CONFIDENCE, *rows.MEASURED]


def test_state_is_told_in_words(model: ObjectsModel, session: FakeSession) -> None:
    document = session.document
    assert document is not None
    changed = replace(document.regions[2], edited=True, reviewed=True)
    perform(document, edits.change(document, [changed], "Review"))
    assert text(model, 1, rows.STATE) == "edited, reviewed"
    tip = model.data(model.index(1, rows.STATE), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Model, edited, reviewed\n")


def test_filter_that_makes_no_sense_changes_nothing(model: ObjectsModel) -> None:
    model.set_filter("conf>0.25")
    with pytest.raises(UsageError):
        model.set_filter("conf>")
    model.refresh()
    assert model.rowCount() == 3


def test_edit_takes_a_row_out_of_a_filtered_table(
    model: ObjectsModel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    model.set_filter("-state:reviewed")
    reviewed = replace(document.regions[3], reviewed=True)
    perform(document, edits.change(document, [reviewed], "Review"))
    qtbot.waitUntil(lambda: model.rowCount() == 4)
    assert model.rows_of([3]) == []


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, model: ObjectsModel, qtbot: QtBot) -> ObjectsModel:
    """Measures one region at a time."""
    monkeypatch.setattr(object_measures, "PIECE", 1)
    return model


def test_rows_stay_until_all_is_measured(slow: ObjectsModel, qtbot: QtBot) -> None:
    told: list[bool] = []
    slow.measuring_changed.connect(lambda: told.append(slow.measuring))
    slow.sort(rows.AREA, Qt.SortOrder.DescendingOrder)
    assert slow.measuring and slow.id_at(0) == 1
    qtbot.waitUntil(lambda: slow.id_at(0) == 5)
    assert told == [True, False]
    slow.sort(rows.AREA)  # known by now
    assert slow.id_at(0) == 1 and not slow.measuring


def test_wish_that_needs_no_measuring_does_not_wait(slow: ObjectsModel, qtbot: QtBot) -> None:
    slow.sort(rows.AREA)
    assert slow.measuring
    slow.sort(rows.ID, Qt.SortOrder.DescendingOrder)
    assert not slow.measuring and slow.id_at(0) == 5
    qtbot.wait(60)
    assert slow.id_at(0) == 5


def test_other_image_while_measuring(
    slow: ObjectsModel, session: FakeSession, qtbot: QtBot
) -> None:
    slow.sort(rows.AREA, Qt.SortOrder.DescendingOrder)
    session.add(2, [box(7, side=2), box(8, side=9)])
    session.show(2)
    qtbot.waitUntil(lambda: not slow.measuring)
    assert [slow.id_at(row) for row in range(slow.rowCount())] == [8, 7]


def test_says_and_filters_what_is_hidden(
    model: ObjectsModel, session: FakeSession, qtbot: QtBot
) -> None:
    document = session.document
    assert document is not None
    document.hide([2, 4])
    assert [text(model, row, rows.STATE) for row in range(5)] == ["", "hidden", "", "hidden", ""]
    assert "hidden" in model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    model.set_filter("state:hidden")
    assert [model.id_at(row) for row in range(model.rowCount())] == [2, 4]
    document.reveal([2])
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    assert model.id_at(0) == 4
