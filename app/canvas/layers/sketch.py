"""What a tool shows while it works."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath

from app.canvas.layers.frame import Frame
from app.canvas.layers.live import (
    CASING,
    HANDLE,
    RED,
    paint_handles,
    pen,
    stroke,
    tinted,
)
from app.canvas.layers.paths import on_screen, polygon
from app.canvas.style import MARKED, CanvasStyle
from app.canvas.tiles import joined
from app.canvas.tools.base import Point, Sketch
from app.canvas.viewport import Bounds

NOTE_SHIFT = QPointF(14, 14)  # px from the point that a note is about
NOTE_PLATE = QColor(20, 20, 20, 215)


def paint_sketch(painter: QPainter, frame: Frame, sketch: Sketch, style: CanvasStyle) -> None:
    """All but the regions, which are painted among the selected ones."""
    if len(sketch.line) > 1:
        stroke(painter, _path(sketch.line, frame), style)
    if len(sketch.dashed) > 1:
        _paint_dashed(painter, _path(sketch.dashed, frame), style)
    if sketch.circle is not None:
        x, y, radius = sketch.circle
        circle = QPainterPath()
        radius *= frame.viewport.scale
        circle.addEllipse(QPointF(*frame.viewport.to_screen(x, y)), radius, radius)
        stroke(painter, circle, style)
    if sketch.bad:
        _paint_bad(painter, frame, sketch)
    if sketch.handles:
        points = on_screen(np.array(sketch.handles), frame.viewport)
        paint_handles(painter, points, style)
    if sketch.marked:
        points = on_screen(np.array(sketch.marked), frame.viewport)
        paint_handles(painter, points, style, HANDLE + 1, hot=True)
    if sketch.hot is not None:
        points = on_screen(np.array([sketch.hot]), frame.viewport)
        paint_handles(painter, points, style, HANDLE + 3, hot=True)
    if sketch.rubber is not None:
        _paint_rubber(painter, frame, sketch.rubber, style)
    if sketch.note is not None:
        _paint_note(painter, frame, *sketch.note)


def sketch_bounds(sketch: Sketch) -> Bounds | None:
    """The part of the image that the sketch covers, line widths, handles and note apart."""
    points = [*sketch.line, *sketch.dashed, *sketch.handles, *sketch.marked]
    points += [sketch.hot] if sketch.hot else []
    parts = [(x, y, x, y) for x, y in points]
    parts += [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in sketch.bad]
    parts += [region.bounds for region in sketch.regions]
    parts += [sketch.rubber] if sketch.rubber else []
    if sketch.circle is not None:
        x, y, radius = sketch.circle
        parts.append((x - radius, y - radius, x + radius, y + radius))
    return joined(*parts) if parts else None


def _paint_bad(painter: QPainter, frame: Frame, sketch: Sketch) -> None:
    to_screen = frame.viewport.to_screen
    lines = [
        QLineF(QPointF(*to_screen(x0, y0)), QPointF(*to_screen(x1, y1)))
        for x0, y0, x1, y1 in sketch.bad
    ]
    for color, width in ((CASING, 5.5), (RED, 3.0)):
        painter.setPen(pen(color, width))
        painter.drawLines(lines)


def _path(points: Sequence[Point], frame: Frame) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(polygon(on_screen(np.array(points), frame.viewport)))
    return path


def _paint_dashed(painter: QPainter, path: QPainterPath, style: CanvasStyle) -> None:
    """A thin line of dashes in the accent colour, with a dark rim."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dashes = pen(tinted(style, MARKED), 1.25)
    dashes.setStyle(Qt.PenStyle.DashLine)
    for line in (pen(CASING, 2.5), dashes):
        painter.strokePath(path, line)


def _paint_rubber(painter: QPainter, frame: Frame, rubber: Bounds, style: CanvasStyle) -> None:
    corner = QPointF(*frame.viewport.to_screen(*rubber[:2]))
    other = QPointF(*frame.viewport.to_screen(*rubber[2:]))
    path = QPainterPath()
    path.addRect(QRectF(corner, other))
    painter.fillPath(path, tinted(style, MARKED, 0.10))
    _paint_dashed(painter, path, style)


def _paint_note(painter: QPainter, frame: Frame, x: float, y: float, text: str) -> None:
    """White letters on a dark plate beside the point, inside the widget."""
    font = QFont(painter.font())
    font.setPixelSize(12)
    painter.setFont(font)
    plate = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-7, -4, 7, 4)
    plate.moveTopLeft(QPointF(*frame.viewport.to_screen(x, y)) + NOTE_SHIFT)
    plate.moveRight(min(plate.right(), frame.viewport.width - 4))
    plate.moveBottom(min(plate.bottom(), frame.viewport.height - 4))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(NOTE_PLATE)
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
