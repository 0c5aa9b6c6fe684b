"""The log file, and what becomes of errors that nobody caught: the log, and a notice."""

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.tasks.problems import plain_sentence

log = logging.getLogger("app")
FILES, FILE_SIZE = 5, 1_000_000
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class _HomelessFormatter(logging.Formatter):
    """Writes ~ for the person's home folder, so that a log can be sent to others."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace(str(Path.home()), "~")


def log_file() -> Path:
    """Where the newest log is."""
    return user_log_path("cellscribe", appauthor=False) / "cellscribe.log"


def start_logging(path: Path | None = None) -> logging.Handler | None:
    """Write everything from INFO on to a rotating file; None when that is not possible."""
    path = path or log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=FILE_SIZE, backupCount=FILES - 1, encoding="utf-8"
        )
    except OSError as error:
        log.warning("no log file: %s", error)
        return None
    handler.setFormatter(_HomelessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def catch_everything(notify: Callable[[str], None]) -> None:
    """Send errors that nobody caught, in any thread, to the log and one sentence to `notify`.

    notify is called in the thread of the error.
    """

    def report(
        kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        error = error or kind()
        log.error("uncaught", exc_info=(kind, error, trace))
        notify(plain_sentence(error))

    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value, args.exc_traceback)
    qInstallMessageHandler(_on_qt_message)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", text)
