import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.theme.bars import MenuBar, ToolBar
from app.theme.palette import dark_palette

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.mark.parametrize("kind", [MenuBar, ToolBar])
def test_no_bright_lines_on_dark(qtbot: QtBot, kind: type[MenuBar] | type[ToolBar]) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setPalette(dark_palette())
    bar = kind(window)
    bar.addAction("x")
    window.setMenuBar(bar) if isinstance(bar, MenuBar) else window.addToolBar(bar)
    window.resize(300, 200)
    window.show()
    picture = bar.grab().toImage()
    ground = dark_palette().color(QPalette.ColorRole.Window).lightness()
    x = picture.width() - 40  # right of all items
    lightness = [picture.pixelColor(x, y).lightness() for y in range(picture.height())]
    assert max(lightness) < ground + 12
