from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.dialogs.export_result import ExportResultDialog
from core.export.record import Change, ExportReport, FileRecord

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def record(name: str, *changes: Change, **facts: object) -> FileRecord:
    facts_of = (name, "json", ("a.png",), "ab" * 32, 1234, "Pillow", "pixels", False)
    seen = {"pixel_type": "uint16", "size": (9, 8), "expected": 3, "found": 3, "smallest": 1.0}
    return replace(FileRecord(*facts_of), changes=changes, **(seen | facts))  # type: ignore[arg-type]


FILLED = Change("a.png", "3", 0.91, "its hole was filled")
WRONG = Change("a.png", "7", 0.0, "nothing says why", announced=False)
REPORT = ExportReport(
    Path("out"),
    1,
    [
        record("a.json"),
        record("a.txt", FILLED, losses=("holes",)),
        record("a.zip", WRONG, troubles=("it holds 2 images",)),
        record("a.csv", is_partial=True),
    ],
)


def made(qtbot: QtBot, report: ExportReport, shown: list[Path]) -> ExportResultDialog:
    dialog = ExportResultDialog(report, shown.append)
    qtbot.addWidget(dialog)
    return dialog


def test_a_line_for_each_file_and_the_worst_one_first_in_sight(qtbot: QtBot) -> None:
    dialog = made(qtbot, REPORT, [])
    texts = [[dialog.table.item(row, c).text() for c in range(4)] for row in range(4)]
    assert texts[0] == ["a.json", "3 of 3", "1.000000", "identical"]
    assert [row[3] for row in texts] == ["identical", "as announced", "different", "agrees"]
    assert dialog.table.currentRow() == 2
    about = dialog.details.toPlainText()
    for part in (
        "it holds 2 images",
        "a.png, 7 (0.000000): nothing says why",
        "9 x 8 px",
        "uint16",
        "Compared: pixels",
    ):
        assert part in about


def test_the_marked_file_is_told_about(qtbot: QtBot) -> None:
    dialog = made(qtbot, REPORT, [])
    dialog.table.setCurrentCell(1, 0)
    about = dialog.details.toPlainText()
    assert "Not carried: holes." in about and "its hole was filled" in about
    assert "SHA-256 abab" in about and "1,234 bytes" in about


def test_page_and_folder_can_be_opened(qtbot: QtBot) -> None:
    shown: list[Path] = []
    dialog = made(qtbot, REPORT, shown)
    dialog.page_button.click()
    dialog.folder_button.click()
    assert shown == [Path("out/export-report.html"), Path("out")]


def test_an_export_of_which_nothing_came(qtbot: QtBot) -> None:
    report = ExportReport(Path("out"), 2, [], ["Cannot write a.json: disk full."])
    dialog = made(qtbot, report, [])
    assert dialog.table.rowCount() == 0 and dialog.details.toPlainText() == ""
