"""Frame: what a layer needs to know to paint."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF

from app.canvas.viewport import Bounds, Viewport
from core.annotation.runs import Ints


class DevicePixels(NamedTuple):
    """A run of device pixels in one direction, and the image column or row under each centre."""

    first: int
    under: Ints


@dataclass(frozen=True)
class Frame:
    """The view, the device pixels per logical pixel, and the part of the image to be painted."""

    viewport: Viewport
    ratio: float
    exposed: Bounds

    @property
    def scale(self) -> float:
        """Device px per image px."""
        return self.viewport.scale * self.ratio

    def rect(self, bounds: Bounds) -> QRectF:
        """Where bounds of the image lie on the widget, edges on whole device pixels: tiles that
        share an edge in the image share it on the screen."""
        x0, y0 = self._snapped(*self.viewport.to_screen(*bounds[:2]))
        x1, y1 = self._snapped(*self.viewport.to_screen(*bounds[2:]))
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def pixels_under(self, bounds: Bounds) -> tuple[DevicePixels, DevicePixels]:
        """The columns and the rows of device pixels whose centres lie in these bounds."""
        view = self.viewport
        x0, y0 = view.to_screen(*bounds[:2])
        x1, y1 = view.to_screen(*bounds[2:])
        return (
            self._along(max(x0, 0.0), min(x1, view.width), view.x, view.width),
            self._along(max(y0, 0.0), min(y1, view.height), view.y, view.height),
        )

    def _along(self, start: float, end: float, centre: float, side: float) -> DevicePixels:
        first, last = math.ceil(start * self.ratio - 0.5), math.ceil(end * self.ratio - 0.5)
        middles = (np.arange(first, last) + 0.5) / self.ratio
        under = np.floor(centre + (middles - side / 2) / self.viewport.scale)
        return DevicePixels(first, under.astype(np.int64))

    def _snapped(self, x: float, y: float) -> tuple[float, float]:
        return round(x * self.ratio) / self.ratio, round(y * self.ratio) / self.ratio
