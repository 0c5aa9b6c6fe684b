"""What the canvas costs with many regions: `python -m tests.benchmarks.bench_canvas [COUNT ...]`.

Prints median and 95th percentile in milliseconds of processor time of the window's thread, the
target, and the ratio to the same with 1,000 regions; where it says so the time by the clock,
because another thread has a part in it. Offscreen, 1600 x 1000 px, on an image of 10,000 x 10,000
pixels of 16 bits; regions have 32 to 48 vertices and 7 classes.
"""

import itertools
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.tools import BRUSH_SIZE
from app.canvas.view import Canvas
from app.commands import edits
from app.commands.change_regions import perform
from app.document.classes import ClassTable
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.classes import PALETTE, LabelClass
from core.annotation.region import Origin, Region, ring
from core.image.model import Image

SIDE, ROUNDS, REFERENCE = 10_000, 40, 1_000
NONE = Qt.KeyboardModifier.NoModifier
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PRESS, MOVE, RELEASE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
)


@dataclass(frozen=True)
class Row:
    """Milliseconds of some rounds; how many of them are fine for 10,000 and 50,000 regions, and as
    95th percentile for 10,000."""

    times: list[float]
    target: float | None = None
    target_50k: float | None = None
    target_p95: float | None = None

    @property
    def median(self) -> float:
        return float(np.median(self.times))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.times, 95))

    def wanted(self, count: int) -> float | None:
        return self.target_50k if count > 10_000 else self.target

    def is_missed(self, count: int) -> bool:
        wanted, tail = self.wanted(count), None if count > 10_000 else self.target_p95
        slow = wanted is not None and self.median > wanted
        return slow or (tail is not None and self.p95 > tail)


def stars(count: int) -> dict[int, Region]:
    """Wobbly cells on a grid."""
    random = np.random.default_rng(0)
    columns = int(np.ceil(count**0.5))
    step = SIDE / columns
    return {i + 1: _star(i, columns, step, random) for i in range(count)}


