"""Opener: carries out requests to open files, one after the other."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from app.tasks.handover import Handover
from app.tasks.opening import Added, Plan, Request, add_image, plan_opening
from app.tasks.runner import Outcome, Runner, Then
from core.progress import Ticket
from core.project.store import Project


class Opener(QObject):
    """Reads in the background and says what came of it; the session takes it from there.

    planned: (Request, Plan) the images are listed. added: (Added) a single one was read.
    busy_changed: whether a person waits for it. progressed: files looked at, and in all. problem:
    one sentence.
    """

    planned = Signal(object, object)
    added = Signal(object)
    busy_changed = Signal(bool)
    progressed = Signal(int, int)
    problem = Signal(str)

    def __init__(
        self, runner: Runner, current: Callable[[], Project | None], parent: QObject | None = None
    ) -> None:
        """current: tells the project that is open when a request begins."""
        super().__init__(parent)
        self._runner, self._current = runner, current
        self._requests: deque[Request] = deque()
        self._busy = False
        self._stop, self._handover = Event(), Handover()  # of the request under way

    @property
    def busy(self) -> bool:
        return self._busy

    def open(self, request: Request) -> None:
        """Open files, folders or a project, after what was asked for before."""
        self._requests.append(request)
        if not self._busy:
            self._begin()

    def forget_watched(self) -> None:
        """Watched folders of a project that was left have no place in the next one."""
        self._requests = deque(r for r in self._requests if not r.watched)

    def cancel(self) -> None:
        """Stop; images that were added stay."""
        self._requests.clear()
        self._stop.set()
        self._handover.refuse()

    def _begin(self) -> None:
        request, current = self._requests.popleft(), self._current()
        self._busy, self._stop, self._handover = True, Event(), Handover()
        self.busy_changed.emit(not request.watched)
        work = partial(plan_opening, request, current)
        self._start(work, partial(self._on_planned, request), current)

    def _start(
        self, work: Callable[[Ticket], Plan | Added], then: Then, known: Project | None
    ) -> None:
        """Have a job done whose outcome arrives although it was told to stop: the next request
        waits for it. Another project than the known one is handed over."""
        stop, handover = self._stop, self._handover

        def carried_out(ticket: Ticket) -> Plan | Added:
            came = work(replace(ticket, stop=stop))
            if came.project and came.project is not known:
                handover.offer(came.project)
            return came

        self._runner.start(
            carried_out,
            then,
            lambda done, total, _: None if stop.is_set() else self.progressed.emit(done, total),
        )

    def _on_planned(self, request: Request, outcome: Outcome) -> None:
        plan: Plan = outcome.value
        self._handover.take()
        if outcome.problem:
            self._tell(request, outcome.problem)
        elif not self._was_refused(plan.project):
            self.planned.emit(request, plan)
            if plan.file and not self._stop.is_set():
                self._read(request, plan, plan.file)
                return
        self._end()

    def _read(self, request: Request, plan: Plan, file: Path) -> None:
        work = partial(add_image, plan.project, plan.project_path, file)
        self._start(work, partial(self._on_read, request), plan.project)

    def _on_read(self, request: Request, outcome: Outcome) -> None:
        added: Added = outcome.value
        self._handover.take()
        if outcome.problem:
            self._tell(request, outcome.problem)
        elif not self._was_refused(added.project):
            self.added.emit(added)
        self._end()

    def _tell(self, request: Request, problem: str) -> None:
        """Unless nobody waits for it."""
        if not (self._stop.is_set() or request.watched):
            self.problem.emit(problem)

    def _was_refused(self, project: Project | None) -> bool:
        """Whether a project was opened for someone who left meanwhile; then it is closed."""
        return self._stop.is_set() and project is not None and project is not self._current()

    def _end(self) -> None:
        self._busy = False
        if self._requests:
            self._begin()
        else:
            self.busy_changed.emit(False)
