"""The crosshair: two lines through the pointer, over the whole canvas."""

from PySide6.QtCore import QLineF, QPointF, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPen

DARK, LIGHT = QColor(0, 0, 0, 130), QColor(255, 255, 255, 220)
HOLE = 10.0  # px around the pointer that stay free, to see what is pointed at
HALF = 3  # px on each side of a line that are painted anew when it moves


def crosshair_strips(at: QPointF, size: QSize) -> tuple[QRect, QRect]:
    """What the two lines cover on a widget of this size."""
    x, y, width = round(at.x()), round(at.y()), 2 * HALF + 1
    return QRect(x - HALF, 0, width, size.height()), QRect(0, y - HALF, size.width(), width)


def paint_crosshair(painter: QPainter, at: QPointF, size: QSize) -> None:
    """Light lines with a dark rim, legible on every stain."""
    x, y = round(at.x()) + 0.5, round(at.y()) + 0.5
    lines = (
        QLineF(x, 0, x, y - HOLE),
        QLineF(x, y + HOLE, x, size.height()),
        QLineF(0, y, x - HOLE, y),
        QLineF(x + HOLE, y, size.width(), y),
    )
    for color, width in ((DARK, 3.0), (LIGHT, 1.0)):
        painter.setPen(QPen(color, width))
        painter.drawLines(lines)
