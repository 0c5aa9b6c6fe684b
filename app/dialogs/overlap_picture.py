"""A picture of two objects that share something: the one that keeps it lies on top."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas.events import caught
from core.annotation.geometry import to_shapely
from core.annotation.region import Ring

HEIGHT = 190
GROUND = QColor(16, 17, 19)
NOTE = QColor(200, 200, 200)
CORNER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
RIM = QColor(0, 0, 0, 190)
AROUND = 0.8  # of the size of what is shared is seen around it
LEAST_AROUND = 4.0  # px of the image
KEPT, SHARED, LEFT = 0.30, 0.85, 0.22  # opacity
LABEL_FROM = 26.0  # px of a part on the screen from which on it has room for a label


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two: its rings, what it is called, #rrggbb."""

    rings: Sequence[Ring]
    label: str
    color: str


@dataclass(frozen=True, eq=False)
class OverlapScene:
    """Who keeps what is shared, and who loses it. shared: its label. caption: may be empty."""

    keeper: Side
    loser: Side
    shared: str
    caption: str = ""


class OverlapPicture(QWidget):
    """Zooms to what is shared; the line that the loser had there is dashed."""

    def __init__(self) -> None:
        super().__init__()
        self._scene: OverlapScene | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(2 * HEIGHT, HEIGHT)

    def show_scene(self, scene: OverlapScene | None) -> None:
        """None for an empty picture."""
        self._scene = scene
        if scene:
            text = self.tr("{} lies over {}").format(scene.keeper.label, scene.loser.label)
            self.setAccessibleName(text)
        self.update()

    @caught
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = QPainterPath()
            ground.addRoundedRect(QRectF(self.rect()), 5, 5)
            painter.fillPath(ground, GROUND)
            painter.setClipPath(ground)
            if self._scene:
                _paint(painter, self._scene, QRectF(self.rect()))


def _paint(painter: QPainter, scene: OverlapScene, target: QRectF) -> None:
    keeper, loser = (to_shapely(side.rings) for side in (scene.keeper, scene.loser))
    shared = _polygons(shapely.intersection(keeper, loser))
    zoom = _Zoom(shared, target)
    rest = shapely.difference(loser, keeper)
    bright, dark = QColor(scene.keeper.color), QColor(scene.loser.color)
    painter.fillPath(zoom.path(rest), _faded(dark, LEFT))
    painter.fillPath(zoom.path(keeper), _faded(bright, KEPT))
    painter.fillPath(zoom.path(shared), _faded(bright, SHARED))
    _stroke(painter, zoom.path(rest), dark, Qt.PenStyle.SolidLine)
    _stroke(painter, zoom.path(shared), dark, Qt.PenStyle.DashLine)
    _stroke(painter, zoom.path(keeper), bright, Qt.PenStyle.SolidLine)
    painter.save()
    _label(painter, zoom, shapely.difference(keeper, loser), scene.keeper.label)
    _label(painter, zoom, rest, scene.loser.label)
    _label(painter, zoom, shared, scene.shared)
    painter.restore()
    painter.setPen(NOTE)
    painter.drawText(target.adjusted(8, 6, -8, -6), CORNER, scene.caption)


class _Zoom:
    """From the image to the widget, so that what is shared fills about half of it."""

    def __init__(self, shared: shapely.Geometry, target: QRectF) -> None:
        x0, y0, x1, y1 = shared.bounds
        margin = max(AROUND * max(x1 - x0, y1 - y0) / 2, LEAST_AROUND)
        width, height = x1 - x0 + 2 * margin, y1 - y0 + 2 * margin
        self.scale = min(target.width() / width, target.height() / height)
        middle = np.array(((x0 + x1) / 2, (y0 + y1) / 2))
        self._shift = np.array((target.center().x(), target.center().y())) - self.scale * middle
        corners = [
            (np.array(c) - self._shift) / self.scale
            for c in ((target.left(), target.top()), (target.right(), target.bottom()))
        ]
        self.window = shapely.box(*corners[0], *corners[1])

    def points(self, coordinates: np.ndarray) -> list[QPointF]:
        return [QPointF(x, y) for x, y in (self.scale * coordinates + self._shift).tolist()]

    def path(self, geometry: shapely.Geometry) -> QPainterPath:
        path = QPainterPath()
        rings = shapely.get_rings(shapely.get_parts(geometry))
        for ring in rings:
            path.addPolygon(self.points(shapely.get_coordinates(ring)))
            path.closeSubpath()
        return path


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """Without the points and lines in which borders meet."""
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.area(parts) > 0])


def _stroke(painter: QPainter, path: QPainterPath, color: QColor, style: Qt.PenStyle) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 2, style))
    painter.drawPath(path)


def _label(painter: QPainter, zoom: _Zoom, geometry: shapely.Geometry, text: str) -> None:
    """In the widest place of the part that is seen, if there is room."""
    parts = shapely.get_parts(shapely.intersection(geometry, zoom.window))
    parts = parts[shapely.area(parts) > 0]
    if not len(parts):
        return
    largest = parts[shapely.area(parts).argmax()]
    radius = shapely.maximum_inscribed_circle(largest, tolerance=0.5 / zoom.scale)
    if 2 * radius.length * zoom.scale < LABEL_FROM:
        return
    font = QFont(painter.font())
    font.setPixelSize(13)
    font.setBold(True)
    painter.setFont(font)
    (middle,) = zoom.points(shapely.get_coordinates(radius)[:1])
    path, bounds = QPainterPath(), painter.fontMetrics().boundingRect(text)
    path.addText(middle - QRectF(bounds).center(), font, text)
    painter.strokePath(path, QPen(RIM, 3))
    painter.fillPath(path, QColor("white"))


def _faded(color: QColor, opacity: float) -> QColor:
    faded = QColor(color)
    faded.setAlphaF(opacity)
    return faded
