"""Copy and paste within an image, to another one, and between projects."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.actions import clipboard_actions
from app.actions.clipboard_actions import FORMAT, ClipboardActions
from app.actions.placing import packed, unpacked
from app.actions.selected import Selected
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.messages import Message, Messages
from app.panels.shown import Shown
from app.tasks.runner import Runner
from core.annotation.classes import LabelClass
from core.annotation.geometry import shifted
from tests.app.actions.fakes import FakeAsk
from tests.app.panels.fakes import CLASSES, MODEL, FakeSession, box


@pytest.fixture
def document(session: FakeSession) -> Document:
    return session.add(1, [box(1), box(2, class_id=1), box(3, locked=True)])


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    runner = Runner()
    yield runner
    assert runner.shutdown()


@pytest.fixture
def clipboard(
    session: FakeSession, shown: Shown, messages: Messages, document: Document, runner: Runner
) -> ClipboardActions:
    session.show(1)
    return ClipboardActions(Selected(shown, messages), runner, FakeAsk(), messages)


@pytest.fixture
def in_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few they are."""
    monkeypatch.setattr(clipboard_actions, "AT_ONCE", 0)


def test_paste_into_the_same_image_lies_beside_and_is_selected(
    clipboard: ClipboardActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([1, 2])
    clipboard.copy()
    clipboard.paste()
    assert sorted(document.regions) == [1, 2, 3, 4, 5] and session.selection.ids == {4, 5}
    first, copy = document.regions[1], document.regions[4]
    assert copy.area == first.area and copy.bounds != first.bounds and copy.uid != first.uid
    assert document.regions[5].class_id == 1
    assert document.stack.count() == 1


def test_paste_into_another_image_keeps_the_place(
    clipboard: ClipboardActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([2])
    clipboard.copy()
    other = session.add(2, [])
    session.show(2)
    clipboard.paste()
    assert [r.bounds for r in other.regions.values()] == [document.regions[2].bounds]


def test_what_lies_outside_a_smaller_image_is_left_out_and_said(
    clipboard: ClipboardActions,
    session: FakeSession,
    posted: list[Message],
) -> None:
    far = shifted(box(4), 60, 60)
    other = session.add(2, [box(1), far])
    session.show(2)
    session.selection.set(other.regions)
    clipboard.copy()
    other.width = other.height = 40  # as if it were pasted into a smaller image
    clipboard.paste()
    assert len(other.regions) == 3 and "1 of 2 objects lie outside this image" in posted[-1].text


def test_cut_keeps_locked_objects(
    clipboard: ClipboardActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([1, 3])
    clipboard.cut()
    assert sorted(document.regions) == [2, 3]
    clipboard.paste()
    assert len(document.regions) == 4
    assert not any(document.regions[i].locked for i in session.selection.ids)


def test_duplicate_is_one_step(
    clipboard: ClipboardActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([1])
    clipboard.duplicate()
    assert len(document.regions) == 4 and document.stack.undoText() == "Duplicate"


def test_an_empty_clipboard_says_what_to_do(
    clipboard: ClipboardActions, document: Document, posted: list[Message]
) -> None:
    QGuiApplication.clipboard().setMimeData(QMimeData())
    clipboard.paste()
    assert document.stack.count() == 0 and "Copy objects first" in posted[-1].text


def test_a_clipboard_that_never_held_anything(
    clipboard: ClipboardActions, document: Document, posted: list[Message]
) -> None:
    """Then Qt has no object for what is on it."""
    QGuiApplication.clipboard().clear()
    clipboard.paste()
    assert document.stack.count() == 0 and "Copy objects first" in posted[-1].text


def test_damaged_bytes_change_nothing(
    clipboard: ClipboardActions, document: Document, posted: list[Message]
) -> None:
    data = QMimeData()
    data.setData(FORMAT, QByteArray(b"nonsense"))
    QGuiApplication.clipboard().setMimeData(data)
    clipboard.paste()
    assert document.stack.count() == 0 and "cannot be read" in posted[-1].text


def test_classes_are_found_by_name_and_new_ones_added() -> None:
    theirs = (LabelClass(0, "Yeast", "#112233"), LabelClass(7, "Dead", "#445566"))
    regions, classes = unpacked(packed([box(1), box(2, class_id=7)], theirs), CLASSES)
    names = {c.id: c.name for c in classes}
    assert [names[r.class_id] for r in regions] == ["Yeast", "Dead"]
    assert set(CLASSES) <= set(classes) and len(classes) == len(CLASSES) + 1


def test_a_copy_is_a_persons_so_that_no_run_takes_it_away(
    clipboard: ClipboardActions, session: FakeSession, document: Document
) -> None:
    perform(document, edits.add(document, [box(9, origin=MODEL, reviewed=True)], "Segment"))
    session.selection.set([4])
    clipboard.duplicate()
    copy = document.regions[5]
    assert copy.protected and not copy.reviewed


def test_a_copy_at_the_edge_goes_where_there_is_room(
    clipboard: ClipboardActions, session: FakeSession, document: Document
) -> None:
    corner = shifted(box(9), document.width - 10, document.height - 10)
    perform(document, edits.add(document, [corner], "Draw"))
    session.selection.set([4])
    clipboard.duplicate()
    x0, y0, x1, y1 = document.regions[5].bounds
    assert (x0, y0) != (document.width - 10, document.height - 10)
    assert x0 >= 0 and y0 >= 0 and x1 <= document.width and y1 <= document.height


@pytest.mark.usefixtures("in_background")
def test_many_objects_are_placed_in_the_background(
    clipboard: ClipboardActions,
    session: FakeSession,
    document: Document,
    runner: Runner,
    qtbot: QtBot,
) -> None:
    session.selection.set([1, 2])
    clipboard.copy()
    for step in (clipboard.paste, clipboard.duplicate):
        before = len(document.regions)
        step()
        assert len(document.regions) == before and runner.busy
        qtbot.waitUntil(lambda: not runner.busy)
        assert len(document.regions) == before + 2 and len(session.selection.ids) == 2
    assert document.stack.count() == 2


@pytest.mark.usefixtures("in_background")
def test_what_is_ready_too_late_is_not_added_to_another_image(
    clipboard: ClipboardActions,
    session: FakeSession,
    document: Document,
    runner: Runner,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([1])
    clipboard.duplicate()
    other = session.add(2, [])
    session.show(2)
    qtbot.waitUntil(lambda: not runner.busy)
    assert not other.regions and document.stack.count() == 0
    assert "another image" in posted[-1].text


@pytest.mark.usefixtures("in_background")
def test_classes_that_change_meanwhile_are_not_overwritten(
    clipboard: ClipboardActions,
    session: FakeSession,
    document: Document,
    runner: Runner,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.selection.set([1])
    clipboard.duplicate()
    renamed = replace(document.classes.find(0), name="Yeast")
    document.classes.swap([0], {0: renamed})
    qtbot.waitUntil(lambda: not runner.busy)
    assert document.stack.count() == 0 and "classes changed" in posted[-1].text


@pytest.mark.usefixtures("in_background")
def test_a_second_paste_takes_the_place_of_one_that_is_not_ready(
    clipboard: ClipboardActions,
    session: FakeSession,
    document: Document,
    runner: Runner,
    qtbot: QtBot,
) -> None:
    session.selection.set([1])
    clipboard.duplicate()
    clipboard.duplicate()
    qtbot.waitUntil(lambda: not runner.busy)
    assert document.stack.count() == 1 and len(document.regions) == 4
