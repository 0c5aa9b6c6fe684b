"""The one undo command: a delta of regions and classes."""

from PySide6.QtGui import QUndoCommand

from app.document.document import Document
from core.errors import UsageError
from core.project.delta import Delta, Step


class ChangeRegions(QUndoCommand):
    """Carries a delta out when it is pushed, and again, or back, on redo and undo.

    replayed: the document already holds the result (history of an earlier session); the first
    redo, which Qt calls while pushing, does nothing then.
    """

    def __init__(self, document: Document, delta: Delta, replayed: bool = False) -> None:
        super().__init__(delta.name)
        self._document = document
        self._delta = delta
        self._skip = replayed
        self._step = Step.REDO if replayed else Step.DO

    def redo(self) -> None:
        if self._skip:
            self._skip = False
            return
        self._document.apply(self._delta, self._step)
        self._step = Step.REDO

    def undo(self) -> None:
        self._document.apply(self._delta.inverse(), Step.UNDO)


def perform(document: Document, delta: Delta) -> None:
    """Make the change and put it on the document's undo stack.

    Raises UsageError for a change of something that is not stored, such as a draft: to undo it
    would bring back what never was.
    """
    document.drop_draft()
    stored = document.regions
    if any(stored.get(i) is not region for i, region in delta.before.items()):
        raise UsageError(f"{delta.name} was not done because the objects changed meanwhile.")
    document.stack.push(ChangeRegions(document, delta))
