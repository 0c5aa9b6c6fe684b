"""What a tool shows while it works."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

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
from app.canvas.tools.base import Sketch
from app.canvas.viewport import Bounds


def paint_sketch(painter: QPainter, frame: Frame, sketch: Sketch, style: CanvasStyle) -> None:
    """All but the regions, which are painted among the selected ones."""
    if len(sketch.line) > 1:
        path = QPainterPath()
        path.addPolygon(polygon(on_screen(np.array(sketch.line), frame.viewport)))
        stroke(painter, path, style)
    if sketch.bad:
        _paint_bad(painter, frame, sketch)
    if sketch.handles:
        points = on_screen(np.array(sketch.handles), frame.viewport)
        paint_handles(painter, points, style)
    if sketch.hot is not None:
        points = on_screen(np.array([sketch.hot]), frame.viewport)
        paint_handles(painter, points, style, HANDLE + 3, hot=True)
    if sketch.rubber is not None:
        _paint_rubber(painter, frame, sketch.rubber, style)


def sketch_bounds(sketch: Sketch) -> Bounds | None:
    """The part of the image that the sketch covers, line widths and handles apart."""
    points = [*sketch.line, *sketch.handles, *([sketch.hot] if sketch.hot else [])]
    parts = [(x, y, x, y) for x, y in points]
    parts += [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in sketch.bad]
    parts += [region.bounds for region in sketch.regions]
    parts += [sketch.rubber] if sketch.rubber else []
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


def _paint_rubber(painter: QPainter, frame: Frame, rubber: Bounds, style: CanvasStyle) -> None:
    corner = QPointF(*frame.viewport.to_screen(*rubber[:2]))
    other = QPointF(*frame.viewport.to_screen(*rubber[2:]))
    box = QRectF(corner, other)
    painter.fillRect(box, tinted(style, MARKED, 0.10))
    dashes = pen(tinted(style, MARKED), 1.25)
    dashes.setStyle(Qt.PenStyle.DashLine)
    for line in (pen(CASING, 2.5), dashes):
        painter.setPen(line)
        painter.drawRect(box)
