"""Opener: carries out requests to open files, one after the other."""

from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.tasks.opening import Plan, Request, add_image, plan_opening
from app.tasks.runner import Outcome, Runner
from core.project.store import Project


class Opener(QObject):
    """Reads in the background and says what came of it; the session takes it from there.

    planned: (Request, Plan) the images are listed. added: (Added) a single one was read.
    progressed: files looked at, and in all. problem: one sentence.
    """

    planned = Signal(object, object)
    added = Signal(object)
    progressed = Signal(int, int)
    problem = Signal(str)

    def __init__(
        self, runner: Runner, current: Callable[[], Project | None], parent: QObject | None = None
    ) -> None:
        """current: tells the project that is open when a request begins."""
        super().__init__(parent)
        self._runner, self._current = runner, current
        self._requests: deque[Request] = deque()
        self._busy = self._cancelled = False
        self._job = 0

    @property
    def busy(self) -> bool:
        return self._busy

    def open(self, request: Request) -> None:
        """Open files, folders or a project, after what was asked for before."""
        self._requests.append(request)
        if not self._busy:
            self._begin()

    def cancel(self) -> None:
        """Stop; images that were added stay."""
        self._requests.clear()
        self._cancelled = True
        if self._job:
            self._runner.cancel(self._job)
            self._job = 0
            self._end()

    def _begin(self) -> None:
        request, current = self._requests.popleft(), self._current()
        self._busy, self._cancelled = True, False
        # Not to be cancelled: a project that was opened for nobody would stay locked.
        self._runner.start(
            lambda ticket: plan_opening(request, current, ticket),
            lambda outcome: self._on_planned(request, outcome),
            lambda done, total, _: self.progressed.emit(done, total),
        )

    def _on_planned(self, request: Request, outcome: Outcome) -> None:
        plan: Plan = outcome.value
        if outcome.problem:
            if not (self._cancelled or request.watched):
                self.problem.emit(outcome.problem)
        elif self._cancelled and plan.project is not self._current():
            self._give_back(plan.project)
        else:
            self.planned.emit(request, plan)
            if plan.file and not self._cancelled:
                self._read(plan, plan.file)
                return
        self._end()

    def _give_back(self, project: Project | None) -> None:
        if project:
            project.close()

    def _read(self, plan: Plan, file: Path) -> None:
        self._job = self._runner.start(
            lambda ticket: add_image(plan.project, plan.project_path, file, ticket), self._on_read
        )

    def _on_read(self, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self.problem.emit(outcome.problem)
        else:
            self.added.emit(outcome.value)
        self._end()

    def _end(self) -> None:
        self._busy = False
        if self._requests:
            self._begin()
