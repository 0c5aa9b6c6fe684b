"""The undo history of an earlier session, rebuilt from the journal of the project."""

from collections.abc import Iterable

from app.commands.change_regions import ChangeRegions
from app.document.document import Document
from core.project.delta import Delta


class UndoneStep(ChangeRegions):
    """A step that was undone when the session ended: the document already is as before it."""

    def __init__(self, document: Document, delta: Delta) -> None:
        super().__init__(document, delta, replayed=True)
        self._settled = False

    def undo(self) -> None:
        if self._settled:
            super().undo()
        self._settled = True


def rebuild_history(document: Document, done: Iterable[Delta], undone: Iterable[Delta]) -> None:
    """Fill the undo stack without changing the document, which holds the result already.

    done: steps that led to it, oldest first. undone: steps taken back, the next to redo first.
    """
    for delta in done:
        document.stack.push(ChangeRegions(document, delta, replayed=True))
    here = document.stack.index()
    for delta in undone:
        document.stack.push(UndoneStep(document, delta))
    document.stack.setIndex(here)
