from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.export import ExportDialog, ExportWish
from core.formats.base import Codec

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CODECS = (
    Codec("json", "Our JSON", (".json",), keeps_holes=True),
    Codec("yolo", "YOLO", (".txt",), keeps_holes=False),
)


def dialog(
    qtbot: QtBot, wish: ExportWish, count: int = 3, chosen: Path | None = None
) -> ExportDialog:
    made = ExportDialog(CODECS, "a.png", count, wish, lambda title, start: chosen)
    qtbot.addWidget(made)
    return made


def tick(made: ExportDialog, row: int, ticked: bool = True) -> None:
    state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
    made.formats.item(row).setCheckState(state)


def test_starts_with_what_was_wished_last(qtbot: QtBot, tmp_path: Path) -> None:
    wish = ExportWish(("yolo",), True, tmp_path)
    made = dialog(qtbot, wish)
    assert made.wish == wish
    assert made.export_button.isEnabled()


def test_wish_says_what_was_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("yolo", "gone"), True, tmp_path))
    tick(made, 0)
    tick(made, 1, False)
    made.this_image.setChecked(True)
    assert made.wish == ExportWish(("json",), False, tmp_path)


def test_refuses_what_cannot_be_done(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish((), False, tmp_path))
    assert not made.export_button.isEnabled()
    tick(made, 0)
    assert made.export_button.isEnabled()
    for bad in ("", "   ", str(tmp_path / "missing")):
        made.folder.setText(bad)
        assert not made.export_button.isEnabled()


def test_one_image_leaves_no_choice(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("json",), True, tmp_path), count=1)
    assert not made.all_images.isEnabled() and made.this_image.isChecked()


def test_folder_can_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    made = dialog(qtbot, ExportWish(("json",), False, tmp_path), chosen=other)
    browse = next(b for b in made.findChildren(QPushButton) if "Choose" in b.text())
    browse.click()
    assert made.wish.folder == other


def test_format_without_holes_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish((), False, tmp_path))
    assert made.formats.item(0).toolTip() == ""
    assert "holes" in made.formats.item(1).toolTip()
