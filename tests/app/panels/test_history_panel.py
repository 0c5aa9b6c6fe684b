from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPalette, QUndoGroup
from PySide6.QtWidgets import QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.panels.history_panel import HistoryPanel
from app.panels.shown import Shown
from app.session import Session
from app.tasks.runner import Runner
from core.project.codec import content_hash
from core.project.delta import Delta
from tests.app.panels.fakes import MODEL, FakeSession, box
from tests.app.samples import Pictures, opened, square

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def document(session: FakeSession) -> Document:
    document = session.add(1, [box(1), box(2)])
    session.show(1)
    for name in ("Move", "Cut", "A step with a name that is far too long for so small a panel"):
        change(document, name)
    return document


def change(document: Document, name: str) -> None:
    region = document.regions[1]
    perform(document, edits.change(document, [replace(region, class_id=region.class_id + 1)], name))


@pytest.fixture
def cancelled() -> list[int]:
    """The index of the stack each time that gestures had to end."""
    return []


@pytest.fixture
def panel(
    shown: Shown, document: Document, cancelled: list[int], qtbot: QtBot
) -> Iterator[HistoryPanel]:
    undo = QUndoGroup()
    undo.addStack(document.stack)
    undo.setActiveStack(document.stack)
    panel = HistoryPanel(shown, undo, lambda: cancelled.append(document.stack.index()))
    qtbot.addWidget(panel)
    panel.resize(220, 160)
    panel.show()
    yield panel
    panel.close()


