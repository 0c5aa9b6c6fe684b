"""Regions that are painted live with QPainter: the hovered, the selected, and small crowds."""

import math
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen

from app.canvas.layers.frame import Frame
from app.canvas.layers.nearby import nearby_outline, nearby_points
from app.canvas.layers.paths import on_screen, polygon, region_path
from app.canvas.style import MARKED, CanvasStyle
from app.canvas.tiles import padded
from app.canvas.viewport import Bounds
from core.annotation.region import Region
from core.annotation.runs import Points

CASING = QColor(0, 0, 0, 120)  # a dark rim that sets a line off from bright images
INK = QColor(25, 25, 25)
RED = QColor(255, 45, 45)
HANDLE = 7.0  # px
SMALL_HANDLE = 4.0  # px, where vertices lie close together
HANDLE_SPACING = 11.0  # px between vertices on the screen from which on handles do not crowd
SMALL_SPACING = 5.0  # px from which on small handles do not
MANY_CORNERS = 300  # of a region; with more it pays to leave out those that are not seen
BESIDE = 20.0  # px beyond the exposed part where lines and handles may reach into it
NUMBER_FROM = 22.0  # px of a region on the screen from which on it has room for its number
BOLD_UP_TO = 100  # regions on the screen; the outlines of more are thinner
TRIANGLE = (QPointF(0, -1), QPointF(math.sqrt(0.75), 0.5), QPointF(-math.sqrt(0.75), 0.5))
TRIANGLE_WIDTH = 1.6  # of it, on the average of all directions
SHIFTS = tuple(QPointF(x, y) for x in (-1, 1) for y in (-1, 1))


