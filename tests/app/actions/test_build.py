from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar
from pytestqt.qtbot import QtBot

from app.actions.build import Actions
from app.actions.spec import ActionSpec, MenuSpec, Need
from app.messages import Level, Message, Messages
from app.theme.icons import Icons
from core.errors import ProjectError

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class FakeFacts(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.all: frozenset[Need] = frozenset()

    def refresh(self) -> None:
        self.changed.emit()

    def set(self, *needs: Need) -> None:
        self.all = frozenset(needs)
        self.changed.emit()


class FakeDesk:
    def __init__(self, messages: Messages) -> None:
        self.facts, self.messages = FakeFacts(), messages
        self.done: list[str] = []
        self.on, self.name = False, "Undo"

    def toggle(self) -> None:
        self.on = not self.on

    def fail(self) -> None:
        raise ProjectError("The project is open elsewhere.")


SPECS = (
    ActionSpec("go", "Go…", lambda d: d.done.append("go"), ("G", "Ctrl+G"), "Do it", "add"),
    ActionSpec("cut", "Cut", lambda d: d.done.append("cut"), needs=frozenset({Need.SELECTION})),
    ActionSpec("show", "Show", lambda d: d.toggle(), checked=lambda d: d.on),
    ActionSpec("undo", "Undo", lambda d: None, label=lambda d: d.name),
    ActionSpec("fail", "Fail", lambda d: d.fail()),
)


@pytest.fixture
def desk(messages: Messages) -> FakeDesk:
    return FakeDesk(messages)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(desk: FakeDesk, window: QMainWindow) -> Actions:
    return Actions(SPECS, desk, Icons(), window)  # type: ignore[arg-type]


def test_action_is_as_the_data_says(actions: Actions, desk: FakeDesk) -> None:
    go = actions["go"]
    assert go.shortcuts() == [QKeySequence("G"), QKeySequence("Ctrl+G")]
    assert go.toolTip() == "Go (G)\nDo it" and go.statusTip() == "Do it"
    assert not go.icon().isNull()
    go.trigger()
    assert desk.done == ["go"]


def test_enabled_while_everything_holds(actions: Actions, desk: FakeDesk) -> None:
    assert not actions["cut"].isEnabled()
    desk.facts.set(Need.SELECTION, Need.IMAGE)
    assert actions["cut"].isEnabled()
    desk.facts.set(Need.IMAGE)
    assert not actions["cut"].isEnabled()


def test_check_mark_shows_the_state_and_nothing_else(actions: Actions, desk: FakeDesk) -> None:
    actions["show"].trigger()
    assert desk.on and actions["show"].isChecked()
    desk.on = False
    desk.facts.set()
    assert not actions["show"].isChecked()


def test_name_that_changes(actions: Actions, desk: FakeDesk) -> None:
    desk.name = "Undo Delete object"
    desk.facts.set()
    assert actions["undo"].text() == "Undo Delete object"
    assert actions["undo"].toolTip() == "Undo"
    desk.name = ""
    desk.facts.set()
    assert not actions["undo"].isVisible()


def test_problem_becomes_a_message(actions: Actions, posted: list[Message]) -> None:
    actions["fail"].trigger()
    assert posted == [Message("The project is open elsewhere.", Level.PROBLEM)]


def test_menus_and_bars(actions: Actions, window: QMainWindow, qtbot: QtBot) -> None:
    filled: list[QMenu] = []
    menus = (
        MenuSpec("&File", ("go", None, MenuSpec("More", ("cut",)), MenuSpec("R", filler="r"))),
    )
    actions.fill_bar(window.menuBar(), menus, {"r": filled.append})
    entries = window.menuBar().actions()[0].menu().actions()  # type: ignore[union-attr]
    assert [e.text() for e in entries] == ["Go…", "", "More", "R"]
    assert entries[1].isSeparator()
    assert entries[2].menu().actions() == [actions["cut"]]  # type: ignore[union-attr]
    entries[3].menu().aboutToShow.emit()  # type: ignore[union-attr]
    assert filled == [entries[3].menu()]
    bar = QToolBar()
    qtbot.addWidget(bar)
    actions.fill_tool_bar(bar, ("go", None))
    assert bar.widgetForAction(actions["go"]).accessibleName() == "Go…"


def test_clash_is_logged_at_the_start(
    desk: FakeDesk, window: QMainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    twice = (SPECS[0], replace(SPECS[1], keys=("G",)))
    Actions(twice, desk, Icons(), window)  # type: ignore[arg-type]
    assert "G belongs to go and cut." in caplog.text
