from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.about import AboutDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_says_version_and_log(qtbot: QtBot, home: Path) -> None:
    dialog = AboutDialog("1.2.3")
    qtbot.addWidget(dialog)
    text = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Cellscribe 1.2.3" in text and "cellscribe.log" in text
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Open the log")
    with qtbot.waitSignal(dialog.log_asked):
        button.click()
