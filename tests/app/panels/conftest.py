import pytest
from pytestqt.qtbot import QtBot

from app.panels.shown import Shown
from tests.app.panels.fakes import FakeSession


@pytest.fixture
def session(qtbot: QtBot) -> FakeSession:
    return FakeSession()


@pytest.fixture
def shown(session: FakeSession) -> Shown:
    return Shown(session)  # type: ignore[arg-type]