def pen(color: QColor, width: float) -> QPen:
    return QPen(
        color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def tinted(style: CanvasStyle, paint: int, opacity: float = 1.0) -> QColor:
    """The colour of a paint key, or the accent, at some opacity."""
    red, green, blue = style.color(paint)
    return QColor(red, green, blue, round(255 * opacity))


def visible_path(region: Region, frame: Frame) -> QPainterPath:
    """The outline as far as the exposed part shows it."""
    if sum(map(len, region.rings)) <= MANY_CORNERS:
        return region_path(region, frame.viewport)
    path, box = QPainterPath(), _exposed_box(frame)
    for ring in region.rings:
        path.addPolygon(polygon(nearby_outline(on_screen(ring, frame.viewport), box)))
        path.closeSubpath()
    return path


def paint_crowd(
    painter: QPainter,
    frame: Frame,
    regions: Sequence[Region],
    style: CanvasStyle,
    marked: Collection[int],
    bold: bool,
) -> None:
    """Regions in drawing order, all fills below all outlines; the marked ids as selected; bold
    for wider lines."""
    paths = [visible_path(region, frame) for region in regions]
    paints = [MARKED if region.id in marked else style.paint(region) for region in regions]
    _fill(painter, paths, paints, style)
    width = style.outline_width if bold else style.crowd_width
    _outline(painter, paths, paints, style, width, frame.ratio)


def _fill(
    painter: QPainter, paths: Sequence[QPainterPath], paints: Sequence[int], style: CanvasStyle
) -> None:
    """With hard edges, which outlines cover: smooth ones would take four times as long."""
    brushes = {p: QBrush(tinted(style, p, style.fill_opacity)) for p in set(paints)}
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for paint, path in zip(paints, paths, strict=True):
        painter.fillPath(path, brushes[paint])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _outline(
    painter: QPainter,
    paths: Sequence[QPainterPath],
    paints: Sequence[int],
    style: CanvasStyle,
    width: float,
    ratio: float,
) -> None:
    shifts = line_shifts(width * ratio)
    width = width if len(shifts) == 1 else 1 / ratio
    pens = {p: pen(tinted(style, p), width) for p in set(paints)}
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for paint, path in zip(paints, paths, strict=True):
        painter.setPen(pens[paint])
        for shift in shifts:
            painter.drawPath(path.translated(shift / ratio))


def line_shifts(width: float) -> tuple[QPointF, ...]:
    """By how many device px lines of 1 device px are shifted to look like one of this width.

    Measured: Qt takes seven times as long for a line of 1.5 px as for one of 1 px, so three of
    those, side by side in every direction, are faster. Beyond 2 px they would leave gaps.
    """
    if not 1 < width <= 2:
        return (QPointF(),)
    return tuple(corner * ((width - 1) / TRIANGLE_WIDTH) for corner in TRIANGLE)


def paint_hovered(painter: QPainter, frame: Frame, region: Region, style: CanvasStyle) -> None:
    """A little brighter and bolder."""
    path = visible_path(region, frame)
    painter.fillPath(path, QColor(255, 255, 255, 36))
    painter.strokePath(path, pen(CASING, style.outline_width + 2.5))
    painter.strokePath(
        path, pen(tinted(style, style.paint(region)).lighter(120), style.outline_width + 1)
    )


def paint_selected(painter: QPainter, frame: Frame, region: Region, style: CanvasStyle) -> None:
    path = visible_path(region, frame)
    painter.fillPath(path, tinted(style, MARKED, 0.12))
    stroke(painter, path, style)


def stroke(painter: QPainter, path: QPainterPath, style: CanvasStyle) -> None:
    """A line in the accent colour with a dark rim."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.strokePath(path, pen(CASING, style.outline_width + 2.5))
    painter.strokePath(path, pen(tinted(style, MARKED), style.outline_width + 0.5))


def paint_vertices(painter: QPainter, frame: Frame, region: Region, style: CanvasStyle) -> None:
    """A handle on each vertex, of rings whose vertices lie far enough apart on the screen."""
    for ring in region.rings:
        points = on_screen(ring, frame.viewport)
        steps = np.hypot(*(points - np.roll(points, 1, axis=0)).T)
        spacing = np.median(steps)
        if spacing >= SMALL_SPACING:
            side = HANDLE if spacing >= HANDLE_SPACING else SMALL_HANDLE
            paint_handles(painter, nearby_points(points, _exposed_box(frame)), style, side)


def paint_handles(
    painter: QPainter, points: Points, style: CanvasStyle, side: float = HANDLE, hot: bool = False
) -> None:
    """White squares of constant size at points of the widget; hot ones in the accent colour."""
    painter.setPen(pen(INK, 1.25))
    painter.setBrush(tinted(style, MARKED) if hot else QColor(255, 255, 255))
    for x, y in points.tolist():
        painter.drawRect(QRectF(x - side / 2, y - side / 2, side, side))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_numbers(painter: QPainter, frame: Frame, regions: Iterable[Region]) -> None:
    """The number of each region in its middle, where there is room."""
    font = QFont(painter.font())
    font.setPixelSize(11)
    font.setBold(True)
    painter.setFont(font)
    for region in regions:
        x0, y0, x1, y1 = region.bounds
        if min(x1 - x0, y1 - y0) * frame.viewport.scale >= NUMBER_FROM:
            middle = QPointF(*frame.viewport.to_screen((x0 + x1) / 2, (y0 + y1) / 2))
            _paint_number(painter, middle, str(region.id))


def _exposed_box(frame: Frame) -> Bounds:
    """The exposed part in px of the widget, with room for lines and handles."""
    x0, y0 = frame.viewport.to_screen(*frame.exposed[:2])
    x1, y1 = frame.viewport.to_screen(*frame.exposed[2:])
    return padded((x0, y0, x1, y1), BESIDE)


def _paint_number(painter: QPainter, middle: QPointF, text: str) -> None:
    """White with a dark rim of shifted copies: stroking text takes ten times as long."""
    box = QRectF(0, 0, 60, 20)
    box.moveCenter(middle)
    painter.setPen(QColor(0, 0, 0, 170))
    for shift in SHIFTS:
        painter.drawText(box.translated(shift), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
