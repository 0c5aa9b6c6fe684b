import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from app.tasks.engine_process import EngineProcess
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult
from core.errors import Cancelled, CellscribeError, EngineCrashed, OutOfMemory, WeightsUnavailable
from core.image.model import Image
from core.progress import Ticket
from tests.app.tasks.fake_engine import TILE_SECONDS, TILES

ENGINE = "tests.app.tasks.fake_engine:segment"
PIXELS = np.pad(np.full((20, 20, 1), 220, np.uint8), ((10, 10), (10, 10), (0, 0)))
IMAGE = Image(PIXELS, path=Path("cells.png"), content_hash="hash of the cells")


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineProcess]:
    """One process for all tests that leave it alive."""
    engine = EngineProcess(ENGINE)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def fragile() -> Iterator[EngineProcess]:
    """One whose process a test may ruin; the next test gets another process."""
    engine = EngineProcess(ENGINE, grace=0.3)
    yield engine
    engine.close()


@dataclass
class Watch:
    """A ticket that remembers what was reported, and stops at a tile if told to."""

    stop_at: int = 10**6
    news: list[tuple[int, int, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    stopped: float = 0.0

    def __call__(self, done: int, total: int, stage: str) -> None:
        self.news.append((done, total, stage))
        if stage == "predicting" and done == self.stop_at:
            self.stopped = time.monotonic()
            self.stop.set()

    @property
    def ticket(self) -> Ticket:
        return Ticket(self, self.stop)

    @property
    def tiles(self) -> int:
        return max((done for done, _, stage in self.news if stage == "predicting"), default=0)


def run(engine: EngineProcess, how: str, ticket: Ticket | None = None) -> SegmentationResult:
    return engine.run(IMAGE, SegmentConfig(how), ticket)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def test_a_run_gives_what_the_engine_gives(engine: EngineProcess) -> None:
    result = run(engine, "fine")
    assert result.content_hash == "hash of the cells"
    assert (result.width, result.height) == (40, 40)
    assert [r.area for r in result.regions] == [pytest.approx(400, rel=0.03)]
    assert np.allclose(result.maps.foreground, PIXELS[..., 0] / 255)
    assert not result.maps.foreground.flags.writeable
    assert result.config.threshold == 0.5


def test_the_process_stays_for_the_next_run(engine: EngineProcess) -> None:
    run(engine, "fine")
    pid = engine.pid
    run(engine, "fine")
    assert engine.pid == pid != os.getpid()


def test_progress_arrives_in_order(engine: EngineProcess) -> None:
    watch = Watch()
    run(engine, "slow", watch.ticket)
    tiles = [done for done, total, stage in watch.news if stage == "predicting"]
    assert tiles == list(range(1, TILES + 1))


@pytest.mark.parametrize("tile", [1, 2, TILES // 2, TILES - 5])
def test_cancel_returns_within_a_tile_and_the_next_run_works(
    engine: EngineProcess, tile: int
) -> None:
    pid, watch = engine.pid, Watch(stop_at=tile)
    with pytest.raises(Cancelled):
        run(engine, "slow", watch.ticket)
    seconds = time.monotonic() - watch.stopped
    assert tile <= watch.tiles <= tile + 2 + seconds / TILE_SECONDS
    assert watch.tiles < TILES
    assert run(engine, "fine").regions
    assert engine.pid == pid


def test_cancelled_before_it_began(engine: EngineProcess) -> None:
    watch = Watch()
    watch.stop.set()
    with pytest.raises(Cancelled):
        run(engine, "slow", watch.ticket)
    assert watch.news == []


def test_a_result_that_comes_after_the_cancel_is_dropped(engine: EngineProcess) -> None:
    watch = Watch(stop_at=TILES - 1)
    with pytest.raises(Cancelled):
        run(engine, "stubborn", watch.ticket)
    assert run(engine, "fine").regions


def test_an_error_for_people_arrives_as_it_is(engine: EngineProcess) -> None:
    with pytest.raises(WeightsUnavailable, match="HRNet cannot run: the file is missing"):
        run(engine, "refuse")
    assert run(engine, "fine").regions


def test_any_other_error_becomes_a_sentence_and_a_log_entry(
    engine: EngineProcess, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(CellscribeError) as caught:
        run(engine, "bug")
    assert "cells.png failed unexpectedly (ZeroDivisionError" in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert "fake_engine.py" in caplog.text
    assert run(engine, "fine").regions


def test_memory_that_ran_out_in_the_process(engine: EngineProcess) -> None:
    with pytest.raises(OutOfMemory, match=r"cells\.png needs more memory"):
        run(engine, "out of memory")


def test_a_crash_is_told_and_the_next_run_works(fragile: EngineProcess) -> None:
    with pytest.raises(EngineCrashed, match=r"ended unexpectedly at cells\.png \(exit code 3\)"):
        run(fragile, "crash")
    assert fragile.pid is None
    assert run(fragile, "fine").regions


def test_a_process_that_was_killed_between_runs_is_replaced(fragile: EngineProcess) -> None:
    run(fragile, "fine")
    pid = fragile.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    while is_alive(pid):
        time.sleep(0.01)
    assert run(fragile, "fine").regions
    assert fragile.pid not in (None, pid)


def test_a_process_that_dies_as_a_run_begins_is_replaced_once(
    fragile: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not known to be dead yet, and the request reaches nobody."""
    run(fragile, "fine")
    pid, start = fragile.pid, EngineProcess.start

    def start_and_die(engine: EngineProcess) -> Connection:
        connection = start(engine)
        if engine.pid == pid:
            os.kill(pid, signal.SIGKILL)
        return connection

    monkeypatch.setattr(EngineProcess, "start", start_and_die)
    assert run(fragile, "fine").regions
    assert fragile.pid not in (None, pid)
    with pytest.raises(EngineCrashed, match="exit code 3"):
        run(fragile, "crash")


def test_a_process_that_was_killed_during_a_run(fragile: EngineProcess) -> None:
    run(fragile, "fine")
    pid = fragile.pid
    assert pid
    threading.Timer(0.1, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(EngineCrashed, match="often because memory ran out"):
        run(fragile, "slow")


def test_an_engine_that_does_not_listen_is_ended_after_the_grace(fragile: EngineProcess) -> None:
    run(fragile, "fine")
    pid, watch = fragile.pid, Watch()
    threading.Timer(0.1, watch.stop.set).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        run(fragile, "deaf", watch.ticket)
    assert 0.4 <= time.monotonic() - start < 10
    assert pid and not is_alive(pid)
    assert run(fragile, "fine").regions


def test_close_ends_a_run_at_once_and_for_good() -> None:
    engine, watch = EngineProcess(ENGINE), Watch()
    run(engine, "fine")
    pid = engine.pid

    def close() -> None:
        watch.stop.set()
        engine.close()

    closing = threading.Timer(0.1, close)
    closing.start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        run(engine, "deaf", watch.ticket)
    assert time.monotonic() - start < 3
    closing.join()
    assert pid and not is_alive(pid)
    with pytest.raises(Cancelled):
        run(engine, "fine")
    engine.close()


def test_no_block_is_left_in_memory(engine: EngineProcess) -> None:
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path()
    before = set(folder.glob("cellscribe-*"))  # of other programs
    run(engine, "fine")
    with pytest.raises(WeightsUnavailable):
        run(engine, "refuse")
    assert set(folder.glob("cellscribe-*")) <= before


PARENT = """
import sys, time
from tests.app.tasks.test_engine_process import ENGINE, run
from app.tasks.engine_process import EngineProcess
from core.progress import Ticket
engine = EngineProcess(ENGINE)
if __name__ == "__main__":
    run(engine, "fine")
    print(engine.pid, flush=True)
    if sys.argv[1] == "run":
        run(engine, "slow", Ticket(lambda *step: print("tile", flush=True)))
    elif sys.argv[1] == "wait":
        time.sleep(60)
"""


@pytest.mark.parametrize("doing", ["run", "wait", "end"])
def test_the_process_never_outlives_its_parent(tmp_path: Path, doing: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in ("", *sys.path) if p)}
    with subprocess.Popen(
        [sys.executable, str(script), doing], stdout=subprocess.PIPE, text=True, env=here
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        if doing == "end":
            assert parent.wait(10) == 0
        else:
            parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_the_process_loads_neither_qt_nor_torch_by_itself() -> None:
    code = (
        "import sys, app.tasks.engine_child;"
        "print([m for m in ('PySide6', 'torch', 'scipy', 'skimage') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert shown.stdout.strip() == "[]"
