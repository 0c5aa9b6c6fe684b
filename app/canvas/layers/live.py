"""Regions that are painted live with QPainter: the hovered, the selected, and small crowds."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen

from app.canvas.layers.frame import Frame
from app.canvas.layers.paths import on_screen, region_path
from app.canvas.style import MARKED, CanvasStyle
from core.annotation.region import Region
from core.annotation.runs import Points

CASING = QColor(0, 0, 0, 120)  # a dark rim that sets a line off from bright images
INK = QColor(25, 25, 25)
RED = QColor(255, 45, 45)
HANDLE = 7.0  # px
SMALL_HANDLE = 4.0  # px, where vertices lie close together
HANDLE_SPACING = 11.0  # px between vertices on the screen from which on handles do not crowd
SMALL_SPACING = 5.0  # px from which on small handles do not
NUMBER_FROM = 22.0  # px of a region on the screen from which on it has room for its number
BOLD_UP_TO = 100  # regions on the screen; the outlines of more are thinner
SHIFTS = tuple(QPointF(x, y) for x in (-1, 1) for y in (-1, 1))


def pen(color: QColor, width: float) -> QPen:
    return QPen(
        color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def tinted(style: CanvasStyle, paint: int, opacity: float = 1.0) -> QColor:
    """The colour of a class, or the accent, at some opacity."""
    red, green, blue = style.color(paint)
    return QColor(red, green, blue, round(255 * opacity))


def paint_crowd(
    painter: QPainter,
    frame: Frame,
    regions: Sequence[Region],
    style: CanvasStyle,
    marked: Collection[int],
    bold: bool,
) -> None:
    """Regions in drawing order, all fills below all outlines; the marked ids as selected.

    bold: wider lines and smooth fills. Measured: lines of more than 1 px take ten times as long,
    smooth fills four times; the outline covers the edge of the fill.
    """
    paths = [region_path(region, frame.viewport) for region in regions]
    paints = [MARKED if region.id in marked else region.class_id for region in regions]
    width = style.outline_width if bold else style.crowd_width
    fills = {p: QBrush(tinted(style, p, style.fill_opacity)) for p in set(paints)}
    pens = {p: pen(tinted(style, p), width) for p in set(paints)}
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, bold)
    for paint, path in zip(paints, paths, strict=True):
        painter.fillPath(path, fills[paint])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for paint, path in zip(paints, paths, strict=True):
        painter.setPen(pens[paint])
        painter.drawPath(path)


def paint_hovered(painter: QPainter, frame: Frame, region: Region, style: CanvasStyle) -> None:
    """A little brighter and bolder."""
    path = region_path(region, frame.viewport)
    painter.fillPath(path, QColor(255, 255, 255, 36))
    painter.strokePath(path, pen(CASING, style.outline_width + 2.5))
    painter.strokePath(
        path, pen(tinted(style, region.class_id).lighter(120), style.outline_width + 1)
    )


def paint_selected(painter: QPainter, frame: Frame, region: Region, style: CanvasStyle) -> None:
    path = region_path(region, frame.viewport)
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
            paint_handles(painter, points, style, side)


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


def _paint_number(painter: QPainter, middle: QPointF, text: str) -> None:
    """White with a dark rim of shifted copies: stroking text takes ten times as long."""
    box = QRectF(0, 0, 60, 20)
    box.moveCenter(middle)
    painter.setPen(QColor(0, 0, 0, 170))
    for shift in SHIFTS:
        painter.drawText(box.translated(shift), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
