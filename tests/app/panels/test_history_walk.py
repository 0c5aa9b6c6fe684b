import pytest
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack
from pytestqt.qtbot import QtBot

from app.panels import history_walk
from app.panels.history_walk import HistoryWalk

COUNT = 300


class Note(QUndoCommand):
    """Counts what is done."""

    def __init__(self, done: list[int], number: int) -> None:
        super().__init__(f"step {number}")
        self._done, self._number = done, number

    def redo(self) -> None:
        self._done.append(self._number)

    def undo(self) -> None:
        assert self._done.pop() == self._number


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def stack(qtbot: QtBot, done: list[int]) -> QUndoStack:
    stack = QUndoStack()
    for number in range(COUNT):
        stack.push(Note(done, number))
    return stack


@pytest.fixture
def undo(stack: QUndoStack) -> QUndoGroup:
    undo = QUndoGroup()
    undo.addStack(stack)
    undo.setActiveStack(stack)
    return undo


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def walk(undo: QUndoGroup, told: list[bool], monkeypatch: pytest.MonkeyPatch) -> HistoryWalk:
    monkeypatch.setattr(history_walk, "SLICE", 0.0)  # one step at a time after the first ones
    return HistoryWalk(undo, lambda: told.append(True))


def wait_for(qtbot: QtBot, stack: QUndoStack, index: int) -> None:
    qtbot.waitUntil(lambda: stack.index() == index)


def test_goes_back_and_forth(
    walk: HistoryWalk, stack: QUndoStack, done: list[int], qtbot: QtBot
) -> None:
    for index in (0, COUNT, 7, 8, 6):
        walk.go_to(index)
        wait_for(qtbot, stack, index)
        assert done == list(range(index))


def test_window_lives_on_between_the_steps(
    walk: HistoryWalk, stack: QUndoStack, told: list[bool], qtbot: QtBot
) -> None:
    seen: list[int] = []
    stack.indexChanged.connect(seen.append)
    walk.go_to(0)
    assert seen == []  # nothing before the events of the click are through
    wait_for(qtbot, stack, 0)
    assert len(seen) > 100
    assert len(told) == len(seen)


def test_pace_follows_the_time_that_steps_take(
    walk: HistoryWalk, stack: QUndoStack, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(history_walk, "SLICE", 1000.0)
    seen: list[int] = []
    stack.indexChanged.connect(seen.append)
    walk.go_to(0)
    wait_for(qtbot, stack, 0)
    assert seen == [292, 276, 244, 180, 52, 0]  # 8 steps, then twice as many each time


def test_last_wish_counts(walk: HistoryWalk, stack: QUndoStack, qtbot: QtBot) -> None:
    walk.go_to(0)
    qtbot.waitUntil(lambda: stack.index() < 290)
    walk.go_to(295)
    wait_for(qtbot, stack, 295)
    qtbot.wait(20)
    assert stack.index() == 295


def test_edit_in_between_ends_the_walk(
    walk: HistoryWalk, stack: QUndoStack, done: list[int], qtbot: QtBot
) -> None:
    walk.go_to(0)
    qtbot.waitUntil(lambda: stack.index() < 290)
    here = stack.index()
    stack.push(Note(done, 1000))
    qtbot.wait(20)
    assert done == [*range(here), 1000]


def test_other_image_in_between_ends_the_walk(
    walk: HistoryWalk, undo: QUndoGroup, stack: QUndoStack, qtbot: QtBot
) -> None:
    other = QUndoStack()
    undo.addStack(other)
    walk.go_to(0)
    qtbot.waitUntil(lambda: stack.index() < 290)
    here = stack.index()
    undo.setActiveStack(other)
    qtbot.wait(20)
    assert stack.index() == here


def test_without_a_stack_there_is_nowhere_to_go(qtbot: QtBot) -> None:
    walk = HistoryWalk(QUndoGroup(), lambda: None)
    walk.go_to(3)
    qtbot.wait(5)
