"""The minimap: the whole image, small, with the part that is seen."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.canvas.layers.plate import GAP, GROUND, MARGIN
from app.canvas.viewport import Viewport

LARGEST, SMALLEST = 180.0, 48.0  # screen px of its longer side; with less room there is none
SHARE = 0.3  # of the shorter side of the widget
NARROWEST = 6.0  # px of its shorter side
MARK = 5.0  # px of the rectangle of the view, at least
RIM = 3.0  # px around it
FRAME = QColor(255, 255, 255, 140)


def minimap_rect(viewport: Viewport, taken: QRectF) -> QRectF | None:
    """Its place: the lower right corner, above what is taken. None while the whole image is seen,
    or where there is no room."""
    x0, y0, x1, y1 = viewport.visible
    width, height = viewport.image_width, viewport.image_height
    longer = min(LARGEST, SHARE * min(viewport.width, viewport.height))
    if (x0 <= 0 and y0 <= 0 and x1 >= width and y1 >= height) or longer < SMALLEST:
        return None
    scale = longer / max(width, height)
    rect = QRectF(0, 0, max(width * scale, NARROWEST), max(height * scale, NARROWEST))
    rect.moveBottomRight(QPointF(viewport.width - MARGIN, viewport.height - MARGIN))
    if rect.intersects(taken.adjusted(-GAP, -GAP, GAP, GAP)):
        rect.moveBottom(taken.top() - GAP)
    return rect if rect.top() >= MARGIN else None


def looking_at(viewport: Viewport, rect: QRectF, position: QPointF) -> Viewport:
    """The view with its centre where the minimap was pointed at, at the same scale."""
    x = (position.x() - rect.left()) / rect.width() * viewport.image_width
    y = (position.y() - rect.top()) / rect.height() * viewport.image_height
    return viewport.panned((viewport.x - x) * viewport.scale, (viewport.y - y) * viewport.scale)


def seen_rect(viewport: Viewport, rect: QRectF) -> QRectF:
    """The part of the minimap that the view shows, never too small to be found."""
    x0, y0, x1, y1 = viewport.visible
    along = rect.width() / viewport.image_width
    down = rect.height() / viewport.image_height
    seen = QRectF(
        QPointF(rect.left() + x0 * along, rect.top() + y0 * down),
        QPointF(rect.left() + x1 * along, rect.top() + y1 * down),
    )
    wider, higher = max(MARK - seen.width(), 0) / 2, max(MARK - seen.height(), 0) / 2
    return seen.adjusted(-wider, -higher, wider, higher) & rect.adjusted(-1, -1, 1, 1)


def with_rim(rect: QRectF) -> QRectF:
    """All that is painted of the minimap."""
    return rect.adjusted(-RIM, -RIM, RIM, RIM)


def paint_minimap(
    painter: QPainter, viewport: Viewport, rect: QRectF, thumbnail: QImage, accent: QColor
) -> None:
    """The image in a frame, and a frame around what is seen."""
    painter.fillRect(with_rim(rect), GROUND)
    painter.drawImage(rect, thumbnail)
    seen = seen_rect(viewport, rect)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for frame, color, width in ((rect, FRAME, 1.0), (seen, GROUND, 4.0), (seen, accent, 2.0)):
        painter.setPen(QPen(color, width))
        painter.drawRect(frame)
