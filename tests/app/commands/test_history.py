from collections.abc import Iterable

from PySide6.QtGui import QUndoStack

from app.commands.change_regions import perform
from app.commands.history import rebuild_history
from app.document.classes import ClassTable
from app.document.document import Document
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.project.codec import content_hash
from core.project.delta import Delta, Step
from tests.core.project.samples import deltas


def document_with(regions: dict[int, Region]) -> Document:
    return Document(1, 64, 48, regions, ClassTable())


def after(steps: Iterable[Delta]) -> dict[int, Region]:
    regions: dict[int, Region] = {}
    for delta in steps:
        regions = {i: r for i, r in regions.items() if i not in delta.before} | dict(delta.after)
    return regions


def state(document: Document) -> str:
    return content_hash(document.regions.values())


def test_rebuilding_neither_changes_the_document_nor_reports_a_step() -> None:
    steps = [delta for delta, _ in deltas(30, seed=1)]
    for done in (0, 1, 17, 30):
        document = document_with(after(steps[:done]))
        before, revision = state(document), document.revision
        classes = document.classes.all
        said: list[object] = []
        document.applied.connect(lambda *news, said=said: said.append(news))
        rebuild_history(document, steps[:done], steps[done:])
        assert (state(document), document.revision, said) == (before, revision, [])
        assert document.classes.all == classes
        assert (document.stack.index(), document.stack.count()) == (done, 30)


def test_the_whole_history_can_be_walked() -> None:
    steps = [delta for delta, _ in deltas(30, seed=2)]
    document = document_with(after(steps[:12]))
    rebuild_history(document, steps[:12], steps[12:])
    for index in (0, 30, 12, 11, 13, 12, 30, 0, 5, 29):
        document.stack.setIndex(index)
        assert state(document) == content_hash(after(steps[:index]).values()), index


def test_later_undo_and_redo_are_reported_as_such() -> None:
    steps = [delta for delta, _ in deltas(4, seed=3)]
    document = document_with(after(steps[:2]))
    rebuild_history(document, steps[:2], steps[2:])
    said: list[Step] = []
    document.applied.connect(lambda delta, step: said.append(step))
    for walk in (QUndoStack.redo, QUndoStack.undo, QUndoStack.undo, QUndoStack.redo):
        walk(document.stack)
    assert said == [Step.REDO, Step.UNDO, Step.UNDO, Step.REDO]


def test_a_new_step_forgets_the_undone_ones() -> None:
    steps = [delta for delta, _ in deltas(9, seed=4)]
    document = document_with(after(steps[:3]))
    rebuild_history(document, steps[:3], steps[3:])
    perform(document, Delta("new", {}, {}))
    assert document.stack.count() == 4
    assert [document.stack.text(i) for i in range(4)] == ["step 0", "step 1", "step 2", "new"]


def test_classes_follow_a_later_undo() -> None:
    old, new = LabelClass(0, "Cell", "#000000"), LabelClass(0, "Nucleus", "#000000")
    document = document_with({})
    document.classes.swap([], {0: new})
    rebuild_history(document, [Delta("Rename", {}, {}, {0: old}, {0: new})], [])
    assert document.classes.all == (new,)
    document.stack.undo()
    assert document.classes.all == (old,)
