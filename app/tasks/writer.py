"""Writer: all changes of a project, one after the other, in one thread of their own.

The window never waits for the disk, and a change that cannot be written is kept and tried again.
Only a step that does not fit is given up, or it would block all others for ever.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from app.tasks.problems import sentence_for
from core.project.journal import StepDoesNotFit
from core.project.store import Project

log = logging.getLogger(__name__)

Write: TypeAlias = Callable[[Project], object]

RETRY_EVERY = 2.0  # seconds


class Writer(QObject):
    """Takes changes from any thread.

    saved: everything is on the disk. failed: why it is not, once until a write succeeds again.
    misfit: a step did not fit the stored objects, see `take_misfits`.
    """

    saved = Signal()
    failed = Signal(str)
    misfit = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._waiting: deque[Write] = deque()
        self._misfits: set[int] = set()
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._failing = self._told = self._closing = False
        self._thread = threading.Thread(target=self._run, name="project writer", daemon=True)
        self._thread.start()

    @property
    def project(self) -> Project:
        return self._project

    @property
    def saving(self) -> bool:
        """Whether something is not on the disk yet."""
        return bool(self._waiting)

    def put(self, write: Write) -> None:
        """Write this after all that was put before."""
        with self._changed:
            self._waiting.append(write)
            self._changed.notify_all()

    def take_misfits(self) -> set[int]:
        """Images of which a step was given up since the last call; write them anew."""
        with self._changed:
            images, self._misfits = self._misfits, set()
            return images

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything is on the disk or cannot be written; whether it is there."""
        with self._changed:
            self._failing = False  # try at once
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting or self._failing, timeout)
            return not self._waiting

    def move(self, copy: Callable[[Project], Project]) -> dict[int, str]:
        """Go on in `copy(project)`, which takes what could not be written before.

        No change is written in between. Returns the new paths of the images by id.
        """
        with self._writing:
            former, moved = self._project, copy(self._project)
            paths = {record.id: record.path for record in moved.images()}
            self._project = moved
        former.close()
        with self._changed:
            self._failing = False
            self._changed.notify_all()
        return paths

    def close(self, timeout: float = 5.0) -> bool:
        """Write what is left, once, and let go of the project; whether all is on the disk."""
        with self._changed:
            self._closing, self._failing = True, False
            self._changed.notify_all()
        self._thread.join(timeout)
        if self._thread.is_alive():  # a disk that hangs; the project goes with the program
            return False
        self._project.close()
        return not self._waiting and not self._misfits

    def _run(self) -> None:
        while write := self._next():
            try:
                with self._writing:
                    write(self._project)
            except StepDoesNotFit as error:
                log.error("A step was given up: %s", error)
                self._give_up(error.image_id)
            except Exception as error:  # the change stays the next one to write
                self._fail(sentence_for(error))
            else:
                self._succeed()

    def _next(self) -> Write | None:
        """The oldest change; None when the work is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or not self._failing, RETRY_EVERY)
            self._changed.wait_for(lambda: self._waiting or self._closing)
            over = not self._waiting or (self._closing and self._failing)
            return None if over else self._waiting[0]

    def _succeed(self) -> None:
        with self._changed:
            self._waiting.popleft()
            self._failing = self._told = False
            done = not self._waiting
            self._changed.notify_all()
        if done:
            self.saved.emit()

    def _give_up(self, image_id: int) -> None:
        with self._changed:
            self._waiting.popleft()
            self._misfits.add(image_id)
            self._changed.notify_all()
        self.misfit.emit()

    def _fail(self, reason: str) -> None:
        with self._changed:
            told, self._told = self._told, True
            self._failing = True
            self._changed.notify_all()
        if not told:
            self.failed.emit(reason)
