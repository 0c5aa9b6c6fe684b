"""The real window on an image with regions, worked with by mouse and keys alone."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import Program
from app.canvas.tools.base import Point, Sketch
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from core.annotation.region import Region
from core.project.codec import content_hash
from tests.app.canvas.samples import square
from tests.app.samples import Pictures

WIDTH, HEIGHT = 200, 150
DISCS = ((50, 112, 18), (130, 112, 18))  # x, y, radius of what is bright in the image
PLAIN, HOLED, LOCKED = 1, 2, 3
REGIONS = (
    square(PLAIN, 20, 20, 40),
    square(HOLED, 80, 20, 40, hole=True),
    square(LOCKED, 140, 20, 40, locked=True),
)
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


class WindowDesk:
    """Positions are in image coordinates, as exact as a pixel of the screen."""

    def __init__(self, qtbot: QtBot, program: Program, folder: Path) -> None:
        self.qtbot, self.program = qtbot, program
        self.window, self.canvas = program.window, program.parts.canvas
        self.selection = program.session.selection
        self.window.resize(1280, 800)
        self.window.show()
        qtbot.waitExposed(self.window)
        program.parts.desk.files.open([Pictures(folder).picture("discs.png", _pixels())])
        qtbot.waitUntil(lambda: program.session.document is not None)
        program.parts.classes.add("Mitotic")  # it is the active one from now on
        perform(self.document, edits.add(self.document, REGIONS, "Draw"))
        self._begun = self.document.stack.count()
        self.selection.clear()
        self.window.activateWindow()
        self.canvas.setFocus()
        qtbot.waitUntil(self.canvas.hasFocus)
        qtbot.waitUntil(lambda: self.action("undo").isEnabled())

    # What there is

    @property
    def document(self) -> Document:
        document = self.program.session.document
        assert document is not None
        return document

    @property
    def steps(self) -> int:
        """How many were made by the hand."""
        return self.document.stack.count() - self._begun

    @property
    def hash(self) -> str:
        return content_hash(self.document.regions.values())

    @property
    def sketch(self) -> Sketch:
        """What the tool shows."""
        return self.canvas._scene._sketch

    def region(self, region_id: int) -> Region:
        return self.document.regions[region_id]

    def newest(self) -> Region:
        return self.document.regions[max(self.document.regions)]

    def action(self, name: str) -> QAction:
        return self.window.actions_by_name[name]

    # The hand

    def screen(self, x: float, y: float) -> QPoint:
        return QPointF(*self.canvas.viewport.to_screen(x, y)).toPoint()

    def point(
        self, at: QPoint, button: Qt.MouseButton = NO_BUTTON, held: Qt.KeyboardModifier = NONE
    ) -> None:
        """Move the mouse there; that of QTest forgets which button is held."""
        there = QPointF(self.canvas.mapToGlobal(at))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), there, NO_BUTTON, button, held)
        QApplication.sendEvent(self.canvas, event)

    def begin(self, *points: Point, held: Qt.KeyboardModifier = NONE) -> None:
        """Press at the first point and go along the others."""
        first, *others = (self.screen(*point) for point in points)
        self.point(first, held=held)
        QTest.mousePress(self.canvas, LEFT, held, first)
        for at in others:
            self.point(at, LEFT, held)

    def drag(self, *points: Point, held: Qt.KeyboardModifier = NONE) -> None:
        self.begin(*points, held=held)
        QTest.mouseRelease(self.canvas, LEFT, held, self.screen(*points[-1]))

    def click(self, *points: Point, held: Qt.KeyboardModifier = NONE) -> None:
        for point in points:
            self.point(self.screen(*point), held=held)
            QTest.mouseClick(self.canvas, LEFT, held, self.screen(*point))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """For whatever has the focus of the keyboard, as a person would."""
        QTest.keyClick(QApplication.focusWidget() or self.canvas, key, held)

    def take(self, tool_key: str) -> None:
        """Take a tool by its key."""
        self.key(Qt.Key(ord(tool_key)))

    def label(self, action: str, text: str) -> None:
        """Wait until an action of the Edit menu reads like this."""
        self.qtbot.waitUntil(lambda: self.action(action).text() == text)


def circle(x: float, y: float, radius: float, steps: int = 24) -> Sequence[Point]:
    """Points around a place, the first one again at the end."""
    angles = np.linspace(0, 2 * np.pi, steps + 1)
    return [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles.tolist()]


def _pixels() -> np.ndarray:
    pixels = np.full((HEIGHT, WIDTH), 20, np.uint8)
    for x, y, radius in DISCS:
        cv2.circle(pixels, (x, y), radius, 200, -1)
    return pixels