def lines(panel: HistoryPanel) -> list[str]:
    model = panel.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def click(panel: HistoryPanel, row: int, qtbot: QtBot) -> None:
    place = panel.list.visualRect(panel.list.model().index(row, 0)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def wait_for(document: Document, index: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: document.stack.index() == index)


def test_steps_follow_the_state_at_the_beginning(panel: HistoryPanel) -> None:
    assert lines(panel)[:3] == ["As opened", "Move", "Cut"]
    assert panel.list.currentIndex().row() == 3


def test_click_goes_there_and_ends_gestures_before(
    panel: HistoryPanel, document: Document, cancelled: list[int], qtbot: QtBot
) -> None:
    for row in (1, 0, 3, 2):
        before = document.stack.index()
        click(panel, row, qtbot)
        wait_for(document, row, qtbot)
        assert document.regions[1].class_id == row
        assert cancelled[-1] == before
        assert panel.list.currentIndex().row() == row
        assert panel.list.selectionModel().selectedIndexes() == [panel.list.currentIndex()]


def test_arrow_keys_go_step_by_step(panel: HistoryPanel, document: Document, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    wait_for(document, 2, qtbot)
    qtbot.keyClick(panel.list, Qt.Key.Key_Home)
    wait_for(document, 0, qtbot)


def test_follows_what_is_done_elsewhere(panel: HistoryPanel, document: Document) -> None:
    document.stack.undo()
    document.stack.undo()
    assert panel.list.currentIndex().row() == 1
    change(document, "Another")
    assert lines(panel) == ["As opened", "Move", "Another"]
    assert panel.list.currentIndex().row() == 2


def test_drag_picks_nothing_on_its_way(
    panel: HistoryPanel, document: Document, qtbot: QtBot
) -> None:
    steps = panel.list
    places = [steps.visualRect(steps.model().index(row, 0)).center() for row in (1, 3)]
    qtbot.mousePress(steps.viewport(), Qt.MouseButton.LeftButton, pos=places[0])
    wait_for(document, 1, qtbot)
    qtbot.mouseMove(steps.viewport(), places[1])
    qtbot.mouseRelease(steps.viewport(), Qt.MouseButton.LeftButton, pos=places[1])
    qtbot.wait(20)
    assert document.stack.index() == 1


def test_tip_has_the_whole_name_and_what_a_click_does(
    panel: HistoryPanel, document: Document, qtbot: QtBot
) -> None:
    document.stack.undo()
    for row, said in ((0, "take back"), (2, "as after this step"), (3, "do all steps")):
        place = panel.list.visualRect(panel.list.model().index(row, 0)).center()
        assert panel.list.viewportEvent(
            QHelpEvent(QHelpEvent.Type.ToolTip, place, panel.list.mapToGlobal(place))
        )
        assert QToolTip.text().startswith(lines(panel)[row]) and said in QToolTip.text()
    below = QPoint(5, panel.list.viewport().height() - 2)
    panel.list.viewportEvent(QHelpEvent(QHelpEvent.Type.ToolTip, below, QPoint()))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_long_name_does_not_widen_the_list(panel: HistoryPanel) -> None:
    steps = panel.list
    assert steps.visualRect(steps.model().index(3, 0)).width() <= steps.viewport().width()


def test_steps_that_were_taken_back_are_faded(panel: HistoryPanel, document: Document) -> None:
    def colour(row: int) -> QColor:
        option = QStyleOptionViewItem()
        option.widget = panel.list
        index = panel.list.model().index(row, 0)
        panel.list.itemDelegate().initStyleOption(option, index)
        return option.palette.color(QPalette.ColorRole.Text)

    assert len({colour(row).name() for row in range(4)}) == 1
    document.stack.setIndex(1)
    assert colour(0) == colour(1) != colour(2) == colour(3)


def test_draft_is_dropped_and_never_part_of_a_step(
    panel: HistoryPanel, document: Document, qtbot: QtBot
) -> None:
    proposal = box(9, origin=MODEL)
    document.show_draft(Delta("", {2: document.regions[2]}, {9: proposal}))
    click(panel, 1, qtbot)
    wait_for(document, 1, qtbot)
    assert sorted(document.regions) == [1, 2]
    click(panel, 3, qtbot)
    wait_for(document, 3, qtbot)
    assert sorted(document.regions) == [1, 2] and document.regions[1].class_id == 3


def test_steps_of_one_click_are_told_at_once(
    panel: HistoryPanel, document: Document, qtbot: QtBot
) -> None:
    told: list[frozenset[int]] = []
    steps: list[str] = []
    document.regions_changed.connect(told.append)
    document.applied.connect(lambda delta, step: steps.append(delta.name))
    click(panel, 0, qtbot)
    wait_for(document, 0, qtbot)
    assert told == [frozenset({1})]
    assert len(steps) == 3 and steps[1:] == ["Cut", "Move"]  # the journal hears of each


def test_without_an_image_there_is_nothing_to_go_back_to(
    panel: HistoryPanel, session: FakeSession
) -> None:
    session.leave()
    assert not panel.list.isEnabled()
    assert panel.list.emptyLabel() == ""
    session.add(2)
    session.show(2)
    assert panel.list.isEnabled() and panel.list.emptyLabel() == "As opened"


def test_every_step_of_a_walk_is_in_the_project_file(
    runner: Runner, pictures: Pictures, qtbot: QtBot
) -> None:
    def reopened(path: Path) -> Session:
        session = Session(runner)
        return opened(session, qtbot, path)

    session = opened(Session(runner), qtbot, pictures.discs())
    document, path = session.document, session.project_path
    assert document is not None and path is not None
    for n in range(30):
        perform(document, edits.add(document, [square(n, n)], f"Draw {n}"))
    undo = QUndoGroup()
    undo.addStack(document.stack)
    undo.setActiveStack(document.stack)
    panel = HistoryPanel(Shown(session), undo, lambda: None)
    qtbot.addWidget(panel)
    for row in (3, 28, 11):
        panel.list.setCurrentIndex(panel.list.model().index(row, 0))
        wait_for(document, row, qtbot)
    before = content_hash(document.regions.values())
    session.close()
    again = reopened(path)
    document = again.document
    assert document is not None
    assert len(document.regions) == 11
    assert content_hash(document.regions.values()) == before
    assert (document.stack.index(), document.stack.count()) == (11, 30)
    again.close()
