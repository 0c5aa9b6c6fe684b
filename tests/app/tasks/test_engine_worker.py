import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.tasks.engine_process import EngineProcess
from app.tasks.engine_worker import EngineWorker
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult
from core.errors import Cancelled, EngineCrashed
from core.image.model import Image
from core.progress import Ticket
from tests.app.tasks.test_engine_process import ENGINE, IMAGE


class SleepyEngine(EngineProcess):
    """Works in this process, so that a test sees what happens: ten tiles, until the gate opens."""

    def __init__(self) -> None:
        super().__init__("none:none")
        self.gate = threading.Event()
        self.threads: list[QThread] = []
        self.most = self.now = self.tiles = 0
        self.is_closed = False

    def run(
        self, image: Image, config: SegmentConfig, ticket: Ticket | None = None
    ) -> SegmentationResult:
        assert ticket
        self.now += 1
        self.most = max(self.most, self.now)
        self.threads.append(QThread.currentThread())
        try:
            while not self.gate.wait(0.005):
                self.tiles += 1
                ticket.step(1, 10, "predicting")
            if config.model == "crash":
                raise EngineCrashed("The process ended.")
            return config  # type: ignore[return-value]
        finally:
            self.now -= 1

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def engine() -> SleepyEngine:
    return SleepyEngine()


@pytest.fixture
def worker(engine: SleepyEngine, qtbot: QtBot) -> Iterator[EngineWorker]:
    worker = EngineWorker(engine)
    yield worker
    assert worker.close(5)


class Log(list[tuple[object, ...]]):
    """All that a worker says, in order."""

    def __init__(self, worker: EngineWorker) -> None:
        super().__init__()
        for name in ("started", "finished", "failed", "cancelled"):
            getattr(worker, name).connect(lambda *news, name=name: self._add(name, *news))

    def _add(self, *news: object) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.append(news)


def test_the_window_lives_while_the_network_runs(
    worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot
) -> None:
    log = Log(worker)
    job = worker.submit(IMAGE, SegmentConfig("a"))
    qtbot.waitUntil(lambda: engine.tiles > 2)
    assert log == [("started", job)]
    assert engine.threads[0] is not QThread.currentThread()
    engine.gate.set()
    qtbot.waitUntil(lambda: len(log) == 2)
    assert log[1] == ("finished", job, SegmentConfig("a"))
    assert worker.waiting == 0


def test_one_image_at_a_time_in_order(
    worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot
) -> None:
    log = Log(worker)
    jobs = [worker.submit(IMAGE, SegmentConfig(name)) for name in "abcd"]
    assert worker.waiting == 4
    engine.gate.set()
    qtbot.waitUntil(lambda: len(log) == 8)
    assert [news[1] for news in log] == [job for job in jobs for _ in range(2)]
    assert engine.most == 1


def test_progress_names_the_job(worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(worker.progressed) as progress:
        job = worker.submit(IMAGE, SegmentConfig())
    assert progress.args == [job, 1, 10, "predicting"]


def test_cancel_counts_tiles_not_flags(
    worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot
) -> None:
    log = Log(worker)
    job = worker.submit(IMAGE, SegmentConfig())
    qtbot.waitUntil(lambda: engine.tiles > 2)
    worker.cancel(job)
    tiles = engine.tiles
    qtbot.waitUntil(lambda: len(log) == 2)
    assert log[1] == ("cancelled", job)
    assert engine.tiles <= tiles + 1
    worker.cancel(job)
    worker.cancel(99)


def test_a_job_that_waits_is_cancelled_without_running(
    worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot
) -> None:
    log = Log(worker)
    first, second, third = (worker.submit(IMAGE, SegmentConfig(name)) for name in "abc")
    worker.cancel(second)
    engine.gate.set()
    qtbot.waitUntil(lambda: worker.waiting == 0)
    qtbot.waitUntil(lambda: len(log) == 5)
    assert [news[:2] for news in log] == [
        ("started", first),
        ("finished", first),
        ("cancelled", second),
        ("started", third),
        ("finished", third),
    ]


def test_a_failure_is_a_sentence_and_the_next_job_runs(
    worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot
) -> None:
    log = Log(worker)
    engine.gate.set()
    worker.submit(IMAGE, SegmentConfig("crash"))
    worker.submit(IMAGE, SegmentConfig("fine"))
    qtbot.waitUntil(lambda: len(log) == 4)
    assert log[1][0::2] == ("failed", "The process ended.")
    assert log[3][0] == "finished"


def test_close_during_a_job_is_quick(engine: SleepyEngine, qtbot: QtBot) -> None:
    worker = EngineWorker(engine)
    for _ in range(3):
        worker.submit(IMAGE, SegmentConfig())
    qtbot.waitUntil(lambda: engine.tiles > 2)
    start = time.monotonic()
    assert worker.close()
    assert time.monotonic() - start < 2
    assert engine.is_closed
    assert worker.close()


def test_a_worker_that_never_worked_has_no_thread(engine: SleepyEngine, qtbot: QtBot) -> None:
    worker = EngineWorker(engine)
    assert not worker._thread.isRunning()
    assert worker.close(0.1)


def test_a_worker_that_is_forgotten_ends_its_thread(engine: SleepyEngine, qtbot: QtBot) -> None:
    worker = EngineWorker(engine)
    worker.submit(IMAGE, SegmentConfig())
    qtbot.waitUntil(lambda: engine.tiles > 2)
    thread = worker._thread
    del worker
    gc.collect()
    assert not thread.isRunning()
    assert engine.is_closed


SCRIPT = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from app.tasks.engine_process import EngineProcess
from app.tasks.engine_worker import EngineWorker
from core.engine.config import SegmentConfig
from tests.app.tasks.test_engine_process import ENGINE, IMAGE

if __name__ == "__main__":
    app = QCoreApplication([])
    worker = EngineWorker(EngineProcess(ENGINE))
    worker.progressed.connect(lambda *step: app.quit() if step[1] >= 3 else None)
    worker.submit(IMAGE, SegmentConfig("slow"))
    worker.submit(IMAGE, SegmentConfig("slow"))
    app.exec()
    if sys.argv[1] == "polite":
        print("closed", worker.close())
    print("pid", worker._engine.pid)
"""


@pytest.mark.parametrize("how", ["polite", "forgetful"])
def test_a_program_that_ends_during_a_run_ends_cleanly(
    how: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    script = tmp_path_factory.mktemp("script") / "window.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script), how],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert ("closed True\npid None" in done.stdout) == (how == "polite")


def test_cancelled_is_no_error_of_the_log(
    worker: EngineWorker, engine: SleepyEngine, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    job = worker.submit(IMAGE, SegmentConfig())
    with qtbot.waitSignal(worker.cancelled):
        worker.cancel(job)
    assert caplog.records == []
    assert not issubclass(Cancelled, EngineCrashed)


def test_the_real_process_behind_the_worker(qtbot: QtBot) -> None:
    worker = EngineWorker(EngineProcess(ENGINE))
    with qtbot.waitSignal(worker.failed, timeout=20_000) as failed:
        crash = worker.submit(IMAGE, SegmentConfig("crash"))
    assert failed.args and failed.args[0] == crash
    assert "ended unexpectedly at cells.png" in failed.args[1]
    with qtbot.waitSignal(worker.finished, timeout=20_000) as finished:
        worker.submit(IMAGE, SegmentConfig("fine"))
    assert finished.args and finished.args[1].content_hash == IMAGE.content_hash
    assert worker.close()
