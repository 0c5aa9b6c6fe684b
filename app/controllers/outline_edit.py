"""OutlineEdit: one operation on some regions, which may still be replaced by another one, such as
by the same with another amount.

It is computed in the background and shown as a draft; one undo step once it is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from app.commands.change_regions import perform
from app.controllers.outline_changes import Changed
from app.document.document import Document
from app.tasks.runner import Outcome, Runner
from core.progress import Ticket
from core.project.delta import Delta, Step

NOTHING = "Nothing was changed; there is nothing to change in these objects."
CHANGED = "Nothing was changed, because the objects changed meanwhile; try again."
LEFT = "Nothing was changed, because another image is shown now."


Result = TypeVar("Result", bound=Changed)


@dataclass(frozen=True, eq=False)
class Operation(Generic[Result]):
    """name: of the undo step. work: what comes of it, for a thread. tell: the same as a sentence,
    for when it is made."""

    name: str
    work: Callable[[Ticket], Result]
    tell: Callable[[Result], str]


@dataclass(frozen=True)
class Ending:
    """Whether a step was made, the sentence about it, "" when the person knows, and whether
    something could not be done."""

    made: bool
    sentence: str = ""
    is_problem: bool = False


class OutlineEdit(QObject):
    """Lives until the operation is made, dropped, or overtaken by another step.

    shown: (Changed) what the newest operation comes to. progressed: done, in all, what. ended:
    (Ending).
    """

    shown = Signal(object)
    progressed = Signal(int, int, str)
    ended = Signal(object)

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._runner = document, runner
        self._job = 0
        self._waiting: Operation[Any] | None = None
        self._operation: Operation[Any] | None = None  # that `_changed` came of
        self._changed: Changed | None = None
        self._make = self._is_over = False
        document.applied.connect(self._on_document_applied)

    def ask(self, operation: Operation[Any]) -> None:
        """Show what it gives; of operations that follow each other fast, the last."""
        self._waiting = operation
        if not self._job and not self._is_over:
            self._start()

    @Slot()
    def make(self) -> None:
        """Make the step, as soon as the newest operation is computed."""
        self._make = True
        if not self._job:
            self._end()

    @Slot()
    def drop(self) -> None:
        """Everything stays as it was."""
        self._close(Ending(False))

    @Slot()
    def leave(self) -> None:
        """The person went on to another image."""
        self._close(Ending(False, LEFT))

    def _start(self) -> None:
        assert self._waiting is not None
        self._operation, self._waiting = self._waiting, None
        self._job = self._runner.start(self._operation.work, self._on_changed, self.progressed.emit)

    def _on_changed(self, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self._close(Ending(False, outcome.problem, is_problem=True))
            return
        self._changed = outcome.value
        if self._waiting is not None:
            self._start()
        elif self._make:
            self._end()
        else:
            self._document.show_draft(self._delta())
            self.shown.emit(outcome.value)

    def _end(self) -> None:
        done, operation = self._changed, self._operation
        if done and operation and done.before:
            self._close(Ending(True, operation.tell(done), is_problem=done.refused > 0))
        else:
            reason = done.reason if done else ""
            self._close(Ending(False, reason or NOTHING, is_problem=bool(reason)))

    def _on_document_applied(self, delta: Delta, step: Step) -> None:
        """Another step came first, such as a run of the network that has ended."""
        self._close(Ending(False, CHANGED, is_problem=True))

    def _close(self, ending: Ending) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._document.applied.disconnect(self._on_document_applied)
        self._runner.cancel(self._job)
        with self._document.together():
            self._document.drop_draft()
            if ending.made:
                perform(self._document, self._delta())
        self.ended.emit(ending)

    def _delta(self) -> Delta:
        assert self._operation and self._changed
        before, after = self._changed.before, self._changed.after
        return Delta(self._operation.name, {r.id: r for r in before}, {r.id: r for r in after})
