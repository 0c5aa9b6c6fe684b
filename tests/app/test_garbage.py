import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.garbage import Garbage, collect_due


@pytest.fixture(autouse=True)
def as_python_starts() -> Iterator[None]:
    gc.enable()
    yield
    gc.unfreeze()


class Cycle(QObject):
    """Can only be collected; notes in which thread that happened."""

    def __init__(self, threads: list[int]) -> None:
        super().__init__()
        self.me, self.threads = self, threads

    def __del__(self) -> None:
        self.threads.append(threading.get_ident())


def fill_memory() -> None:
    kept = [[] for _ in range(100_000)]
    assert kept


def test_a_worker_destroys_no_qt_object(qtbot: QtBot) -> None:
    owner, threads = QObject(), list[int]()
    garbage = Garbage(owner)
    Cycle(threads)
    worker = threading.Thread(target=fill_memory)
    worker.start()
    worker.join()
    assert threads == []
    kept = [[] for _ in range(1000)]
    garbage._timer.setInterval(1)
    qtbot.waitUntil(lambda: threads == [threading.get_ident()])
    assert kept


def test_older_objects_are_looked_through_in_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, looked = [(0, 20, 20)], list[int]()
    monkeypatch.setattr(gc, "get_count", lambda: counts[0])
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(gc, "collect", looked.append)
    for counts[0] in ((0, 20, 20), (701, 0, 0), (701, 11, 0), (701, 11, 11)):
        collect_due()
    assert looked == [0, 1, 2]
