from dataclasses import replace

from app.commands import edits
from app.commands.change_regions import perform
from app.commands.proposals import basis_of, fitted, open_proposals
from app.document.classes import ClassTable
from app.document.document import Document
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.project.delta import Delta
from tests.app.samples import MODEL, square


def document_with(*regions: Region) -> Document:
    return Document(1, 96, 96, {r.id: r for r in regions}, ClassTable())


def test_only_what_no_person_touched_is_open() -> None:
    model = square(0, 0, origin=MODEL)
    regions = [
        model,
        square(0, 0, number=2),
        replace(model, id=3, edited=True),
        replace(model, id=4, reviewed=True),
        replace(model, id=5, locked=True),
    ]
    document = document_with(*regions)
    assert open_proposals(document) == {1: model}
    assert basis_of(document).protected == tuple(regions[1:])


def test_a_basis_is_equal_until_something_changes_that_matters() -> None:
    document = document_with(square(0, 0), square(20, 0, origin=MODEL, number=2))
    before = basis_of(document)
    perform(document, edits.delete(document, [2]))
    document.stack.undo()
    assert basis_of(document) == before, "proposals come and go"
    assert basis_of(document, [3]) != before
    for delta in (
        edits.set_class(document, [1], 5),
        Delta("Move", {1: document.regions[1]}, {1: square(1, 0)}),
        Delta("Add class", {}, {}, {}, {1: LabelClass(1, "Dead", "#000000")}),
        edits.delete(document, [1]),
    ):
        perform(document, delta)
        assert basis_of(document) != before, delta.name
        document.stack.undo()
        assert basis_of(document).protected == before.protected
    document.new_ids(1)
    assert basis_of(document) != before


def test_proposals_get_reserved_ids_first_and_stay_the_same_otherwise() -> None:
    document = document_with(square(0, 0))
    new = [square(20 * i, 30, origin=MODEL) for i in range(4)]
    given = fitted(new, basis_of(document, document.new_ids(2)))
    assert [(i, r.id) for i, r in given.items()] == [(i, i) for i in (2, 3, 4, 5)]
    assert [r.uid for r in given.values()] == [r.uid for r in new]
    assert [r.shell is n.shell for r, n in zip(given.values(), new, strict=True)] == [True] * 4


def test_proposals_on_protected_regions_are_left_out_and_use_no_id() -> None:
    document = document_with(square(0, 0))
    new = [square(0, 0, origin=MODEL), square(40, 0, origin=MODEL)]
    given = fitted(new, basis_of(document))
    assert [(i, r.uid) for i, r in given.items()] == [(2, new[1].uid)]


def test_a_class_that_is_gone_becomes_the_first() -> None:
    classes = ClassTable([LabelClass(3, "Nucleus", "#ffffff"), LabelClass(5, "Dead", "#000000")])
    document = Document(1, 96, 96, {}, classes)
    new = [square(0, 0), replace(square(20, 0), class_id=5)]
    assert [r.class_id for r in fitted(new, basis_of(document)).values()] == [3, 5]
