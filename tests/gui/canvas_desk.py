"""A canvas on a document, with a hand that moves the real mouse and keyboard of Qt."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.view import Canvas
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.region import Region
from core.image.model import Image
from tests.app.canvas.samples import document, noise

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)


class CanvasDesk:
    """Canvas, document and selection put together; positions are in image coordinates."""

    def __init__(
        self,
        qtbot: QtBot,
        regions: Iterable[Region] = (),
        image: Image | None = None,
        size: tuple[int, int] = (400, 300),
    ) -> None:
        self.qtbot = qtbot
        self.image = image or noise(100, 100)
        self.selection = Selection()
        self.canvas = Canvas(self.selection)
        qtbot.addWidget(self.canvas, before_close_func=lambda canvas: canvas.shutdown())
        self.canvas.resize(*size)
        self.document: Document = document(
            {r.id: r for r in regions}, self.image.width, self.image.height
        )
        self.canvas.set_image(self.image)
        self.canvas.set_document(self.document)
        self.said: list[str] = []
        self.canvas.said.connect(self.said.append)
        self.canvas.show()
        qtbot.waitExposed(self.canvas)
        self.canvas.setFocus()

    @property
    def regions(self) -> dict[int, Region]:
        return dict(self.document.regions)

    def screen(self, x: float, y: float) -> QPoint:
        return QPointF(*self.canvas.viewport.to_screen(x, y)).toPoint()

    def move(self, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        """QTest's own mouseMove forgets the held button."""
        at = QPointF(self.screen(x, y))
        there = QPointF(self.canvas.mapToGlobal(at.toPoint()))
        kind = QEvent.Type.MouseMove
        event = QMouseEvent(kind, at, there, Qt.MouseButton.NoButton, button, NONE)
        QApplication.sendEvent(self.canvas, event)

    def press(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.canvas, button, NONE, self.screen(x, y))

    def release(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseRelease(self.canvas, button, NONE, self.screen(x, y))

    def click(
        self,
        x: float,
        y: float,
        button: Qt.MouseButton = LEFT,
        held: Qt.KeyboardModifier = NONE,
    ) -> None:
        self.move(x, y)
        QTest.mouseClick(self.canvas, button, held, self.screen(x, y))

    def double_click(self, x: float, y: float) -> None:
        self.click(x, y)
        QTest.mouseDClick(self.canvas, LEFT, NONE, self.screen(x, y))

    def drag(self, *points: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        self.move(*points[0])
        self.press(*points[0], button)
        for point in points[1:]:
            self.move(*point, button)
        self.release(*points[-1], button)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.canvas, key)

    def wheel(self, x: float, y: float, notches: float) -> None:
        at = QPointF(self.screen(x, y))
        there = QPointF(self.canvas.mapToGlobal(at.toPoint()))
        turn = QPoint(0, round(120 * notches))
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, there, QPoint(), turn, Qt.MouseButton.NoButton, NONE, phase, False)
        QApplication.sendEvent(self.canvas, event)

    def settle(self) -> None:
        """Wait until everything is painted as it should be."""
        self.canvas.grab()
        self.qtbot.waitUntil(lambda: self.canvas.is_settled)

    def picture(self) -> np.ndarray:
        """uint8 (h, w, 3) of the whole widget painted anew."""
        self.settle()
        return pixels(self.canvas.grab())

    def on_screen(self) -> np.ndarray:
        """uint8 (h, w, 3) of what the screen shows: the parts that were painted, when they were."""
        QTest.qWait(25)  # Qt delivers updates a few milliseconds later
        return pixels(self.canvas.screen().grabWindow(self.canvas.winId()))


def pixels(pixmap: QPixmap) -> np.ndarray:
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
