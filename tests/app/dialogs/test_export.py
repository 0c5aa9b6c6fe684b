from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.export import ExportDialog, ExportOffer, ExportWish
from core.errors import CannotWrite
from core.export.request import Split
from core.formats.base import Codec, Option
from core.project.records import ImageRecord

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def pixel_type(largest: int) -> str:
    if largest > 65535:
        raise CannotWrite("a PNG holds numbers up to 65535")
    return "uint8" if largest < 256 else "uint16"


KIND = Option("kind", "Objects are", (("auto", "Automatic"), ("cell", "Cells")))
CODECS = (
    Codec("json", "Our JSON", (".json",), keeps_holes=True, encode=str),
    Codec("yolo", "YOLO", (".txt",), keeps_holes=False, encode=str, part_folder="labels"),
    Codec("png", "Labels", (".png",), True, encode=str, tag="_l", pixel_type=pixel_type),
    Codec(
        "geo", "GeoJSON", (".geojson",), True, encode=str, options=(KIND,), cannot_carry=("ids",)
    ),
)


@pytest.fixture(autouse=True)
def these_codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.formats.CODECS", CODECS)


def records(count: int) -> list[ImageRecord]:
    made = [ImageRecord(n, f"img{n}.png", "", 1, 96, 96) for n in range(1, count + 1)]
    return [replace(r, status="reviewed") if r.id % 2 == 0 else r for r in made]


def dialog(
    qtbot: QtBot,
    wish: ExportWish,
    count: int = 3,
    chosen: Path | None = None,
    largest: dict[int, int] | None = None,
) -> ExportDialog:
    offer = ExportOffer(CODECS, records(count), records(count)[0], largest or {})
    made = ExportDialog(offer, wish, lambda title, start: chosen)
    qtbot.addWidget(made)
    return made


def tick(made: ExportDialog, row: int, ticked: bool = True) -> None:
    state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
    made.formats.list.item(row).setCheckState(state)


def files(made: ExportDialog) -> list[str]:
    return [made.files.item(row).text() for row in range(made.files.count())]


def said(made: ExportDialog) -> str:
    shown = [label for label in made.formats.findChildren(QLabel) if not is_gone(label, made)]
    return "\n".join(label.text() for label in shown)


def is_gone(label: QLabel, made: ExportDialog) -> bool:
    return not label.isVisibleTo(made)


def test_starts_with_what_was_wished_last(qtbot: QtBot, tmp_path: Path) -> None:
    wish = ExportWish(
        ("geo",), tmp_path, "all", (1, 2, 3), {"geo": {"kind": "cell"}}, Split(0.3, 5)
    )
    made = dialog(qtbot, wish)
    assert made.wish == wish
    assert made.export_button.isEnabled()


def test_wish_says_what_was_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("yolo", "gone"), tmp_path, "all"))
    tick(made, 0)
    tick(made, 1, False)
    made.images.buttons["this"].setChecked(True)
    assert made.wish == ExportWish(("json",), tmp_path, "this", (1,))
    assert made.wish.request.images == (1,)


def test_refuses_what_cannot_be_done(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish((), tmp_path))
    assert not made.export_button.isEnabled() and "format" in made.hint
    tick(made, 0)
    assert made.export_button.isEnabled() and made.hint == ""
    for bad in ("", "   ", str(tmp_path / "missing")):
        made.folder.setText(bad)
        assert not made.export_button.isEnabled()
    made.folder.setText(str(tmp_path))
    made.split.divide.setChecked(True)
    assert not made.export_button.isEnabled() and "two images" in made.hint


def test_one_image_leaves_no_choice(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("json",), tmp_path, "all"), count=1)
    enabled = {kind for kind, button in made.images.buttons.items() if button.isEnabled()}
    assert enabled == {"this"} and made.images.which == "this"


def test_reviewed_and_chosen_images(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("json",), tmp_path), count=5)
    made.images.buttons["reviewed"].setChecked(True)
    assert made.wish.chosen == (2, 4)
    made.images.buttons["chosen"].setChecked(True)
    assert made.wish.chosen == (1,) and not made.images.list.isHidden()
    made.images.list.item(4).setCheckState(Qt.CheckState.Checked)
    assert made.wish.chosen == (1, 5)
    for row in (0, 4):
        made.images.list.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert not made.export_button.isEnabled() and "one image" in made.hint


def test_the_files_are_named_before_they_are_written(qtbot: QtBot, tmp_path: Path) -> None:
    own = ["export-report.json", "export-report.html", "manifest.json"]
    made = dialog(qtbot, ExportWish(("json", "png"), tmp_path, "all"), count=2)
    assert files(made) == ["img1.json", "img2.json", "img1_l.png", "img2_l.png", *own]
    tick(made, 2, False)
    assert files(made) == ["img1.json", "img2.json", *own]
    tick(made, 0, False)
    assert files(made) == []


def test_a_data_set_in_two_parts(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("yolo",), tmp_path, "all"), count=10)
    assert made.split._fields.isHidden()
    made.split.divide.setChecked(True)
    assert made.wish.split == Split(0.2, 0, "field")
    text = made.split._outcome.text()
    assert "8 images to train with, 2 to validate with; groups that stay whole: 10." in text
    first = files(made)
    assert sum(name.startswith("val/labels/") for name in first) == 2
    made.split.seed.setValue(3)
    assert files(made) != first
    made.split.seed.setValue(0)
    assert files(made) == first
    made.split.together.setCurrentIndex(1)
    assert "whole: 1." in made.split._outcome.text()


def test_folder_can_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    made = dialog(qtbot, ExportWish(("json",), tmp_path), chosen=other)
    browse = next(b for b in made.findChildren(QPushButton) if "Choose" in b.text())
    browse.click()
    assert made.wish.folder == other


def test_what_a_format_cannot_carry_is_said_before(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish((), tmp_path), largest={1: 300, 2: 70_000})
    for row, sentence in enumerate(("carries everything", "carry: holes", "uint16", "carry: ids")):
        made.formats.list.setCurrentRow(row)
        assert sentence in said(made)
    made.formats.list.setCurrentRow(2)
    assert "the largest number of an object is 300" in said(made)
    made.images.buttons["all"].setChecked(True)
    assert "Cannot be written: a PNG holds numbers up to 65535" in said(made)


def test_options_of_a_format(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("geo",), tmp_path))
    field = made.formats.findChild(QComboBox, "geo.kind")
    assert field.currentText() == "Automatic" and made.wish.options == {}
    field.setCurrentIndex(1)
    assert made.wish.options == {"geo": {"kind": "cell"}}
    tick(made, 3, False)
    assert made.wish.options == {}


def test_thousands_of_images_do_not_hold_it_up(qtbot: QtBot, tmp_path: Path) -> None:
    made = dialog(qtbot, ExportWish(("json",), tmp_path, "all"), count=3000)
    assert len(files(made)) < 300 and len(made.wish.chosen) == 3000
