"""What the canvas costs with many regions: `python -m tests.benchmarks.bench_canvas [COUNT ...]`.

Prints medians in milliseconds of processor time of the whole process (Qt smooths pictures in
threads of its own), each beside its ratio to the same with 1,000 regions. Offscreen, 1600 x 1000
px, on an image of 10,000 x 10,000 pixels of 16 bits; regions have 32 to 48 vertices and 7 classes.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.view import Canvas
from app.commands import edits
from app.commands.change_regions import perform
from app.document.classes import ClassTable
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.classes import PALETTE, LabelClass
from core.annotation.region import Region, ring
from core.image.model import Image

SIDE, ROUNDS, REFERENCE = 10_000, 15, 1_000
NONE = Qt.KeyboardModifier.NoModifier


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
    return Region(number + 1, ring(points), class_id=number % 7)


class Bench:
    """A canvas with a number of regions, and what is done to it."""

    def __init__(self, image: Image, count: int) -> None:
        self.regions = stars(count)
        table = ClassTable([LabelClass(i, str(i), PALETTE[i]) for i in range(7)])
        self.document = Document(1, SIDE, SIDE, self.regions, table)
        self.selection = Selection()
        self.canvas = Canvas(self.selection)
        self.canvas.resize(1600, 1000)
        self.canvas.set_image(image)
        self.canvas.show()
        self.close_up = (100 * SIDE**2 / count / 1.6) ** 0.5  # image px; shows 100 regions

    def settle(self) -> None:
        self.canvas.repaint()
        while not self.canvas.is_settled:
            QTest.qWait(2)
        self.canvas.repaint()

    def frames(self) -> list[float]:
        return times(self.canvas.repaint)

    def pan(self) -> list[float]:
        def step() -> None:
            self.canvas.look(self.canvas.viewport.panned(20, 0))
            self.canvas.repaint()

        return times(step)

    def tiles_from_nothing(self) -> list[float]:
        """Everything visible painted anew, in the worker and at once."""

        def again() -> None:
            self.canvas.set_fill_opacity(0.0 if self.canvas._scene.style.fill_opacity else 0.2)
            self.settle()

        return times(again, rounds=3)

    def hover(self) -> list[float]:
        """The mouse moves on to another region, and the picture follows."""
        random = np.random.default_rng(1)

        def step() -> None:
            self.move(random.uniform(0, 1600), random.uniform(0, 1000))
            QTest.qWait(0)

        return times(step)

    def drag_vertex(self) -> list[float]:
        region = self.document.regions[len(self.regions) // 2]
        self.selection.set([region.id])
        self.canvas.set_tool("vertices")
        self.canvas.show_region(region.id)
        self.settle()
        x, y = self.canvas.viewport.to_screen(*region.shell[0])
        self.mouse(QEvent.Type.MouseButtonPress, x, y, Qt.MouseButton.LeftButton)
        goal = iter(range(1, 1000))

        def step() -> None:
            self.move(x + next(goal), y, Qt.MouseButton.LeftButton)
            self.canvas.repaint(int(x) - 60, int(y) - 60, 120, 120)

        found = times(step)
        self.canvas.cancel_gesture()
        self.canvas.set_tool("select")
        self.selection.clear()
        return found

    def commit(self) -> list[float]:
        """One region changed and the change shown."""
        region = self.document.regions[1]

        def change() -> None:
            perform(self.document, edits.change(self.document, [region], "Change"))

        return times(change)

    def delete_all(self) -> list[float]:
        def both() -> None:
            perform(self.document, edits.delete(self.document, sorted(self.regions)))
            self.document.stack.undo()

        return times(both, rounds=3)

    def load(self) -> list[float]:
        return times(lambda: self.canvas.set_document(self.document), rounds=3)

    def rubber_band(self) -> list[float]:
        store = self.canvas._scene.store
        half = (2000 / len(self.regions)) ** 0.5 * SIDE
        return times(lambda: store.regions_within((0, 0, half, half)))

    def move(self, x: float, y: float, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        self.mouse(QEvent.Type.MouseMove, x, y, held)

    def mouse(self, kind: QEvent.Type, x: float, y: float, held: Qt.MouseButton) -> None:
        is_move = kind == QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if is_move else held
        at = QPointF(x, y)
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, at, at, button, held, NONE))

    def run(self) -> dict[str, float]:
        """Median milliseconds of everything."""
        found = {"set_document": self.load()}
        self.canvas.fit()
        self.settle()
        found |= {"fit: frame": self.frames(), "fit: hover and frame": self.hover()}
        found["fit: all tiles from nothing"] = self.tiles_from_nothing()
        self.canvas.set_zoom(1000 / self.close_up)
        self.settle()
        found |= {"100 shown: frame": self.frames(), "100 shown: pan": self.pan()}
        found |= {"vertex drag and frame": self.drag_vertex(), "commit of a region": self.commit()}
        found |= {"delete all and undo": self.delete_all(), "rubber band": self.rubber_band()}
        return {name: statistics.median(values) for name, values in found.items()}


def times(what: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of processor time of each call, after one that does not count."""
    what()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        what()
        found.append(1000 * (time.process_time() - start))
    return found


def measured(image: Image, count: int) -> dict[str, float]:
    bench = Bench(image, count)
    try:
        return bench.run()
    finally:
        bench.canvas.shutdown()
        bench.canvas.close()


def main(counts: list[int]) -> None:
    application = QApplication(sys.argv[:1])
    small = np.random.default_rng(0).integers(500, 900, (SIDE // 8, SIDE // 8, 1), np.uint16)
    image = Image(small.repeat(8, axis=0).repeat(8, axis=1))
    reference = measured(image, REFERENCE)
    for count in counts:
        found = measured(image, count)
        print(f"\n{count:,} regions{'ms':>25}{'x of 1,000':>14}")
        for name, value in found.items():
            print(f"  {name:<32}{value:>7.2f}{value / max(reference[name], 0.01):>13.1f}")
    application.quit()


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [10_000, 50_000])
