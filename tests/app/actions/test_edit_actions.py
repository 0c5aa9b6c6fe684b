import pytest
from PySide6.QtGui import QUndoGroup

from app.actions.edit_actions import EditActions
from app.actions.selected import Selected
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.messages import Message, Messages
from app.panels.shown import Shown
from core.errors import UsageError
from core.project.delta import Delta
from tests.app.actions.fakes import FakeCanvas
from tests.app.panels.fakes import FakeSession, box


@pytest.fixture
def document(session: FakeSession) -> Document:
    return session.add(1, [box(1), box(2), box(3, locked=True)])


@pytest.fixture
def edit(
    session: FakeSession,
    shown: Shown,
    undo: QUndoGroup,
    canvas: FakeCanvas,
    messages: Messages,
    document: Document,
) -> EditActions:
    edit = EditActions(session, shown, undo, canvas, Selected(shown, messages))  # type: ignore[arg-type]
    session.show(1)
    return edit


def test_delete_is_one_step_and_keeps_locked_ones(
    edit: EditActions, session: FakeSession, document: Document, posted: list[Message]
) -> None:
    edit.select_all()
    edit.delete()
    assert list(document.regions) == [3]
    assert "1 locked object" in posted[0].text
    edit.undo()
    assert sorted(document.regions) == [1, 2, 3]
    edit.redo()
    assert list(document.regions) == [3]


def test_delete_of_locked_ones_only_is_no_step(
    edit: EditActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([3])
    edit.delete()
    assert document.stack.count() == 0


def test_undo_drops_what_the_tool_was_at(edit: EditActions, canvas: FakeCanvas) -> None:
    edit.undo()
    assert canvas.calls == [("cancel_gesture",)]


def test_undo_and_redo_name_the_step(
    edit: EditActions, session: FakeSession, document: Document
) -> None:
    assert edit.undo_label() == "Undo"
    session.selection.set([1])
    edit.delete()
    assert edit.undo_label() == "Undo Delete object"
    edit.undo()
    assert (edit.undo_label(), edit.redo_label()) == ("Undo", "Redo Delete object")


def test_undo_belongs_to_the_shown_image(
    edit: EditActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([1])
    edit.delete()
    session.add(2, [box(1)])
    session.show(2)
    assert edit.undo_label() == "Undo"
    edit.undo()
    assert 1 not in document.regions
    session.show(1)
    edit.undo()
    assert 1 in document.regions
    session.leave()
    assert edit.undo_label() == "Undo"


def test_class_by_number(edit: EditActions, session: FakeSession, document: Document) -> None:
    session.selection.set([1, 3])
    edit.set_class(2)
    assert [document.regions[i].class_id for i in (1, 2, 3)] == [1, 0, 0]
    assert document.stack.count() == 1
    edit.set_class(9)  # there are three
    assert document.stack.count() == 1
    assert session.classes.active == 0


def test_class_by_number_without_selection_is_for_new_objects(
    edit: EditActions, session: FakeSession, document: Document
) -> None:
    edit.set_class(3)
    assert session.classes.active == 2
    assert document.stack.count() == 0


def test_class_labels(edit: EditActions) -> None:
    assert [edit.class_label(n) for n in (1, 2, 3, 4)] == ["Cell", "Mitotic", "Dead", ""]


def test_lock_and_review_go_back_and_forth(
    edit: EditActions, session: FakeSession, document: Document
) -> None:
    session.selection.set([1, 3])
    assert not edit.all_locked()
    edit.toggle_locked()
    assert edit.all_locked()
    edit.toggle_locked()
    assert not document.regions[3].locked
    edit.toggle_reviewed()
    assert document.regions[1].reviewed and edit.all_reviewed()
    edit.toggle_reviewed()
    assert not document.regions[1].reviewed
    assert document.stack.count() == 4


def test_image_is_marked_as_reviewed(edit: EditActions, session: FakeSession) -> None:
    assert not edit.image_reviewed()
    edit.toggle_image_reviewed()
    assert session.asked[-1] == (1, "reviewed")


def test_zoom_to_selection(edit: EditActions, session: FakeSession, canvas: FakeCanvas) -> None:
    edit.zoom_to_selection()
    assert canvas.calls == []
    session.selection.set([2, 3])
    edit.zoom_to_selection()
    assert canvas.calls == [("show_region", 2)]


def test_nothing_happens_without_an_image(
    shown: Shown,
    undo: QUndoGroup,
    canvas: FakeCanvas,
    messages: Messages,
    session: FakeSession,
    posted: list[Message],
) -> None:
    edit = EditActions(session, shown, undo, canvas, Selected(shown, messages))  # type: ignore[arg-type]
    for action in (edit.undo, edit.redo, edit.delete, edit.toggle_locked, edit.select_all):
        action()
    edit.set_class(1)
    assert posted == []


@pytest.mark.parametrize("verb", ["delete", "set_class", "toggle_locked", "toggle_reviewed"])
def test_edits_under_a_draft_are_edits_of_what_is_stored(
    edit: EditActions, session: FakeSession, document: Document, verb: str
) -> None:
    session.selection.set([1, 2])
    before = dict(document.regions)
    moved = box(1, side=20)
    document.show_draft(Delta("", {1: before[1], 2: before[2]}, {1: moved, 9: box(9)}))
    steps: list[Delta] = []
    document.applied.connect(lambda delta, step: steps.append(delta))
    getattr(edit, verb)(*([2] if verb == "set_class" else []))
    assert steps[0].before == {1: before[1], 2: before[2]}
    assert 9 not in document.regions and moved not in document.regions.values()
    edit.undo()
    assert document.regions == before


def test_a_change_of_a_draft_is_refused(edit: EditActions, document: Document) -> None:
    before = dict(document.regions)
    document.show_draft(Delta("", {1: before[1]}, {9: box(9)}))
    of_draft = edits.delete(document, [9])
    with pytest.raises(UsageError, match="Delete object was not done"):
        perform(document, of_draft)
    assert document.regions == before and document.stack.count() == 0


def test_hiding_takes_out_of_the_selection_and_showing_again_does_not(
    edit: EditActions, session: FakeSession, document: Document, canvas: FakeCanvas
) -> None:
    session.selection.set([1, 3])
    assert (edit.hide_label(), edit.show_hidden_label()) == ("Hide", "")
    edit.toggle_hidden()
    assert set(document.hidden) == {1, 3} and session.selection.ids == frozenset()
    assert canvas.calls == [("cancel_gesture",)] and document.stack.count() == 0
    session.selection.set([1])  # as in the table
    assert (edit.hide_label(), edit.show_hidden_label()) == ("Show again", "Show 2 hidden")
    edit.toggle_hidden()
    assert set(document.hidden) == {3} and session.selection.ids == {1}
    session.selection.set([1, 3])
    edit.toggle_hidden()
    assert set(document.hidden) == {1, 3}
    edit.show_hidden()
    assert not document.hidden and edit.show_hidden_label() == ""


def test_select_all_leaves_out_what_is_hidden(
    edit: EditActions, session: FakeSession, document: Document
) -> None:
    document.hide([2])
    edit.select_all()
    assert session.selection.ids == {1, 3}
    edit.delete()
    assert sorted(document.regions) == [2, 3]


def test_without_an_image_nothing_is_hidden(edit: EditActions, session: FakeSession) -> None:
    session.leave()
    edit.toggle_hidden()
    edit.show_hidden()
    edit.select_all()
    assert not edit.all_hidden() and edit.show_hidden_label() == ""
