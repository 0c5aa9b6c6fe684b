import pytest
from pytestqt.qtbot import QtBot

from app.panels.opening_bar import OpeningBar
from tests.app.panels.fakes import FakeSession

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def bar(session: FakeSession, qtbot: QtBot) -> OpeningBar:
    bar = OpeningBar(session)  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    return bar


def test_only_what_takes_a_while_is_shown(
    bar: OpeningBar, session: FakeSession, qtbot: QtBot
) -> None:
    session.opening.emit(True)
    session.opening.emit(False)
    assert not bar._patience.isActive()
    session.opening.emit(True)
    assert not bar.isVisible()
    qtbot.waitUntil(bar.isVisible)
    session.opening.emit(False)
    assert not bar.isVisible()


def test_tells_how_many_files_were_looked_at(bar: OpeningBar, session: FakeSession) -> None:
    session.opening.emit(True)
    assert bar.progress.maximum() == 0, "nobody knows how many there are"
    session.adding.emit(1, 3)
    assert (bar.progress.value(), bar.progress.maximum()) == (1, 3)
    session.adding.emit(3, 3)
    assert bar.progress.maximum() == 0, "what follows takes a while as well"


def test_cancel_waits_for_what_is_being_read(bar: OpeningBar, session: FakeSession) -> None:
    session.opening.emit(True)
    bar.cancel.click()
    bar.cancel.click()
    assert session.asked == ["cancel opening"] and bar.line.text() == "Stopping"
    session.opening.emit(False)
    session.opening.emit(True)
    assert bar.cancel.isEnabled() and bar.line.text() == "Opening"
