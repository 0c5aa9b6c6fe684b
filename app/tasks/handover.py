"""Handing a project from the thread that opened it to the window."""

from threading import Lock

from core.project.store import Project


class Handover:
    """Lets go of a project that nobody wants any more, in whichever thread that becomes known.

    A closing window takes no more outcomes: what is on its way then would stay locked.
    """

    def __init__(self) -> None:
        self._mutex = Lock()
        self._offered: Project | None = None
        self._is_refused = False

    def offer(self, project: Project) -> None:
        """It was opened; it is closed at once when nobody wants it."""
        with self._mutex:
            if not self._is_refused:
                self._offered = project
                return
        project.close()

    def take(self) -> None:
        """What was offered has arrived; whoever has it now closes it."""
        with self._mutex:
            self._offered = None

    def refuse(self) -> None:
        """Nobody wants what is offered and has not arrived, nor what follows."""
        with self._mutex:
            self._is_refused = True
            project, self._offered = self._offered, None
        if project:
            project.close()
