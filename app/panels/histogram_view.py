"""The histogram of a channel, with the two handles of its window."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas.display import Look
from app.canvas.events import caught
from app.canvas.luts import LEVELS, colours
from app.panels.histogram import Histogram
from core.image.scale import Window

HEIGHT, RAMP, GRIP = 92, 10, 5  # px; the ramp of colours is at the bottom, grips below it
SIDE = GRIP + 2  # px left and right, so that grips at the ends are whole
BLACK, WHITE = 0, 1  # the handles
STEPS = 200  # of a key, over the whole width
FAR = 10  # steps of Page Up and Page Down
CURVE = np.linspace(0, 1, 33)
KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageDown: -FAR,
    Qt.Key.Key_PageUp: FAR,
}


class HistogramView(QWidget):
    """moved: a new window, by the person. Counts are logarithmic."""

    moved = Signal(Window)

    def __init__(self) -> None:
        super().__init__()
        self._histogram: Histogram | None = None
        self._look = Look(Window(0, 1))
        self._handle = BLACK
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Histogram"))
        self.setToolTip(
            self.tr(
                "How often each value occurs (logarithmic).\n"
                "Drag the black and the white handle to what shall be black and white.\n"
                "Keys: Left and Right move a handle, Up and Down change to the other."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def show_histogram(self, histogram: Histogram | None) -> None:
        """Other values; None for no image."""
        self._histogram = histogram
        self.update()

    def show_look(self, look: Look) -> None:
        """Show how the values are displayed, without telling anyone."""
        self._look = look
        window = self.tr("Black at {:g}, white at {:g}")
        self.setAccessibleDescription(window.format(look.window.low, look.window.high))
        self.update()

    # The hand

    @caught
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._histogram:
            self._handle = self._nearest(event.position().x())
            self._drag(event.position().x())

    @caught
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(x)
        elif self._histogram:
            is_near = abs(x - self._places()[self._nearest(x)]) <= 2 * GRIP
            self.setCursor(Qt.CursorShape.SizeHorCursor if is_near else Qt.CursorShape.ArrowCursor)

    @caught
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._handle = WHITE if self._handle == BLACK else BLACK
            self.update()
        elif key in KEYS and self._histogram:
            self._step(self._histogram, KEYS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def _drag(self, x: float) -> None:
        if self._histogram:
            self._move_to(self._histogram.value((x - SIDE) / self._width))

    def _step(self, histogram: Histogram, steps: int) -> None:
        step = histogram.span / STEPS
        step = max(1.0, float(round(step))) if histogram.whole else step
        value = self._ends[self._handle] + steps * step
        self._move_to(min(max(value, histogram.bounds.low), histogram.bounds.high))

    def _move_to(self, value: float) -> None:
        """Put the handle there; it stops at the other one."""
        low, high = self._ends
        if self._handle == BLACK:
            low = min(value, high)
        else:
            high = max(value, low)
        self.moved.emit(Window(low, high))

    def _nearest(self, x: float) -> int:
        black, white = self._places()
        if black == white:
            return BLACK if x < black else WHITE
        return BLACK if abs(x - black) < abs(x - white) else WHITE

    # Where things are

    @property
    def _ends(self) -> tuple[float, float]:
        return self._look.window.low, self._look.window.high

    @property
    def _width(self) -> float:
        return float(max(1, self.width() - 2 * SIDE))

    @property
    def _floor(self) -> float:
        """Lower end of the bars, px."""
        return float(HEIGHT - RAMP - GRIP)

    def _places(self) -> list[float]:
        """Where the handles are, px."""
        assert self._histogram
        return [SIDE + self._width * self._histogram.place(end) for end in self._ends]

    # Painting

    @caught
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(SIDE, 0, self._width, self._floor)
            painter.setBrush(self.palette().base())
            painter.setPen(QPen(self.palette().mid(), 1))
            painter.drawRect(area)
            if self._histogram:
                self._paint_bars(painter, self._histogram)
                self._paint_ramp(painter)
                self._paint_curve(painter)
                for handle in (BLACK, WHITE):
                    self._paint_handle(painter, handle)

    def _paint_bars(self, painter: QPainter, histogram: Histogram) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_faint(self.palette().text().color(), 150))
        painter.drawPolygon(QPolygonF(list(self._outline(histogram))))

    def _outline(self, histogram: Histogram) -> Iterator[QPointF]:
        """The steps of all bars together."""
        counts = np.log1p(histogram.counts)
        heights = counts / max(1.0, float(counts.max())) * (self._floor - 4)
        edges = SIDE + self._width * np.linspace(0, 1, len(counts) + 1)
        yield QPointF(edges[0], self._floor)
        for left, right, height in zip(edges[:-1], edges[1:], heights, strict=True):
            yield QPointF(left, self._floor - height)
            yield QPointF(right, self._floor - height)
        yield QPointF(edges[-1], self._floor)

    def _paint_ramp(self, painter: QPainter) -> None:
        """The colours that values get, below them."""
        black, white = self._places()
        ramp = QLinearGradient(black, 0, max(white, black + 0.01), 0)
        table = colours(self._look.lut)
        for place in CURVE.tolist():
            ramp.setColorAt(place, QColor(*table[self._shown(place)].tolist()))
        painter.fillRect(QRectF(SIDE, self._floor, self._width, RAMP), ramp)

    def _paint_curve(self, painter: QPainter) -> None:
        """Brightness over the value."""
        black, white = self._places()
        heights = self._floor * (1 - CURVE**self._look.gamma)
        places = black + (white - black) * CURVE
        points = [QPointF(x, y) for x, y in zip(places, heights, strict=True)]
        points = [QPointF(SIDE, self._floor), *points, QPointF(SIDE + self._width, 0)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_faint(self.palette().highlight().color(), 220), 1.2))
        painter.drawPolyline(QPolygonF(points))

    def _paint_handle(self, painter: QPainter, handle: int) -> None:
        x, text = self._places()[handle], self.palette().text().color()
        is_active = self.hasFocus() and handle == self._handle
        rim = self.palette().highlight().color() if is_active else text
        painter.setPen(QPen(rim, 1))
        painter.drawLine(QPointF(x, 0), QPointF(x, self._floor + RAMP))
        painter.setPen(QPen(rim, 2 if is_active else 1))
        painter.setBrush(QColor("black" if handle == BLACK else "white"))
        top, bottom = self._floor + RAMP - GRIP, HEIGHT - 1.0
        corners = ((x, top), (x + GRIP, bottom), (x - GRIP, bottom))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def _shown(self, place: float) -> int:
        """The brightness, up to LEVELS - 1, at a place between the handles."""
        return round(float(place**self._look.gamma) * (LEVELS - 1))


def _faint(colour: QColor, alpha: int) -> QColor:
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)
