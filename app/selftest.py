"""The main job, done by the program itself in the real window: each step is checked."""

import shutil
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QPointF, Qt, QTimerEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import Program, build, start_application
from app.controllers.export import ExportController
from app.document.document import Document
from app.settings.store import Settings
from core.annotation.geometry import to_shapely
from core.annotation.region import Region
from core.export.record import ExportReport
from core.export.request import ExportRequest
from core.formats import codec_named
from core.image.read import read_image
from core.project.codec import content_hash
from resources import find

SAMPLE = "samples/nuclei_small_field.png"
PATIENCE = 180.0
"""Seconds that a step may take; the first one loads torch."""

CONVEX = 0.97
"""Solidity above which an object has no notch to speak of."""


class StepError(Exception):
    """A step did not do what it should; the text says what was seen."""


def expect(holds: object, otherwise: str) -> None:
    """Raise StepError unless `holds`."""
    if not holds:
        raise StepError(otherwise)


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Let the window live until `holds`; raises StepError after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not holds():
        expect(time.monotonic() < end, f"no {what} within {PATIENCE:.0f} s")
        QTest.qWait(10)


def solidity(region: Region) -> float:
    """0..1: the area beside that of the convex hull."""
    shape = to_shapely(region.rings)
    return float(shape.area / shape.convex_hull.area)


def fingerprint(document: Document) -> str:
    """Changes with any region of the document."""
    return content_hash(document.regions.values())


