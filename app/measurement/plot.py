"""What the plots have in common: a frame with two axes, and a gate that is dragged open."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas.events import caught
from app.measurement.axis import Axis
from app.theme.palette import faded

LEFT, RIGHT, TOP, TICK = 56, 12, 8, 4  # px
BETWEEN_X, BETWEEN_Y = 64, 36  # px between ticks, at least
CLICK = 4  # px; a shorter drag is a click


class Gate(NamedTuple):
    """Values between which objects are selected."""

    x0: float
    x1: float
    y0: float
    y1: float


class Plot(QWidget):
    """gated: a Gate that the person dragged open, or None after a click."""

    gated = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._x, self._y = Axis(0, 1), Axis(0, 1)
        self._titles = ("", "")
        self._message = ""
        self._gate: Gate | None = None
        self._begun: QPointF | None = None
        self.setMinimumSize(220, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def sizeHint(self) -> QSize:
        return QSize(360, 260)

    @property
    def gate(self) -> Gate | None:
        return self._gate

    def forget_gate(self) -> None:
        """Something else selects now."""
        self._gate = None
        self.update()

    @property
    def frame(self) -> QRectF:
        """Where values are shown, px."""
        line = self.fontMetrics().height()
        bottom = 2 * line + TICK + 6
        width, height = self.width() - LEFT - RIGHT, self.height() - TOP - line - bottom
        return QRectF(LEFT, TOP + line, max(1, width), max(1, height))

    # For those that paint values

    def show_axes(self, x: Axis, y: Axis, titles: tuple[str, str], message: str) -> None:
        """titles: of x and y. message: instead of values, why there are none."""
        self._x, self._y, self._titles, self._message = x, y, titles, message
        self.setAccessibleDescription(message or f"{titles[1]} over {titles[0]}")
        self.update()

    def paint_values(self, painter: QPainter, frame: QRectF) -> None:
        """Inside the frame."""

    def gate_of(self, first: QPointF, last: QPointF) -> Gate:
        """Values between two places, px."""
        xs = sorted(self._x.value(self._across(point)) for point in (first, last))
        ys = sorted(self._y.value(self._up(point)) for point in (first, last))
        return Gate(xs[0], xs[1], ys[0], ys[1])

    def at(self, x: float, y: float) -> QPointF:
        """Where a pair of values is, px."""
        frame = self.frame
        across = (x - self._x.low) / (self._x.high - self._x.low)
        up = (y - self._y.low) / (self._y.high - self._y.low)
        return QPointF(frame.left() + across * frame.width(), frame.bottom() - up * frame.height())

    # The hand

    @caught
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._message:
            self._begun = event.position()

    @caught
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._begun is not None and self._is_drag(event.position()):
            self._gate = self.gate_of(self._begun, event.position())
            self.update()

    @caught
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        begun, self._begun = self._begun, None
        if begun is None or event.button() != Qt.MouseButton.LeftButton:
            return
        moved = (event.position() - begun).manhattanLength() >= CLICK
        self._choose(self.gate_of(begun, event.position()) if moved else None)

    @caught
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._gate or self._begun):
            self._begun = None
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def _is_drag(self, to: QPointF) -> bool:
        assert self._begun is not None
        return self._gate is not None or (to - self._begun).manhattanLength() >= CLICK

    def _choose(self, gate: Gate | None) -> None:
        self._gate = gate
        self.update()
        self.gated.emit(gate)

    def _across(self, point: QPointF) -> float:
        return min(max((point.x() - self.frame.left()) / self.frame.width(), 0.0), 1.0)

    def _up(self, point: QPointF) -> float:
        return min(max((self.frame.bottom() - point.y()) / self.frame.height(), 0.0), 1.0)

    # Painting

    @caught
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            frame = self.frame
            painter.fillRect(frame, self.palette().base())
            if self._message:
                painter.setPen(self._faint)
                centre = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(frame, centre, self._message)
            else:
                painter.save()
                painter.setClipRect(frame)
                self.paint_values(painter, frame)
                self._paint_gate(painter, frame)
                painter.restore()
                self._paint_axes(painter, frame)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().mid(), 1))
            painter.drawRect(frame)

    @property
    def _faint(self) -> QColor:
        palette = self.palette()
        return faded(palette.windowText().color(), palette.window().color())

    def _paint_gate(self, painter: QPainter, frame: QRectF) -> None:
        if self._gate is None:
            return
        accent = self.palette().highlight().color()
        painter.setPen(QPen(accent, 1))
        accent.setAlpha(40)
        painter.setBrush(accent)
        first = self.at(self._gate.x0, self._gate.y0)
        painter.drawRect(QRectF(first, self.at(self._gate.x1, self._gate.y1)).normalized())

    def _paint_axes(self, painter: QPainter, frame: QRectF) -> None:
        self._paint_x(painter, frame)
        self._paint_y(painter, frame)
        painter.setPen(self.palette().windowText().color())
        line = self.fontMetrics().height()
        bottom = QRectF(0, self.height() - line - 1, self.width(), line)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, self._titles[0])
        top = QRectF(4, TOP - 4, self.width() - 8, line)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, self._titles[1])

    def _paint_x(self, painter: QPainter, frame: QRectF) -> None:
        painter.setPen(self._faint)
        y = frame.bottom()
        for value, text in self._x.ticks(int(frame.width() / BETWEEN_X)):
            x = self.at(value, 0).x()
            painter.drawLine(QPointF(x, y), QPointF(x, y + TICK))
            box = QRectF(x - BETWEEN_X / 2, y + TICK, BETWEEN_X, self.fontMetrics().height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_y(self, painter: QPainter, frame: QRectF) -> None:
        height = self.fontMetrics().height()
        for value, text in self._y.ticks(int(frame.height() / BETWEEN_Y)):
            y = self.at(0, value).y()
            painter.drawLine(QPointF(frame.left() - TICK, y), QPointF(frame.left(), y))
            box = QRectF(0, y - height / 2, frame.left() - TICK - 2, height)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, side, text)
