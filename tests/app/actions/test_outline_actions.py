"""Outlines are changed at once or with a slider; locked objects and neighbours stay."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QProgressDialog
from pytestqt.qtbot import QtBot

from app.actions.outline_actions import OutlineActions
from app.actions.selected import Selected
from app.commands import edits
from app.commands.change_regions import ChangeRegions
from app.controllers import outline_changes
from app.dialogs.amount import AmountDialog
from app.dialogs.overlap import OverlapDialog
from app.document.document import Document
from app.messages import Message, Messages
from app.panels.shown import Shown
from app.tasks.runner import Runner
from core.annotation.geometry import shifted, to_shapely
from core.annotation.region import Region, ring
from core.progress import Ticket
from tests.app.actions.fakes import FakeAsk
from tests.app.panels.fakes import FakeSession, box

HOLE = ring([(3, 3), (6, 3), (6, 6), (3, 6)])


def placed(number: int, x: float, y: float, side: float = 10, **facts: object) -> Region:
    return shifted(box(number, side, **facts), x, y)


@pytest.fixture
def document(session: FakeSession) -> Document:
    """Two that overlap, one apart with a hole, one locked."""
    return session.add(
        1,
        [
            placed(1, 10, 10, 20),
            placed(2, 25, 10, 20),
            holed(3, 60, 10),
            placed(4, 60, 40, locked=True),
        ],
    )


def holed(number: int, x: float, y: float) -> Region:
    square = box(number)
    return shifted(Region(number, square.shell, (HOLE,)), x, y)


@pytest.fixture
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    assert runner.shutdown(5)


@pytest.fixture
def outline(
    session: FakeSession,
    shown: Shown,
    runner: Runner,
    ask: FakeAsk,
    messages: Messages,
    document: Document,
) -> OutlineActions:
    session.show(1)
    return OutlineActions(Selected(shown, messages), runner, ask, messages)  # type: ignore[arg-type]


def overlap(document: Document) -> float:
    first, second = (to_shapely(document.regions[i].rings) for i in (1, 2))
    return float(first.intersection(second).area)


def open_dialogs() -> list[QDialog]:
    kinds = (AmountDialog, OverlapDialog)
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, kinds) and w.isVisible()]


def open_progress() -> list[QProgressDialog]:
    windows = QApplication.topLevelWidgets()
    return [w for w in windows if isinstance(w, QProgressDialog) and w.isVisible()]


def dialog() -> AmountDialog:
    (found,) = open_dialogs()
    assert isinstance(found, AmountDialog)
    return found


def question(qtbot: QtBot) -> OverlapDialog:
    """The one about an overlap, once it is open."""
    qtbot.waitUntil(lambda: bool(open_dialogs()))
    (found,) = open_dialogs()
    assert isinstance(found, OverlapDialog)
    return found


def test_holes_are_filled_in_one_step(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set(document.regions)
    outline.fill_holes()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert not document.regions[3].holes and document.stack.undoText() == "Fill holes"
    assert not document.regions[1].edited and not document.regions[4].edited
    assert posted[-1].text == "Filled the holes of 1 object."


def test_who_gives_way_is_shown_before_it_is_done(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([1])
    outline.give_way()
    window = question(qtbot)
    assert window.selected.isChecked()
    assert window.verdict.text() == "#2 keeps what is shared.\n#1 loses 100 px² (25.0 %)."
    assert document.regions[1].area == 300 and document.stack.count() == 0
    window.accept()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert overlap(document) < 1e-6
    assert document.regions[1].area < 400 and document.regions[2].area == 400
    assert posted[-1].text == "#1 gave way to #2 and lost 100 px²."
    assert document.stack.undoText() == "Give way to neighbours"


def test_the_choice_can_be_turned_round_and_given_up(
    outline: OutlineActions, session: FakeSession, document: Document, qtbot: QtBot
) -> None:
    session.selection.set([1])
    outline.take_over()
    window = question(qtbot)
    assert window.neighbours.isChecked()
    assert document.regions[1].area == 400 and document.regions[2].area == 300
    window.selected.click()
    qtbot.waitUntil(lambda: document.regions[1].area == 300)
    assert document.regions[2].area == 400
    assert "#1 loses" in window.verdict.text()
    window.reject()
    assert document.regions[1].area == document.regions[2].area == 400
    assert document.stack.count() == 0


def test_the_selected_object_may_take_over(
    outline: OutlineActions, session: FakeSession, document: Document, qtbot: QtBot
) -> None:
    session.selection.set([1])
    outline.take_over()
    question(qtbot).accept()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert overlap(document) < 1e-6
    assert document.regions[1].area == 400 and document.regions[2].area < 400


def test_without_anything_to_give_up_there_is_no_question(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([3])
    outline.give_way()
    qtbot.waitUntil(lambda: bool(posted))
    assert "no other object overlaps" in posted[-1].text
    document.stack.push(locking(document, 2))
    session.selection.set([1])
    outline.take_over()
    qtbot.waitUntil(lambda: len(posted) == 2)
    assert "locked; unlock it first" in posted[-1].text
    assert not open_dialogs() and document.stack.count() == 1


def locking(document: Document, number: int) -> ChangeRegions:
    locked = replace(document.regions[number], locked=True)
    return ChangeRegions(document, edits.change(document, [locked], "Lock"))


def test_merge_keeps_one_object(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([1, 2])
    outline.merge()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    (one,) = {1, 2} & document.regions.keys()
    assert sorted(document.regions) == [one, 3, 4]
    assert posted[-1].text == f"Merged 2 objects into #{one}."
    document.stack.undo()
    assert sorted(document.regions) == [1, 2, 3, 4]


def test_objects_apart_are_not_merged(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([1, 3])
    outline.merge()
    qtbot.waitUntil(lambda: bool(posted))
    assert document.stack.count() == 0 and "apart" in posted[-1].text
    session.selection.set([1])
    outline.merge()
    assert "two or more" in posted[-1].text


def test_another_image_ends_what_was_asked(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    other = session.add(2, [placed(1, 10, 10)])
    session.selection.set([1])
    outline.expand()
    qtbot.waitUntil(lambda: document.regions[1].area > 400)
    session.show(2)
    assert not open_dialogs() and document.regions[1].area == 400
    assert "another image" in posted[-1].text
    assert document.stack.count() == other.stack.count() == 0


def test_a_slider_shows_what_it_does_and_cancel_takes_it_back(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([1, 4])
    outline.expand()
    qtbot.waitUntil(lambda: document.regions[1].area > 400)
    window = dialog()
    window.row.slider.setValue(-200)
    qtbot.waitUntil(lambda: document.regions[1].area == pytest.approx(256, rel=0.01))
    assert document.regions[4].area == 100 and document.stack.count() == 0
    window.reject()
    assert document.regions[1].area == 400
    session.selection.set([2])
    outline.smooth()
    qtbot.waitUntil(lambda: document.regions[2].area != 400)
    dialog().accept()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert document.stack.undoText() == "Smooth outline"
    assert posted[-1].text == "Smoothed 1 object."


def endless(regions: object, ticket: Ticket) -> Region:
    """Until it is cancelled."""
    ticket.step(1, 4, "merging")
    while True:
        ticket.check()


def test_what_takes_long_shows_how_far_it_is_and_can_be_cancelled(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    runner: Runner,
    posted: list[Message],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outline_changes, "merged", endless)
    session.selection.set([1, 2])
    outline.merge()
    qtbot.waitUntil(lambda: bool(open_progress()))
    (window,) = open_progress()
    assert (window.value(), window.maximum(), window.labelText()) == (1, 4, "merging")
    window.canceled.emit()
    assert not runner.busy and not open_progress()
    assert document.stack.count() == 0 and not posted


def test_another_edit_takes_the_place_of_one_that_takes_long(
    outline: OutlineActions,
    session: FakeSession,
    document: Document,
    posted: list[Message],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outline_changes, "merged", endless)
    session.selection.set([1, 2, 3])
    outline.merge()
    outline.fill_holes()
    assert "given up" in posted[-1].text
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert document.stack.undoText() == "Fill holes"
