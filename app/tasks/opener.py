"""Opener: carries out requests to open files, one request and one image after the other."""

from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.tasks.opening import Added, Plan, add_image, plan_opening
from app.tasks.runner import Outcome, Runner
from core.project.store import Project


class Opener(QObject):
    """Reads in the background and says what came of it; the session takes it from there.

    planned: (Plan). added: (Added). progressed: images done, and in all. ended: the request is
    over. problem: one sentence.
    """

    planned = Signal(object)
    added = Signal(object)
    progressed = Signal(int, int)
    ended = Signal()
    problem = Signal(str)

    def __init__(
        self, runner: Runner, current: Callable[[], Project | None], parent: QObject | None = None
    ) -> None:
        """current: tells the project that is open when a request begins."""
        super().__init__(parent)
        self._runner, self._current = runner, current
        self._requests: deque[tuple[tuple[Path, ...], bool]] = deque()
        self._busy = self._cancelled = False
        self._job = 0
        self._plan = Plan(None, Path())
        self._project: Project | None = None
        self._left: list[Path] = []
        self._failures: list[str] = []

    @property
    def busy(self) -> bool:
        return self._busy

    def open(self, paths: Iterable[Path], take_over: bool = False) -> None:
        """Open files, folders or a project, after what was asked for before.

        take_over: open a project although another computer seems to have it open.
        """
        self._requests.append((tuple(paths), take_over))
        if not self._busy:
            self._begin()

    def cancel(self) -> None:
        """Stop; images that were added stay."""
        self._requests.clear()
        self._left = []
        self._cancelled = True
        if self._job:
            self._runner.cancel(self._job)
            self._job = 0
            self._end()

    def _begin(self) -> None:
        paths, take_over = self._requests.popleft()
        current = self._current()
        self._busy, self._cancelled = True, False
        # Not to be cancelled: a project that was opened for nobody would stay locked.
        self._runner.start(
            lambda ticket: plan_opening(paths, current, take_over, ticket), self._on_planned
        )

    def _on_planned(self, outcome: Outcome) -> None:
        self._left, self._failures = [], []
        if outcome.problem:
            self._failures.append(outcome.problem)
        elif self._cancelled:
            self._give_back(outcome.value.project)
        else:
            self._plan = outcome.value
            self._project, self._left = self._plan.project, list(self._plan.files)
            self.planned.emit(self._plan)
        self._go_on()

    def _give_back(self, project: Project | None) -> None:
        if project and project is not self._current():
            project.close()

    def _go_on(self) -> None:
        if not self._left:
            self._end()
            return
        project, path, file = self._project, self._plan.project_path, self._left.pop(0)
        self._job = self._runner.start(
            lambda ticket: add_image(project, path, file, ticket), self._on_read
        )

    def _on_read(self, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self._failures.append(outcome.problem)
        else:
            self._take(outcome.value)
        total = len(self._plan.files)
        self.progressed.emit(total - len(self._left), total)
        self._go_on()

    def _take(self, added: Added) -> None:
        self._project = added.project
        self.added.emit(added)

    def _end(self) -> None:
        self._busy = False
        if self._failures:
            self.problem.emit(_summary(self._failures, len(self._plan.files)))
        self._failures = []
        self.ended.emit()
        if self._requests and not self._busy:
            self._begin()


def _summary(failures: list[str], total: int) -> str:
    """One sentence for one failure; for several how many there are, and the first of them."""
    if len(failures) == 1:
        return failures[0]
    return f"{len(failures)} of {total} images could not be opened. The first: {failures[0]}"