def _star(number: int, columns: int, step: float, random: np.random.Generator) -> Region:
    angle = np.linspace(0, 2 * np.pi, int(random.integers(32, 49)), endpoint=False)
    radius = 0.42 * step * (1 + 0.1 * np.sin(3 * angle + random.uniform(0, 6)))
    centre = (number % columns + 0.5) * step, (number // columns + 0.5) * step
    points = np.stack((np.cos(angle), np.sin(angle)), axis=1) * radius[:, None] + centre
    origin = Origin("model", threshold=0.5)
    confidence = float(random.uniform(0.5, 1))
    return Region(number + 1, ring(points), (), number % 7, confidence, origin)


class Bench:
    """A canvas with a number of regions, and what is done to it."""

    def __init__(self, image: Image, count: int) -> None:
        self.regions = stars(count)
        table = ClassTable([LabelClass(i, str(i), PALETTE[i]) for i in range(7)])
        self.document = Document(1, SIDE, SIDE, self.regions, table)
        self.selection = Selection()
        self.canvas = Canvas(self.selection)
        self.canvas.resize(1600, 1000)
        self.canvas.set_fixture_visible("minimap", True)
        self.canvas.set_fixture_visible("scale_bar", True)
        self.canvas.set_image(image)
        self.canvas.show()
        QTest.qWaitForWindowExposed(self.canvas)
        self.settle()

    def settle(self) -> None:
        self.canvas.repaint()
        while not self.canvas.is_settled:
            QApplication.processEvents()
            time.sleep(0.001)  # not QTest.qWait: that keeps the interpreter from the worker
        self.canvas.repaint()

    # Frames

    def frame(self) -> None:
        """Paint what waits to be painted, which Qt would put off for some milliseconds, and take
        what the worker has made."""
        QApplication.sendEvent(self.canvas, QEvent(QEvent.Type.UpdateRequest))
        QTest.qWait(1)

    def look(self, scale: float | None) -> None:
        """The whole image, or its middle at some scale, completely painted."""
        self.canvas.fit()
        if scale:
            self.canvas.set_zoom(scale)
        self.settle()

    def pan(self) -> list[float]:
        """The picture is drawn along, 20 px a frame, and back."""
        way = iter([20] * ROUNDS + [-20] * ROUNDS)

        def step() -> None:
            self.canvas.look(self.canvas.viewport.panned(next(way), 0))
            self.frame()

        return times(step, 2 * ROUNDS - 1)

    def zoom(self) -> list[float]:
        """4 % a frame, in and back out."""
        way = iter([1.04] * ROUNDS + [1 / 1.04] * ROUNDS)

        def step() -> None:
            self.canvas.look(self.canvas.viewport.zoomed(next(way)))
            self.frame()

        return times(step, 2 * ROUNDS - 1)

    def frames(self) -> list[float]:
        return times(self.canvas.repaint)

    def hover(self) -> list[float]:
        """The mouse moves on to another region, and the picture follows."""
        random = np.random.default_rng(1)

        def step() -> None:
            self.move(random.uniform(0, 1600), random.uniform(0, 1000))
            self.frame()

        return times(step)

    def crosshair(self) -> list[float]:
        """The mouse moves with the crosshair on."""
        self.canvas.set_fixture_visible("crosshair", True)
        self.settle()
        place = itertools.count(100, 7)

        def step() -> None:
            x = next(place)
            self.move(x, x)
            self.frame()

        found = times(step)
        self.canvas.set_fixture_visible("crosshair", False)
        return found

    def halo(self, probability: np.ndarray) -> list[float]:
        """A whole frame with the doubtful borders of everything visible."""
        self.canvas.set_probability_source(lambda: probability)
        self.canvas.set_halo_visible(True)
        found = self.frames()
        self.canvas.set_halo_visible(False)
        self.canvas.set_probability_source(lambda: None)
        return found

    # Colours

    def recolour(self) -> list[float]:
        """The outlines get other colours; the longest time that the window stands still."""
        ways = iter(("object", "confidence", "origin", "review", "class") * 3)
        found = []
        for by in ways:
            self.settle()
            blocks = [
                elapsed(lambda by=by: self.canvas.set_colouring(by), time.thread_time),
                elapsed(self.canvas.repaint, time.thread_time),
            ]
            found.append(max(blocks))
        self.settle()
        return found

    def tiles_from_nothing(self) -> list[float]:
        """Everything visible painted anew, in the worker and at once."""

        def again() -> None:
            self.canvas.set_fill_opacity(0.0 if self.canvas._scene.style.fill_opacity else 0.2)
            self.settle()

        return times(again, 3, time.perf_counter)

    def first_picture(self, clock: Callable[[], float]) -> list[float]:
        """From the document to the complete picture."""

        def show() -> None:
            self.canvas.set_document(self.document)
            self.settle()

        return times(show, 5, clock)

    # Gestures

    def pick(self) -> list[float]:
        """What lies under a point."""
        store, random = self.canvas._scene.store, np.random.default_rng(2)
        return times(lambda: store.region_at(*random.uniform(0, SIDE, 2)))

    def drag_vertex(self, region: Region) -> list[float]:
        """A vertex of a selected region that fills a good part of the screen."""
        self.selection.set([region.id])
        self.canvas.set_tool("vertices")
        x0, y0, x1, y1 = region.bounds
        self.canvas.show_region(region.id)
        self.canvas.set_zoom(600 / max(x1 - x0, y1 - y0))
        self.settle()
        x, y = self.canvas.viewport.to_screen(*region.shell[0])
        self.mouse(PRESS, x, y, LEFT)
        goal = itertools.count(1)

        def step() -> None:
            self.move(x + next(goal), y, LEFT)
            self.frame()

        found = times(step)
        self.canvas.cancel_gesture()
        self.canvas.set_tool("select")
        self.selection.clear()
        return found

    def drag_vertex_of_many(self) -> list[float]:
        """The same, on a polygon of 10,000 vertices."""
        number = len(self.regions) // 2
        before = self.document.regions[number]
        angle = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
        radius = 200 * (1 + 0.1 * np.sin(7 * angle))
        points = np.stack((np.cos(angle), np.sin(angle)), axis=1) * radius[:, None] + SIDE / 2
        large = replace(before, shell=ring(points))
        perform(self.document, edits.change(self.document, [large], "Change"))
        found = self.drag_vertex(self.document.regions[number])
        self.document.stack.undo()
        return found

    def brush(self) -> list[float]:
        """A stroke of 6,000 px with a radius of 200, across all regions, with its frames."""
        radius, BRUSH_SIZE.radius = BRUSH_SIZE.radius, 200.0
        self.canvas.fit()
        self.canvas.set_tool("brush")
        self.settle()
        view = self.canvas.viewport
        way = [view.to_screen(2000 + 6000 * i / ROUNDS, SIDE / 2 - 5) for i in range(ROUNDS + 2)]
        self.mouse(PRESS, *way[0], LEFT)
        places = iter(way[1:])

        def step() -> None:
            self.move(*next(places), LEFT)
            self.frame()

        found = times(step)
        self.canvas.cancel_gesture()
        self.canvas.set_tool("select")
        BRUSH_SIZE.radius = radius
        return found

    def rubber_band(self) -> list[float]:
        """Drawn over 2,000 regions, let go, and the picture follows."""
        self.canvas.fit()
        self.settle()
        half = min((2000 / len(self.regions)) ** 0.5, 1) * SIDE
        start = self.canvas.viewport.to_screen(-50, -50)
        end = self.canvas.viewport.to_screen(half, half)

        def band() -> None:
            self.mouse(PRESS, *start, LEFT)
            self.move(*end, LEFT)
            self.mouse(RELEASE, *end, LEFT)
            self.frame()

        found = times(band, 5)
        self.selection.clear()
        return found

    def select_all(self) -> list[float]:
        def change() -> None:
            self.selection.clear()
            self.selection.set(self.document.regions)
            self.frame()

        found = times(change, 5)
        self.selection.clear()
        return found

    def delete_all(self) -> list[float]:
        found = []
        for _ in range(5):
            delta = edits.delete(self.document, sorted(self.regions))
            found.append(elapsed(lambda d=delta: perform(self.document, d), time.thread_time))
            self.document.stack.undo()
        return found

    def commit(self) -> list[float]:
        """One region changed: recorded, stored and patched on the screen."""
        region = self.document.regions[1]

        def change() -> None:
            perform(self.document, edits.change(self.document, [region], "Change"))

        return times(change)

    def move(self, x: float, y: float, held: Qt.MouseButton = NO_BUTTON) -> None:
        self.mouse(MOVE, x, y, held)

    def mouse(self, kind: QEvent.Type, x: float, y: float, held: Qt.MouseButton) -> None:
        button = NO_BUTTON if kind == MOVE else held
        at = QPointF(x, y)
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, at, at, button, held, NONE))

    def run(self, probability: np.ndarray) -> dict[str, Row]:
        found = {
            "first complete picture, by the clock": Row(self.first_picture(time.perf_counter), 300),
            "first complete picture, all threads": Row(self.first_picture(time.process_time), 300),
        }
        for name, scale in (("fit", None), ("400 %", 4.0)):
            self.look(scale)
            found[f"{name}: pan frame"] = Row(self.pan(), 8, 16, 16)
            self.look(scale)
            found[f"{name}: zoom frame"] = Row(self.zoom(), 8, 16, 16)
            self.look(scale)
            found[f"{name}: repaint"] = Row(self.frames(), 8, 16)
            found[f"{name}: hover and frame"] = Row(self.hover())
            found[f"{name}: crosshair and frame"] = Row(self.crosshair())
            found[f"{name}: repaint with doubtful borders"] = Row(self.halo(probability), 16, 24)
        self.look(None)
        found["fit: all tiles anew, by the clock"] = Row(self.tiles_from_nothing())
        found["fit: other colours, longest block"] = Row(self.recolour(), 50, 50)
        found["hover pick"] = Row(self.pick(), 1, 1)
        middle = self.document.regions[len(self.regions) // 2]
        found["vertex drag and frame"] = Row(self.drag_vertex(middle), 8, 8)
        found["vertex drag, 10,000 vertices"] = Row(self.drag_vertex_of_many(), 8, 8)
        found["brush of radius 200, and frame"] = Row(self.brush(), 16, 16)
        found["rubber band over 2,000"] = Row(self.rubber_band(), 50, 50)
        found["select all"] = Row(self.select_all(), 100)
        found["delete all"] = Row(self.delete_all(), 100)
        found["undo record of a change"] = Row(self.commit(), 2, 2)
        return found


def times(
    what: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.thread_time
) -> list[float]:
    """Milliseconds of each call, after one that does not count."""
    what()
    return [elapsed(what, clock) for _ in range(rounds)]


def elapsed(what: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    what()
    return 1000 * (clock() - start)


def measured(image: Image, probability: np.ndarray, count: int) -> dict[str, Row]:
    bench = Bench(image, count)
    try:
        return bench.run(probability)
    finally:
        bench.canvas.shutdown()
        bench.canvas.close()


def pictures() -> tuple[Image, np.ndarray]:
    """An image, and a map of the same size, (H, W) float32 of 0..1."""
    random = np.random.default_rng(0)
    small = random.integers(500, 900, (SIDE // 8, SIDE // 8, 1), np.uint16)
    image = Image(small.repeat(8, axis=0).repeat(8, axis=1), pixel_size_um=0.25)
    chances = random.random((SIDE // 8, SIDE // 8), np.float32)
    return image, chances.repeat(8, axis=0).repeat(8, axis=1)


def table(count: int, found: dict[str, Row], reference: dict[str, Row]) -> list[str]:
    """A line for each row, with a mark where the target is missed."""
    lines = [f"{count:,} regions{'median':>33}{'p95':>9}{'target':>9}{'x of 1,000':>13}"]
    for name, row in found.items():
        target, ratio = row.wanted(count), row.median / max(reference[name].median, 0.01)
        wanted = "" if target is None else f"{target:g}"
        lines.append(
            f"  {name:<38}{row.median:>8.2f}{row.p95:>9.2f}{wanted:>9}"
            f"{ratio:>13.1f}{'  missed' if row.is_missed(count) else ''}"
        )
    return lines


def main(counts: list[int]) -> None:
    application = QApplication(sys.argv[:1])
    image, probability = pictures()
    reference = measured(image, probability, REFERENCE)
    for count in counts:
        found = measured(image, probability, count)
        print("", *table(count, found, reference), sep="\n", flush=True)
    application.quit()


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [10_000, 50_000])
