"""What it costs to open large files: `python -m tests.benchmarks.bench_open [SIDE ...]`.

Makes files of one channel of 16 bits, plain and in packed tiles, and prints for each the time by
the clock and of the processor until something is painted, and until all is, each as a share of the
time that decoding the whole file into memory takes; the longest time that the window stood still;
a tick of the contrast; and the peak of the memory, of which libraries alone take what is printed
first. Offscreen, 1600 x 1000 px.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import tifffile
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.canvas.view import Canvas
from app.document.selection import Selection
from core.image.read import read_image
from core.image.scale import Window

ROUNDS = 20
TIMES = ((time.perf_counter, "by the clock"), (time.process_time, "of the processor"))


def make(path: Path, side: int, packed: bool) -> None:
    """Smooth cells and noise, so that packing has something to do."""
    random = np.random.default_rng(0)
    noise = random.integers(0, 64, (1000, 1000), np.uint16)
    y, x = np.mgrid[:1000, :1000] / 25.0
    block = (800 + 400 * np.sin(x) * np.sin(y)).astype(np.uint16) + noise
    count = -(-side // 1000)
    pixels = np.tile(block, (count, count))[:side, :side]
    options = {"tile": (512, 512), "compression": "zlib"} if packed else {}
    tifffile.imwrite(path, pixels, **options)


class Stopwatch:
    """Seconds by each clock since it was made."""

    def __init__(self) -> None:
        self._starts = [clock() for clock, _ in TIMES]

    def read(self) -> list[float]:
        return [clock() - start for (clock, _), start in zip(TIMES, self._starts, strict=True)]


class Waiting:
    """Handles events, and knows the longest time that one turn took: by the clock, and of the
    processor in the window's thread alone."""

    def __init__(self) -> None:
        self.longest, self.busiest = 0.0, 0.0

    def until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.turn(lambda: QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents))
            time.sleep(0.001)

    def turn(self, what: Callable[[], object]) -> None:
        start, busy = time.perf_counter(), time.thread_time()
        what()
        self.longest = max(self.longest, time.perf_counter() - start)
        self.busiest = max(self.busiest, time.thread_time() - busy)


def shown_canvas() -> Canvas:
    canvas = Canvas(Selection())
    canvas.resize(1600, 1000)
    canvas.set_fixture_visible("minimap", True)
    canvas.show()
    return canvas


def tick(canvas: Canvas) -> float:
    """Milliseconds of the window's thread for other contrast and the frame with it."""
    found = []
    for number in range(ROUNDS):
        display = canvas.display
        assert display is not None
        look = replace(display.channels[0], window=Window(500, 1500 + number))
        start = time.thread_time()
        canvas.set_display(replace(display, channels=(look,)))
        canvas.repaint()
        found.append(1000 * (time.thread_time() - start))
    return float(np.median(found))


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def opened(path: Path) -> None:
    """Open one file in this process, and tell."""
    application = QApplication(sys.argv[:1])
    canvas, waiting = shown_canvas(), Waiting()
    waiting.until(lambda: True)
    print(f"{path.name}: {peak():.0f} MB before")
    watch = Stopwatch()
    image = read_image(path)
    waiting.turn(lambda: canvas.set_image(image))
    waiting.until(lambda: canvas.display is not None)
    waiting.turn(canvas.repaint)
    first = watch.read()
    waiting.until(lambda: canvas.is_settled)
    complete, memory = watch.read(), peak()
    ticks = [("fit", tick(canvas))]
    for scale in (0.5, 1.0):
        waiting.turn(lambda scale=scale: canvas.set_zoom(scale))
        waiting.turn(canvas.repaint)
        waiting.until(lambda: canvas.is_settled)
        ticks.append((f"{100 * scale:.0f} %", tick(canvas)))
    whole = Stopwatch()
    tifffile.imread(path, maxworkers=1)
    for (_, name), start, end, decoding in zip(TIMES, first, complete, whole.read(), strict=True):
        print(
            f"  first picture {start:.2f} s, complete {end:.2f} s {name}: "
            f"{start / decoding:.2f} and {end / decoding:.2f} of decoding ({decoding:.2f} s)"
        )
    print(f"  contrast tick {', '.join(f'{name} {ms:.1f} ms' for name, ms in ticks)} (target 30)")
    print(
        f"  the window stood still for {1000 * waiting.longest:.0f} ms by the clock, "
        f"{1000 * waiting.busiest:.0f} ms of its own (target 50)"
    )
    print(f"  peak memory {memory:.0f} MB (target 1500)", flush=True)
    canvas.shutdown()
    canvas.close()
    application.quit()


def main(sides: list[int]) -> None:
    """Each file in a process of its own, that the peak is its own."""
    with tempfile.TemporaryDirectory() as folder:
        for side in sides:
            for packed in (False, True):
                path = Path(folder) / f"{side}{'_packed' if packed else '_plain'}.tif"
                make(path, side, packed)
                command = [sys.executable, "-m", "tests.benchmarks.bench_open", str(path)]
                subprocess.run(command, check=True)
                path.unlink()


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].isdigit():
        opened(Path(sys.argv[1]))
    else:
        main([int(side) for side in sys.argv[1:]] or [10_000, 20_000])