class Pulse(QObject):
    """Notes the longest time for which the window did not react."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0
        self._clock = QElapsedTimer()
        self._clock.start()
        self.startTimer(5)

    def timerEvent(self, event: QTimerEvent) -> None:
        self.longest = max(self.longest, self._clock.restart())


@dataclass
class Walk:
    """The steps in order; each returns what it saw, for its line."""

    program: Program
    folder: Path
    sample: Path
    project: Path | None = None
    before: str = ""
    after: str = ""

    @property
    def document(self) -> Document:
        document = self.program.session.document
        expect(document, "no image is shown")
        assert document is not None
        return document

    def open_window(self) -> str:
        self.program.window.resize(1280, 800)
        self.program.window.show()
        wait_until(self.program.window.isVisible, "window")
        self.program.show_networks()
        size = self.program.window.size()
        return f"{size.width()} x {size.height()}"

    def open_image(self) -> str:
        self.program.session.open_paths([self.sample])
        wait_until(lambda: self.program.session.document, "image on the screen")
        self.project = self.program.session.project_path
        return f"{self.sample.name}, {self.document.width} x {self.document.height}"

    def segment(self) -> str:
        problems: list[str] = []
        controller, pulse = self.program.controller, Pulse()
        controller.failed.connect(lambda _, problem: problems.append(problem))
        self.program.parts.desk.segment.segment()
        expect(controller.busy, "the run did not start")
        wait_until(lambda: problems or not controller.busy, "result")
        expect(not problems, " ".join(problems))
        expect(self.document.regions, "no object was found")
        return f"{len(self.document.regions)} objects, window still for at most {pulse.longest} ms"

    def move_vertex(self) -> str:
        canvas, document = self.program.parts.canvas, self.document
        # A convex one: its outline does not cross itself wherever inside the vertex goes.
        region = max(document.regions.values(), key=lambda r: (solidity(r) > CONVEX, r.area))
        self.before = fingerprint(document)
        self.program.session.selection.set([region.id])
        canvas.set_tool("vertices")
        canvas.show_region(region.id)
        canvas.set_zoom(max(canvas.zoom, 4.0))
        x, y = region.shell[0]
        inward = region.shell.mean(axis=0) - (x, y)
        start = self._on_screen(x, y)
        end = self._on_screen(*((x, y) + inward * 0.3))
        QTest.mouseMove(canvas, start)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas, (start + end) / 2)
        QTest.mouseMove(canvas, end)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
        self.after = fingerprint(document)
        expect(self.after != self.before, "the outline is as before")
        moved = document.regions[region.id]
        expect(moved.edited and len(moved.shell) == len(region.shell), "not one vertex was moved")
        return f"object {region.id}, area {region.area:.1f} -> {moved.area:.1f} px²"

    def _on_screen(self, x: float, y: float) -> QPoint:
        return QPointF(*self.program.parts.canvas.viewport.to_screen(x, y)).toPoint()

    def undo(self) -> str:
        self.document.stack.undo()
        expect(fingerprint(self.document) == self.before, "the objects differ from before the move")
        return "as before the move"

    def redo(self) -> str:
        self.document.stack.redo()
        expect(fingerprint(self.document) == self.after, "the objects differ from after the move")
        return "as after the move"

    def export(self) -> str:
        exporter = ExportController(self.program.session, self.program.runner)
        reports: list[ExportReport] = []
        problems: list[str] = []
        exporter.exported.connect(reports.append)
        exporter.failed.connect(problems.append)
        formats = ("json", "label-tiff", "mask-png")
        exporter.export(ExportRequest(self.folder, formats, overwrite=True))
        wait_until(lambda: reports or problems, "export")
        expect(not problems and reports[0].is_good, f"{problems} {reports}")
        for path in reports[0].paths():
            self._check_file(path)
        return ", ".join(record.name for record in reports[0].files)

    def _check_file(self, path: Path) -> None:
        """Read the file back: as many objects as the document has, or the size of the image."""
        count = len(self.document.regions)
        if path.suffix == ".json":
            found = len(codec_named("json").read(path).annotations.regions)
            expect(found == count, f"{path.name} holds {found} of {count} objects")
            return
        pixels = np.asarray(read_image(path).pixels)
        size = (self.document.height, self.document.width)
        expect(pixels.shape[:2] == size, f"{path.name} is {pixels.shape}")
        if pixels.dtype == np.uint16:
            found = len(np.unique(pixels)) - 1
            expect(found == count, f"{path.name} shows {found} of {count} objects")

    def picture(self) -> str:
        canvas = self.program.parts.canvas
        canvas.fit()
        wait_until(lambda: canvas.is_settled, "finished picture")
        path = self.folder / "window.png"
        expect(self.program.window.grab().save(str(path)), f"cannot write {path}")
        return str(path)

    def reopen(self) -> str:
        session = self.program.session
        expect(session.flush(), "the project could not be saved")
        expect(session.close(), "the project could not be closed")
        assert self.project is not None
        session.open_project(self.project)
        wait_until(lambda: session.document, "image after reopening")
        expect(fingerprint(self.document) == self.after, "the objects differ after reopening")
        expect(self.document.stack.canUndo(), "the undo history is gone")
        return f"{self.project.name}, {len(self.document.regions)} objects, undo history kept"

    def steps(self) -> dict[str, Callable[[], str]]:
        """What is done, in order, by the words of its line."""
        return {
            "open the window": self.open_window,
            "open a sample": self.open_image,
            "segment it": self.segment,
            "move one vertex": self.move_vertex,
            "undo": self.undo,
            "redo": self.redo,
            "export and read back": self.export,
            "take a picture": self.picture,
            "reopen the project": self.reopen,
        }


def walk_through(folder: Path) -> int:
    """Take every step, print a line for each; 1 at the first that fails, else 0.

    The project and the settings of this walk live in a folder of their own that is removed.
    """
    with tempfile.TemporaryDirectory(prefix="cellscribe-") as name:
        home = Path(name)
        sample = Path(shutil.copy(find(SAMPLE), home))
        settings = Settings(home)
        app = QApplication.instance() or start_application(settings)
        program = build(settings)
        try:
            return _take(Walk(program, folder, sample).steps())
        finally:
            program.window.close()
            app.processEvents()


def _take(steps: dict[str, Callable[[], str]]) -> int:
    for words, step in steps.items():
        start = time.monotonic()
        try:
            seen = step()
        except Exception as problem:  # whatever goes wrong is this step's failure
            if not isinstance(problem, StepError):
                traceback.print_exc()
            print(f"FAILED  {words}: {problem}", flush=True)
            return 1
        print(f"ok  {words}: {seen} ({time.monotonic() - start:.1f} s)", flush=True)
    return 0
