from pathlib import Path

import pytest
from PySide6.QtGui import QUndoGroup
from pytestqt.qtbot import QtBot

from app.actions.facts import Facts
from app.messages import Message, Messages
from app.panels.shown import Shown
from app.settings.store import Settings
from tests.app.actions.fakes import FakeAsk, FakeCanvas, FakeController
from tests.app.panels.fakes import FakeSession


@pytest.fixture
def session(qtbot: QtBot) -> FakeSession:
    return FakeSession()


@pytest.fixture
def shown(session: FakeSession) -> Shown:
    return Shown(session)  # type: ignore[arg-type]


@pytest.fixture
def undo() -> QUndoGroup:
    return QUndoGroup()


@pytest.fixture
def facts(session: FakeSession, shown: Shown, undo: QUndoGroup) -> Facts:
    return Facts(session, shown, undo)  # type: ignore[arg-type]


@pytest.fixture
def canvas() -> FakeCanvas:
    return FakeCanvas()


@pytest.fixture
def controller() -> FakeController:
    return FakeController()


@pytest.fixture
def ask() -> FakeAsk:
    return FakeAsk()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "config")


@pytest.fixture
def messages() -> Messages:
    return Messages()


@pytest.fixture
def posted(messages: Messages) -> list[Message]:
    posted: list[Message] = []
    messages.posted.connect(posted.append)
    return posted
