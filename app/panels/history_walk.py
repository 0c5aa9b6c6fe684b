"""Going through many steps of an undo stack while the window lives on."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QUndoGroup

SLICE = 0.025
"""Seconds of steps between two looks at what the person does."""
_PACE = 8
"""Steps to begin with."""


class HistoryWalk(QObject):
    """Takes the active stack to an index, some steps at a time.

    It ends when the stack is moved by anything else, such as an edit or Undo.
    """

    def __init__(
        self,
        undo: QUndoGroup,
        before_steps: Callable[[], None],
        together: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """before_steps: called before any are undone or redone, to end what is under way.

        together: in what the steps of a slice are done, so that they are told at once.
        """
        super().__init__()
        self._undo, self._before_steps, self._together = undo, before_steps, together
        self._stack = undo.activeStack()
        self._here = self._target = 0
        self._pace = _PACE
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._on_next)

    def go_to(self, index: int) -> None:
        """So many steps are to be done, all others undone; begins as soon as events are through."""
        self._stack = self._undo.activeStack()
        if self._stack:
            self._here, self._target = self._stack.index(), index
            self._next.start()

    @Slot()
    def _on_next(self) -> None:
        stack = self._stack
        if stack is None or stack is not self._undo.activeStack() or stack.index() != self._here:
            return
        way = self._target - self._here
        self._here += max(-self._pace, min(way, self._pace))
        start = perf_counter()
        self._before_steps()
        with self._together():
            stack.setIndex(self._here)
        self._adapt(perf_counter() - start)
        if self._here != self._target:
            self._next.start()

    def _adapt(self, seconds: float) -> None:
        wanted = self._pace * SLICE / max(seconds, 1e-6)
        self._pace = round(min(max(wanted, self._pace / 2, 1), 2 * self._pace))
