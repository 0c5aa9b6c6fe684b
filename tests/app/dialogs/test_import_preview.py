from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.dialogs.import_preview import ImportDialog
from app.tasks.importing import Arrival, Choice, Preview
from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import DEFAULT_CLASSES, LabelClass
from core.formats.base import Problem, Reading, Report
from tests.app.samples import square

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NUCLEUS = LabelClass(1, "Nucleus", "#123456")
READ = AnnotationSet("a.png", 96, 80, (square(0, 0), square(20, 0, number=2)))
REPORT = Report(3, 2, (), (Problem("7", "left out: it has no area"),), ("A note.",))
FOUND = Preview(
    Path("a.json"),
    1,
    "a.png",
    "Cellscribe JSON",
    Reading(READ, REPORT),
    (Arrival(DEFAULT_CLASSES[0], 1, False), Arrival(NUCLEUS, 1, True)),
    DEFAULT_CLASSES,
    frozenset({0}),
)


def made(
    qtbot: QtBot, previews: list[Preview], refused: list[tuple[Path, str]] | None = None
) -> ImportDialog:
    dialog = ImportDialog(previews, refused or [], DEFAULT_CLASSES)
    qtbot.addWidget(dialog)
    return dialog


def cells(dialog: ImportDialog, row: int) -> list[str]:
    return [dialog.files.item(row, column).text() for column in range(5)]


def test_what_is_in_a_file_is_shown(qtbot: QtBot) -> None:
    dialog = made(qtbot, [FOUND])
    assert cells(dialog, 0) == ["a.json", "a.png", "Cellscribe JSON", "2", "1"]
    told = dialog.report.toPlainText()
    for part in ("96 x 80 px: 2 of 3 objects", "A note.", "object 7: left out: it has no area"):
        assert part in told


def test_objects_that_are_there_are_left_out_unless_wanted(qtbot: QtBot) -> None:
    dialog = made(qtbot, [FOUND])
    assert dialog.choice == Choice(True) and dialog.taken == 1
    assert dialog.skip.text() == "Leave out what is there already (1 object)"
    assert dialog._outcome.text() == "Adds 1 object to a.png, in one undo step."
    dialog.skip.setChecked(False)
    assert dialog.choice == Choice(False) and dialog.taken == 2
    everything = made(qtbot, [replace(FOUND, known=frozenset({0, 1}))])
    assert not everything.import_button.isEnabled()
    everything.skip.setChecked(False)
    assert everything.import_button.isEnabled()
    assert made(qtbot, [replace(FOUND, known=frozenset())]).skip.isHidden()


def test_a_class_may_become_one_of_the_project(qtbot: QtBot) -> None:
    dialog = made(qtbot, [FOUND])
    field = dialog._fields["Nucleus"]
    assert [field.itemText(i) for i in range(field.count())] == ["Nucleus (new class)", "Cell"]
    assert dialog._fields["Cell"].count() == 1
    field.setCurrentIndex(1)
    assert dialog.choice == Choice(True, {"Nucleus": 0})


def test_several_files_have_their_classes_in_common(qtbot: QtBot) -> None:
    other = replace(FOUND, path=Path("b.json"), image_id=2, image_name="b.png")
    dialog = made(qtbot, [FOUND, other], [(Path("c.json"), "Cannot read c.json: it is torn.")])
    assert dialog.classes.rowCount() == 2 and dialog.classes.item(1, 1).text() == "2"
    assert cells(dialog, 2)[:2] == ["c.json", "cannot be read"]
    assert "it is torn" in dialog.report.toPlainText()
    assert "2 images" in dialog._outcome.text()
