from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import build
from app.canvas.tools import BRUSH_SIZE
from app.settings.store import Settings
from tests.app.actions.fakes import FakeAsk
from tests.gui.window_desk import LEFT, NONE, WindowDesk


@pytest.fixture
def window_desk(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WindowDesk]:
    """The real window with an image and three regions: plain, with a hole, locked."""
    monkeypatch.setattr(BRUSH_SIZE, "radius", 6.0)  # one for all windows of the program
    program = build(Settings(tmp_path / "config"), FakeAsk())
    yield WindowDesk(qtbot, program, tmp_path)
    assert program.window.close()
    program.window.deleteLater()


@pytest.fixture(autouse=True)
def hands_off(qapp: QApplication) -> Iterator[None]:
    """Let go of mouse and keyboard: what is still held would be so in the next test as well. A
    release without modifiers lets go of those too."""
    yield
    nowhere = QWidget()
    for button in (LEFT, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        if qapp.mouseButtons() & button or qapp.keyboardModifiers() != NONE:
            QTest.mouseRelease(nowhere, button)
