"""Fixtures: what is fixed to the widget and not to the image."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.canvas.layers.crosshair import paint_crosshair
from app.canvas.layers.legend import legend_rect, paint_legend
from app.canvas.layers.minimap import minimap_rect, paint_minimap, with_rim
from app.canvas.layers.plate import MARGIN
from app.canvas.layers.scale_bar import Length, paint_scale_bar, round_length, scale_bar_rect
from app.canvas.scene import Scene
from app.canvas.viewport import Viewport

Fixture = Literal["scale_bar", "minimap", "crosshair"]
NOWHERE = QRectF()


@dataclass(frozen=True)
class Places:
    """Where the fixtures are on the widget; empty for what is not shown."""

    scale_bar: QRectF
    legend: QRectF
    minimap: QRectF


class Fixtures:
    """Scale bar, legend, minimap and crosshair of a canvas, as far as they are wanted."""

    def __init__(self, widget: QWidget, scene: Scene) -> None:
        self._widget, self._scene = widget, scene
        self.wanted: frozenset[Fixture] = frozenset()
        self.pixel_size_um: float | None = None
        self.pointer: QPointF | None = None

    def places(self, viewport: Viewport) -> Places:
        """Scale bar and legend in one corner, the minimap in another and never over them."""
        bar = legend = NOWHERE
        if length := self._length(viewport):
            bar = _if_it_fits(scale_bar_rect(length, viewport), viewport)
        colouring = self._scene.style.colouring
        if colouring.legend and self._scene.is_overlay_shown:
            wanted = legend_rect(colouring, viewport, self._widget.font(), bar)
            legend = _if_it_fits(wanted, viewport)
        is_wanted = "minimap" in self.wanted
        minimap = minimap_rect(viewport, bar.united(legend)) if is_wanted else None
        return Places(bar, legend, minimap or NOWHERE)

    def paint(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        """Those that have a part in the exposed rectangle."""
        places, length = self.places(viewport), self._length(viewport)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if length and places.scale_bar.intersects(exposed):
            paint_scale_bar(painter, length, places.scale_bar)
        if places.legend.intersects(exposed):
            paint_legend(painter, self._scene.style.colouring, places.legend)
        if not places.minimap.isEmpty() and with_rim(places.minimap).intersects(exposed):
            self._paint_minimap(painter, viewport, places.minimap)
        if self.pointer is not None and "crosshair" in self.wanted:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            paint_crosshair(painter, self.pointer, self._widget.size())

    def _paint_minimap(self, painter: QPainter, viewport: Viewport, place: QRectF) -> None:
        ratio = self._widget.devicePixelRatioF()
        size = (max(round(side * ratio), 1) for side in (place.width(), place.height()))
        if thumbnail := self._scene.thumbnail(*size):
            accent = QColor(*self._scene.style.accent)
            paint_minimap(painter, viewport, place, thumbnail, accent)

    def _length(self, viewport: Viewport) -> Length | None:
        if self.pixel_size_um is None or "scale_bar" not in self.wanted:
            return None
        return round_length(self.pixel_size_um, viewport.scale)


def _if_it_fits(plate: QRectF, viewport: Viewport) -> QRectF:
    """The plate, or nowhere when the widget is too small for it."""
    fits = plate.top() >= MARGIN and plate.right() <= viewport.width - MARGIN
    return plate if fits else NOWHERE
