import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.progress import Progress

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_shows_and_stops(qtbot: QtBot) -> None:
    stopped: list[bool] = []
    window = QWidget()
    qtbot.addWidget(window)
    progress = Progress("Exporting…", lambda: stopped.append(True))
    progress.show(1, 4, "a.json", window)
    progress.show(2, 4, "b.json", window)
    dialog = progress.dialog
    assert dialog is not None
    assert (dialog.value(), dialog.maximum(), dialog.labelText()) == (2, 4, "b.json")
    assert not dialog.isModal()
    dialog.canceled.emit()  # what its button does
    assert stopped == [True] and progress.dialog is None


def test_hides_when_the_job_is_over(qtbot: QtBot) -> None:
    stopped: list[bool] = []
    progress = Progress("Exporting…", lambda: stopped.append(True))
    progress.hide()
    progress.show(4, 4, "a.json", None)
    progress.hide()
    assert progress.dialog is None and stopped == []
