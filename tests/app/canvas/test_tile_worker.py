import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.canvas.tile_worker import Made, TileWorker


@pytest.fixture
def worker() -> Iterator[TileWorker]:
    worker = TileWorker()
    yield worker
    worker.close()


def collected(worker: TileWorker) -> list[Made]:
    made: list[Made] = []
    worker.made.connect(made.append)
    return made


def test_results_arrive_in_the_main_thread_with_their_ticket(
    worker: TileWorker, qtbot: QtBot
) -> None:
    made = collected(worker)
    threads: list[threading.Thread] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 42

    ticket = worker.request("a", work)
    qtbot.waitUntil(lambda: len(made) == 1)
    assert (made[0].key, made[0].ticket, made[0].value) == ("a", ticket, 42)
    assert threads[0] is not threading.main_thread()


def test_the_newest_request_comes_first_and_replaces_one_with_its_key(
    worker: TileWorker, qtbot: QtBot
) -> None:
    made, go, begun = collected(worker), threading.Event(), threading.Event()
    worker.request("first", lambda: (begun.set(), go.wait(5)))
    assert begun.wait(5)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        worker.request(key, lambda value=value: value)
    worker.forget(["c"])
    go.set()
    qtbot.waitUntil(lambda: len(made) == 3)
    qtbot.wait(20)
    assert [(m.key, m.value) for m in made[1:]] == [("a", 3), ("b", 2)]


def test_a_failure_is_logged_and_told_and_the_next_request_is_done(
    worker: TileWorker, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    made = collected(worker)
    ticket = worker.request("a", lambda: 1 / 0)
    qtbot.waitUntil(lambda: len(made) == 1)
    assert (made[0].key, made[0].ticket, made[0].value) == ("a", ticket, None)
    worker.request("b", lambda: 1)
    qtbot.waitUntil(lambda: len(made) == 2)
    assert made[1].key == "b" and "ZeroDivisionError" in caplog.text


def test_close_ends_the_thread_and_drops_what_waits(qtbot: QtBot) -> None:
    worker = TileWorker()
    made = collected(worker)
    for key in range(50):
        worker.request(key, lambda: time.sleep(0.01))
    worker.close()
    assert not any(t.name == "tiles" and t.is_alive() for t in threading.enumerate())
    worker.request("late", lambda: 1)
    qtbot.wait(20)
    assert len(made) < 50 and all(m.key != "late" for m in made)
