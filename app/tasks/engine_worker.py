"""EngineWorker: runs the network in a thread of its own, one image at a time."""

import itertools
import threading
import weakref
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal, SignalInstance, Slot

from app.tasks.engine_process import EngineProcess
from app.tasks.problems import sentence_for
from core.engine.config import SegmentConfig
from core.errors import Cancelled
from core.image.model import Image
from core.progress import Ticket


@dataclass(frozen=True)
class InferenceJob:
    """One image to segment; `stop` is set by who no longer wants it."""

    id: int
    image: Image
    config: SegmentConfig
    stop: threading.Event


class _Bench(QObject):
    """Lives in the QThread, owns the engine process; its jobs wait in the thread's event queue."""

    started = Signal(int)
    progressed = Signal(int, int, int, str)
    finished = Signal(int, object)
    failed = Signal(int, str)
    cancelled = Signal(int)

    def __init__(self, engine: EngineProcess, stops: dict[int, threading.Event]) -> None:
        super().__init__()
        self._engine, self._stops = engine, stops

    @Slot(object)
    def run(self, job: InferenceJob) -> None:
        """Segment one image and say how it ended."""
        ticket = Ticket(
            lambda done, total, stage: self.progressed.emit(job.id, done, total, stage), job.stop
        )
        try:
            ticket.check()
            self.started.emit(job.id)
            result = self._engine.run(job.image, job.config, ticket)
        except Cancelled:
            self._end(job, self.cancelled)
        except Exception as error:  # the thread lives on for the next job
            self._end(job, self.failed, sentence_for(error))
        else:
            self._end(job, self.finished, result)

    def _end(self, job: InferenceJob, signal: SignalInstance, *news: object) -> None:
        self._stops.pop(job.id, None)
        signal.emit(job.id, *news)


class EngineWorker(QObject):
    """The window's side of the worker: takes jobs, and says here what becomes of them.

    Each job ends with exactly one of finished (SegmentationResult), failed (a sentence) or
    cancelled. The signals belong to this object and not to the one in the thread, for PySide calls
    plain functions in the thread of the sender.
    """

    started = Signal(int)
    progressed = Signal(int, int, int, str)
    finished = Signal(int, object)
    failed = Signal(int, str)
    cancelled = Signal(int)
    _asked = Signal(object)

    def __init__(self, engine: EngineProcess | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine or EngineProcess()
        self._numbers = itertools.count(1)
        self._stops: dict[int, threading.Event] = {}
        self._thread = QThread()
        self._thread.setObjectName("engine worker")
        self._bench = _Bench(self._engine, self._stops)
        self._bench.moveToThread(self._thread)
        self._connect()
        # A running QThread that is destroyed aborts the program, so this must not be forgotten.
        weakref.finalize(self, _close, self._engine, self._thread, self._stops)

    @property
    def waiting(self) -> int:
        """The number of jobs under way or waiting."""
        return len(self._stops)

    def submit(self, image: Image, config: SegmentConfig) -> int:
        """Segment `image` after what was submitted before; returns the number of the job."""
        job = InferenceJob(next(self._numbers), image, config, threading.Event())
        self._stops[job.id] = job.stop
        if not self._thread.isRunning():
            self._thread.start()
        self._asked.emit(job)
        return job.id

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop, which takes up to a tile; an unknown number is fine."""
        if stop := self._stops.get(job_id):
            stop.set()

    def close(self, timeout: float = 2.0) -> bool:
        """End the process and the thread; whether that took less than `timeout` seconds."""
        return _close(self._engine, self._thread, self._stops, timeout)

    def _connect(self) -> None:
        self._asked.connect(self._bench.run)
        self._bench.started.connect(self.started)
        self._bench.progressed.connect(self.progressed)
        self._bench.finished.connect(self.finished)
        self._bench.failed.connect(self.failed)
        self._bench.cancelled.connect(self.cancelled)


def _close(
    engine: EngineProcess,
    thread: QThread,
    stops: dict[int, threading.Event],
    timeout: float = 2.0,
) -> bool:
    for stop in list(stops.values()):
        stop.set()
    engine.close()
    thread.quit()
    return thread.wait(round(timeout * 1000))
