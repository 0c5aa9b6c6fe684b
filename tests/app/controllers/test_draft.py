from collections.abc import Mapping

from app.commands import edits
from app.commands.change_regions import perform
from app.commands.proposals import fitted
from app.controllers.draft import Draft
from app.document.classes import ClassTable
from app.document.document import Document
from core.annotation.region import Region
from core.project.codec import content_hash
from core.project.delta import Delta
from tests.app.samples import MODEL, square


def proposals(draft: Draft, *places: float) -> Mapping[int, Region]:
    return fitted([square(x, 50, origin=MODEL) for x in places], draft.basis)


def document_with_two() -> Document:
    document = Document(1, 96, 96, {1: square(0, 0)}, ClassTable())
    draft = Draft(document)
    draft.commit(proposals(draft, 0, 20), "Run")
    return document


def state(document: Document) -> str:
    return content_hash(document.regions.values())


def test_drafts_follow_each_other_and_leave_no_trace() -> None:
    document = document_with_two()
    before, draft = state(document), Draft(document)
    for places in ((0,), (0, 20, 40), (), (60, 80)):
        draft.show(proposals(draft, *places))
        assert sorted(document.regions) == [1, *range(4, 4 + len(places))]
    draft.take_back()
    assert state(document) == before
    assert document.stack.count() == 1


def test_a_commit_after_drafts_is_one_step_from_what_was_stored() -> None:
    document = document_with_two()
    before, draft = state(document), Draft(document)
    draft.show(proposals(draft, 0, 20, 40))
    draft.commit(proposals(draft, 60), "Change threshold")
    assert sorted(document.regions) == [1, 4]
    assert document.stack.count() == 2
    document.stack.undo()
    assert state(document) == before
    document.stack.redo()
    draft.show(proposals(draft, 0))
    assert sorted(document.regions) == [1, 5], "ids that were only shown are used later"


def test_whether_outlines_change() -> None:
    document = document_with_two()
    draft = Draft(document)
    draft.show(proposals(draft, 60))
    assert not draft.changes_outlines(proposals(draft, 0, 20))
    assert draft.changes_outlines(proposals(draft, 0, 21))
    assert draft.changes_outlines(proposals(draft, 0, 20, 40))
    assert draft.changes_outlines({})


def test_the_order_of_regions_is_no_change() -> None:
    document = document_with_two()
    first = document.regions[2]
    draft = Draft(document)
    basis = draft.basis
    perform(document, Delta("Delete", {1: document.regions[1], 2: first}, {}))
    document.stack.undo()
    perform(document, edits.delete(document, [1]))
    document.stack.undo()
    assert draft.basis == basis
    assert not draft.changes_outlines(proposals(draft, 0, 20))


def test_none_in_the_place_of_none_is_no_step() -> None:
    document = Document(1, 96, 96, {}, ClassTable())
    Draft(document).commit({}, "Run")
    assert document.stack.count() == 0
    document = document_with_two()
    Draft(document).commit({}, "Run")
    assert document.stack.count() == 2


def test_a_run_replaces_also_under_the_draft_of_a_slider() -> None:
    document = document_with_two()
    before, slider, run = state(document), Draft(document), Draft(document)
    slider.show(proposals(slider, 60))
    run.commit(proposals(run, 40, 80), "Run")
    assert len(document.regions) == 3
    document.stack.undo()
    assert state(document) == before
    slider.show(proposals(slider, 20))
    slider.take_back()
    assert state(document) == before


def test_a_step_of_a_person_takes_the_draft_back() -> None:
    document = document_with_two()
    draft = Draft(document)
    draft.show(proposals(draft, 60))
    basis = draft.basis
    perform(document, edits.add(document, [square(30, 0)], "Draw"))
    assert basis != draft.basis
    drawn = max(document.regions)
    assert sorted(document.regions) == [1, 2, 3, drawn]
    draft.show(proposals(draft, 60))
    assert len(document.regions) == 3
    assert drawn in document.regions
    perform(document, Delta("Delete", {drawn: document.regions[drawn]}, {}))
    assert sorted(document.regions) == [1, 2, 3]
