"""Runner: plain functions in the background; what they report and return arrives in the window's
thread, and nothing arrives from a job that was cancelled."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from app.tasks.problems import sentence_for
from core.errors import Cancelled
from core.progress import Ticket

Work: TypeAlias = Callable[[Ticket], object]
OnProgress: TypeAlias = Callable[[int, int, str], None]

THREADS = 2
"""A long export leaves a thread for the picture that a person wants to see now."""
REPORT_EVERY = 0.05
"""Seconds; more frequent reports would only fill the event queue."""


@dataclass(frozen=True)
class Outcome:
    """How a job ended: with the `value` of its function, or with a `problem` in one sentence."""

    job: int
    value: Any = None
    problem: str = ""


Then: TypeAlias = Callable[[Outcome], None]


@dataclass(frozen=True)
class _Entry:
    """What is known of a job that is waiting or under way."""

    stop: threading.Event
    then: Then
    on_progress: OnProgress | None


class Runner(QObject):
    """Owns the threads and the signals; lives in the window's thread, as do its callers."""

    _progressed = Signal(int, int, int, str)
    _landed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._numbers = itertools.count(1)
        self._live: dict[int, _Entry] = {}
        self._progressed.connect(self._on_progressed)
        self._landed.connect(self._on_landed)

    @property
    def busy(self) -> bool:
        """Whether a job is waiting or under way whose outcome someone waits for."""
        return bool(self._live)

    def start(self, work: Work, then: Then, on_progress: OnProgress | None = None) -> int:
        """Run `work` in another thread, then `then` here; returns the number of the job."""
        job = next(self._numbers)
        stop = threading.Event()
        self._live[job] = _Entry(stop, then, on_progress)
        ticket = Ticket(_Reporter(job, self._progressed.emit), stop)
        self._pool.start(_Job(lambda: self._landed.emit(_outcome_of(job, work, ticket))))
        return job

    def at_once(self, work: Work) -> Outcome:
        """What short work comes to, done here and now."""
        return _outcome_of(0, work, Ticket())

    def cancel(self, job: int) -> None:
        """Ask a job to stop; its `then` is not called any more. An unknown number is fine."""
        if entry := self._live.pop(job, None):
            entry.stop.set()

    def shutdown(self, timeout: float = 2.0) -> bool:
        """Cancel everything; whether all threads were done within `timeout` seconds."""
        self._pool.clear()
        for job in list(self._live):
            self.cancel(job)
        return self._pool.waitForDone(round(timeout * 1000))

    @Slot(int, int, int, str)
    def _on_progressed(self, job: int, done: int, total: int, stage: str) -> None:
        entry = self._live.get(job)
        if entry and entry.on_progress:
            entry.on_progress(done, total, stage)

    @Slot(object)
    def _on_landed(self, outcome: Outcome) -> None:
        if entry := self._live.pop(outcome.job, None):
            entry.then(outcome)


class _Job(QRunnable):
    """Hands a function to the pool, and lets go of it once it has run.

    A job that ends before QThreadPool.start returns is never freed by PySide6, which happens a few
    times in a thousand; its function would keep images and maps alive.
    """

    def __init__(self, run: Callable[[], None]) -> None:
        super().__init__()
        self._todo = [run]

    def run(self) -> None:
        self._todo.pop()()


class _Reporter:
    """Passes progress on, not more often than anyone can see, the last step always."""

    def __init__(self, job: int, emit: Callable[[int, int, int, str], None]) -> None:
        self._job, self._emit = job, emit
        self._last = 0.0

    def __call__(self, done: int, total: int, stage: str) -> None:
        now = time.monotonic()
        if done >= total or now - self._last >= REPORT_EVERY:
            self._last = now
            self._emit(self._job, done, total, stage)


def _outcome_of(job: int, work: Work, ticket: Ticket) -> Outcome:
    try:
        ticket.check()
        return Outcome(job, work(ticket))
    except Cancelled:
        return Outcome(job, problem="The work was stopped before it was done.")
    except Exception as error:  # whatever happened, the window lives on
        return Outcome(job, problem=sentence_for(error))
