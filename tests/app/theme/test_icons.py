import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QImage, QPalette
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

import resources
from app.theme.icons import Icons, drawing, tinted
from app.theme.palette import dark_palette, light_palette

DRAWINGS = sorted(Path(resources.__file__).parent.joinpath("icons").glob("*.svg"))


def opaque_colours(image: QImage) -> set[str]:
    argb = image.convertToFormat(QImage.Format.Format_ARGB32)
    values = np.unique(np.frombuffer(argb.constBits(), np.uint32))
    return {f"#{value & 0xFFFFFF:06x}" for value in values.tolist() if value >> 24 == 255}


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_drawing_is_sound(qtbot: QtBot, path: Path) -> None:
    assert QSvgRenderer(str(path)).isValid()
    if path.stem != "app":  # the one that keeps its colours
        assert "currentColor" in path.read_text()
        assert not re.search(r'"#[0-9a-f]{3,6}"', path.read_text())
        shown = drawing(path.stem, QColor("#123456"), 48).toImage()
        assert opaque_colours(shown) == {"#123456"}


def test_missing_drawing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg"):
        resources.find("icons/nothing.svg")


def test_icon_has_the_palette_s_colours(qtbot: QtBot) -> None:
    for palette in (light_palette(), dark_palette()):
        icon = tinted("add", palette)
        for mode, group in (
            (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
            (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
        ):
            wanted = palette.color(group, QPalette.ColorRole.WindowText).name()
            assert wanted in opaque_colours(icon.pixmap(32, 32, mode).toImage())


def test_icons_follow_the_palette(qtbot: QtBot) -> None:
    former, icons, action = QGuiApplication.palette(), Icons(), QAction()
    try:
        QGuiApplication.setPalette(light_palette())
        icons.attach(action, "close")
        light = opaque_colours(action.icon().pixmap(32, 32).toImage())
        QGuiApplication.setPalette(dark_palette())
        icons.refresh()
        dark = opaque_colours(action.icon().pixmap(32, 32).toImage())
    finally:
        QGuiApplication.setPalette(former)
    assert light and dark and light != dark


def test_icons_forget_what_is_gone(qtbot: QtBot) -> None:
    icons, action = Icons(), QAction()
    icons.attach(action, "close")
    del action
    icons.refresh()
