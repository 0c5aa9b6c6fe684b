import pytest

from app.commands import edits
from app.commands.change_regions import perform
from app.document.classes import ClassTable
from app.document.document import Document
from core.project.delta import Delta
from tests.app.panels.fakes import CLASSES, box


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(1, 100, 80, {n: box(n) for n in (1, 2, 3)}, ClassTable(CLASSES))


@pytest.fixture
def told(document: Document) -> list[frozenset[int]]:
    told: list[frozenset[int]] = []
    document.regions_changed.connect(told.append)
    return told


def test_hiding_is_told_and_is_no_step(document: Document, told: list[frozenset[int]]) -> None:
    before = document.revision
    document.hide([1, 2])
    document.hide([2])
    document.reveal([2, 3])
    document.reveal(document.hidden)
    assert told == [{1, 2}, {2}, {1}]
    assert (document.stack.count(), document.revision) == (0, before)
    assert sorted(document.regions) == [1, 2, 3]


def test_undo_and_redo_leave_hidden_what_is_hidden(document: Document) -> None:
    perform(document, edits.set_class(document, [1, 2], 1))
    document.hide([1])
    document.stack.undo()
    assert (document.regions[1].class_id, set(document.hidden)) == (0, {1})
    perform(document, edits.delete(document, [1]))
    assert document.hidden_count == 0
    document.stack.undo()
    assert (document.hidden_count, set(document.hidden)) == (1, {1})


def test_a_draft_outlives_hiding(document: Document) -> None:
    document.show_draft(Delta("Try", {}, {9: box(9)}))
    document.hide([1])
    assert 9 in document.regions and document.hidden_count == 1
    document.drop_draft()
    assert sorted(document.regions) == [1, 2, 3]


def test_together_hiding_is_told_at_the_end(document: Document, told: list[frozenset[int]]) -> None:
    with document.together():
        document.hide([1])
        perform(document, edits.delete(document, [2]))
        assert told == []
    assert told == [{1, 2}]
