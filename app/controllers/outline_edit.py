"""OutlineEdit: one operation on some regions, by an amount that may still change.

It is computed in the background and shown as a draft; one undo step once it is made.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from app.commands.change_regions import perform
from app.document.document import Document
from app.tasks.runner import Outcome, Runner
from core.annotation.difference import Difference, difference
from core.annotation.geometry import clip_to_image
from core.annotation.region import Region, same_outline
from core.errors import InvalidGeometry
from core.progress import Ticket
from core.project.delta import Delta, Step

Outcomes: TypeAlias = Iterable[Region | InvalidGeometry]
Change: TypeAlias = Callable[[Sequence[Region], float, Ticket], Outcomes]
"""Regions and an amount -> each region changed, or why it cannot be."""


NOTHING = "Nothing was changed; there is nothing to change in these objects."
CHANGED = "Nothing was changed, because the objects changed meanwhile; try again."


@dataclass(frozen=True)
class Operation:
    """name: of the undo step."""

    name: str
    change: Change


@dataclass(frozen=True, eq=False)
class Changed:
    """What came of an operation.

    before, after: the regions that change. refused: how many cannot, reason: why the first cannot.
    """

    before: tuple[Region, ...]
    after: tuple[Region, ...]
    difference: Difference
    refused: int
    reason: str


class OutlineEdit(QObject):
    """Lives as long as the amount may change. shown: Changed, for the newest amount.

    ended: whether it was made, or dropped, or could not be done; the sentence that says why not.
    """

    shown = Signal(object)
    ended = Signal(bool, str)

    def __init__(
        self,
        document: Document,
        regions: Sequence[Region],
        operation: Operation,
        runner: Runner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._regions = document, tuple(regions)
        self._operation, self._runner = operation, runner
        self._job = 0
        self._waiting: float | None = None
        self._changed: Changed | None = None
        self._make = self._is_over = False
        document.applied.connect(self._on_document_applied)

    def ask(self, amount: float) -> None:
        """Show what this amount gives; of amounts that follow each other fast, the last."""
        self._waiting = amount
        if not self._job and not self._is_over:
            self._start()

    def make(self) -> None:
        """Make the step, as soon as the newest amount is computed."""
        self._make = True
        if not self._job:
            self._end()

    def drop(self) -> None:
        """Everything stays as it was."""
        self._close(False, "")

    def _start(self) -> None:
        amount, self._waiting = self._waiting, None
        assert amount is not None
        size = (self._document.width, self._document.height)
        work = partial(changed, self._regions, self._operation.change, amount, size)
        self._job = self._runner.start(work, self._on_changed)

    def _on_changed(self, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self._close(False, outcome.problem)
            return
        self._changed = outcome.value
        if self._waiting is not None:
            self._start()
        elif self._make:
            self._end()
        else:
            self._document.show_draft(self._delta(outcome.value))
            self.shown.emit(outcome.value)

    def _end(self) -> None:
        done = self._changed
        reason = done.reason if done else ""
        self._close(bool(done and done.after), reason or ("" if done and done.after else NOTHING))

    def _on_document_applied(self, delta: Delta, step: Step) -> None:
        """Another step came first, such as a run of the network that has ended."""
        self._close(False, CHANGED)

    def _close(self, make: bool, sentence: str) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._document.applied.disconnect(self._on_document_applied)
        self._runner.cancel(self._job)
        self._document.drop_draft()
        if make and self._changed:
            perform(self._document, self._delta(self._changed))
        self.ended.emit(make, sentence)

    def _delta(self, done: Changed) -> Delta:
        return Delta(
            self._operation.name, {r.id: r for r in done.before}, {r.id: r for r in done.after}
        )


def each(change: Callable[[Region, float], Region]) -> Change:
    """The change of one region, made to each of several."""

    def outcomes(regions: Sequence[Region], amount: float, ticket: Ticket) -> Outcomes:
        for i, region in enumerate(regions):
            ticket.step(i, len(regions), "changing outlines")
            try:
                yield change(region, amount)
            except InvalidGeometry as problem:
                yield problem

    return outcomes


def changed(
    regions: Sequence[Region], change: Change, amount: float, size: tuple[int, int], ticket: Ticket
) -> Changed:
    """What comes of a change, for a thread; size: width and height of the image."""
    outcomes = [_fitted(new, size) for new in change(regions, amount, ticket)]
    reasons = [str(new) for new in outcomes if isinstance(new, InvalidGeometry)]
    pairs = [
        (region, replace(new, edited=True))
        for region, new in zip(regions, outcomes, strict=True)
        if isinstance(new, Region) and not same_outline(new, region)
    ]
    before, after = (tuple(pair[side] for pair in pairs) for side in (0, 1))
    reason = reasons[0] if reasons else ""
    return Changed(before, after, difference(before, after), len(reasons), reason)


def _fitted(new: Region | InvalidGeometry, size: tuple[int, int]) -> Region | InvalidGeometry:
    """What of it lies in the image."""
    try:
        return clip_to_image(new, *size) if isinstance(new, Region) else new
    except InvalidGeometry as problem:
        return problem
