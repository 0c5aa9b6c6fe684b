import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal, qInstallMessageHandler, qWarning

from app import logs
from core.errors import ProjectError


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Everything is caught as in the program; afterwards all is as it was."""
    hooks = sys.excepthook, threading.excepthook
    heard: list[str] = []
    logs.catch_everything(heard.append)
    yield heard
    sys.excepthook, threading.excepthook = hooks
    qInstallMessageHandler(None)


@pytest.fixture
def log_path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "deep" / "cellscribe.log"
    root, level = logging.getLogger(), logging.getLogger().level
    handler = logs.start_logging(path)
    assert handler is not None
    yield path
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def raise_in_thread(error: BaseException) -> None:
    def fail() -> None:
        raise error

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def test_error_in_a_thread_is_logged_and_told(heard: list[str], log_path: Path) -> None:
    raise_in_thread(ValueError("odd"))
    assert len(heard) == 1 and "ValueError: odd" in heard[0] and "changed" not in heard[0]
    text = log_path.read_text()
    assert "Traceback" in text and "ValueError: odd" in text


def test_error_made_for_people_is_told_as_it_is(heard: list[str], log_path: Path) -> None:
    raise_in_thread(ProjectError("The project is open elsewhere."))
    assert heard == ["The project is open elsewhere."]


def test_error_in_the_main_thread(heard: list[str], log_path: Path) -> None:
    try:
        raise RuntimeError("in a slot")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert "in a slot" in heard[0]
    assert "test_logs.py" in log_path.read_text()


def test_qt_speaks_into_the_log(heard: list[str], log_path: Path) -> None:
    qWarning("a widget is unhappy")
    assert "WARNING qt: a widget is unhappy" in log_path.read_text()
    assert heard == []


def test_home_folder_is_not_in_the_log(
    log_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("x").warning("cannot read %s", Path.home() / "patient" / "a.tif")
    text = log_path.read_text()
    assert str(Path.home()) not in text
    assert str(Path("~") / "patient" / "a.tif") in text


def test_log_is_bounded(log_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(700):
        logging.getLogger("x").info("y" * 10_000)
    files = sorted(log_path.parent.iterdir())
    assert len(files) == logs.FILES
    assert all(file.stat().st_size <= logs.FILE_SIZE for file in files)


def test_without_a_place_for_logs_the_program_starts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert logs.start_logging(tmp_path / "file" / "cellscribe.log") is None


def test_log_belongs_to_the_person(home: Path) -> None:
    assert home in logs.log_file().parents


class Emitter(QObject):
    said = Signal()


def test_slots_that_fail_do_not_stop_others(
    heard: list[str], log_path: Path, qtbot: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest-qt takes the hook while a test runs, so ours is put back for the call."""
    emitter, called = Emitter(), []
    logs.catch_everything(heard.append)
    emitter.said.connect(lambda: 1 / 0)
    emitter.said.connect(lambda: called.append(True))
    emitter.said.emit()
    assert called == [True]
    assert "ZeroDivisionError" in heard[0]
