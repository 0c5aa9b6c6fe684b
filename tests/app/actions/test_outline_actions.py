"""Outlines are changed at once or with a slider; locked objects and neighbours stay."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions.outline_actions import OutlineActions
from app.actions.selected import Selected
from app.dialogs.amount import AmountDialog
from app.document.document import Document
from app.messages import Message, Messages
from app.panels.shown import Shown
from app.tasks.runner import Runner
from core.annotation.geometry import shifted, to_shapely
from core.annotation.region import Region, ring
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


def dialog() -> AmountDialog:
    windows = QApplication.topLevelWidgets()
    (found,) = (w for w in windows if isinstance(w, AmountDialog) and w.isVisible())
    return found


def test_holes_are_filled_in_one_step(
    outline: OutlineActions, session: FakeSession, document: Document, qtbot: QtBot
) -> None:
    session.selection.set(document.regions)
    outline.fill_holes()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert not document.regions[3].holes and document.stack.undoText() == "Fill holes"
    assert not document.regions[1].edited and not document.regions[4].edited


def test_who_gives_way_is_what_was_selected(
    outline: OutlineActions, session: FakeSession, document: Document, qtbot: QtBot
) -> None:
    session.selection.set([1])
    outline.give_way()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert overlap(document) < 1e-6
    assert document.regions[1].area < 400 and document.regions[2].area == 400


def test_the_selected_object_may_take_over(
    outline: OutlineActions, session: FakeSession, document: Document, qtbot: QtBot
) -> None:
    session.selection.set([1])
    outline.take_over()
    qtbot.waitUntil(lambda: document.stack.count() == 1)
    assert overlap(document) < 1e-6
    assert document.regions[1].area == 400 and document.regions[2].area < 400


def test_merge_keeps_one_object(
    outline: OutlineActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([1, 2])
    outline.merge()
    assert sorted(document.regions) == [1, 3, 4] or sorted(document.regions) == [2, 3, 4]
    assert document.stack.count() == 1
    document.stack.undo()
    assert sorted(document.regions) == [1, 2, 3, 4]


def test_objects_apart_are_not_merged(
    outline: OutlineActions, session: FakeSession, document: Document, posted: list[Message]
) -> None:
    session.selection.set([1, 3])
    outline.merge()
    assert document.stack.count() == 0 and "apart" in posted[-1].text
    session.selection.set([1])
    outline.merge()
    assert "two or more" in posted[-1].text


def test_a_slider_shows_what_it_does_and_cancel_takes_it_back(
    outline: OutlineActions, session: FakeSession, document: Document, qtbot: QtBot
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
