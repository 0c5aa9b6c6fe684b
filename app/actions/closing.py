"""Closing the program: ask once if something is at work, save, let go of everything in time."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.controllers.export import ExportController
from app.controllers.segmentation import SegmentationController
from app.dialogs.ask import Ask
from app.session import Session

log = logging.getLogger(__name__)
SAVE_SECONDS = 1.5


class Closing:
    """`may_close` is asked by the window; `shut_down` is handed in and runs once."""

    def __init__(
        self,
        session: Session,
        controller: SegmentationController,
        exporter: ExportController,
        ask: Ask,
        shut_down: Callable[[], None],
    ) -> None:
        self._session, self._controller, self._exporter = session, controller, exporter
        self._ask, self._shut_down = ask, shut_down
        self._done = False

    def may_close(self) -> bool:
        """Whether the window may go; then everything is saved and stopped."""
        if self._done:
            return True
        if self._controller.busy and not self._ask.confirm(*_running()):
            return False
        if self._exporter.busy and not self._ask.confirm(*_exporting()):
            return False
        self._controller.cancel()
        self._exporter.cancel()
        if not self._session.flush(SAVE_SECONDS) and not self._ask.confirm(*_unsaved()):
            return False
        self._done = True
        log.info("closing")
        self._shut_down()
        return True


def _running() -> tuple[str, str, str]:
    return (
        _tr("Close Cellscribe?"),
        _tr("A network is still at work. If you close now its result is lost; all else is saved."),
        _tr("Stop and close"),
    )


def _exporting() -> tuple[str, str, str]:
    return (
        _tr("Close Cellscribe?"),
        _tr(
            "An export is still under way. If you close now it leaves no files; all else is saved."
        ),
        _tr("Stop and close"),
    )


def _unsaved() -> tuple[str, str, str]:
    return (
        _tr("Close without saving?"),
        _tr(
            "The last changes could not be written yet. Cancel and use File > Save project as… to "
            "save them in another place, or close and lose them."
        ),
        _tr("Close and lose them"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Closing", text)
