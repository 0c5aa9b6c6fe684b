"""The ticket of a running job: it reports progress and is asked to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.errors import Cancelled


class StopFlag(Protocol):
    """Anything that can be asked whether to stop: an event of a thread or of a process."""

    def is_set(self) -> bool: ...


def _silent(done: int, total: int, stage: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Ticket:
    """Handed to every long function: `step` between pieces of work, never inside one."""

    report: Callable[[int, int, str], None] = _silent
    stop: StopFlag = field(default_factory=threading.Event)

    def quiet(self) -> "Ticket":
        """The same ticket without reports: for a small part of a larger piece of work."""
        return replace(self, report=_silent)

    def check(self) -> None:
        """Raise Cancelled when the person asked to stop."""
        if self.stop.is_set():
            raise Cancelled

    def step(self, done: int, total: int, stage: str = "") -> None:
        """Report `done` of `total` pieces of `stage`, then stop here if asked to."""
        self.report(done, total, stage)
        self.check()
