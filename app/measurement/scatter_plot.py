"""One value over another, a dot for each object; a rectangle selects objects."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QResizeEvent

from app.canvas.events import caught
from app.measurement.axis import axis_for
from app.measurement.plot import Plot
from app.theme.palette import mixed
from core.annotation.runs import Flags, Floats, Ints

DOT = 1  # px around the middle
OTHERS = 0.45  # of the colour of text, for dots beside those that are selected
FAINTEST = 90  # of 255, of a dot that lies alone in a crowd
CROWD = 2_000
"""Dots beyond which those that lie alone are fainter than those on top of each other."""


class ScatterPlot(Plot):
    """Dots are painted into an image of numbers, so that 50,000 of them take some milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._values = np.empty((2, 0))
        self._picked: Flags = np.empty(0, np.bool_)
        self._drawn: QImage | None = None
        self._drawn_for: object = None
        self.setAccessibleName(self.tr("Scatter plot"))
        self.setToolTip(self.tr("Drag a rectangle to select its objects; click to select none."))

    def show_values(
        self, x: Floats, y: Floats, picked: Flags, titles: tuple[str, str], nothing: str
    ) -> None:
        """(n,) each; objects without both numbers are left out."""
        known = np.isfinite(x) & np.isfinite(y)
        self._values, self._picked = np.stack((x[known], y[known])), picked[known]
        self._drawn = None
        message = "" if known.any() else nothing
        self.show_axes(axis_for(x[known]), axis_for(y[known]), titles, message)

    @caught
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn = None

    def paint_values(self, painter: QPainter, frame: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        colours = self._usual, self.palette().highlight().color()
        wanted = (ratio, *(colour.rgba() for colour in colours))
        if self._drawn is None or self._drawn_for != wanted:
            size = max(1, round(frame.width() * ratio)), max(1, round(frame.height() * ratio))
            self._drawn, self._drawn_for = self._painted(size, ratio, *colours), wanted
        painter.drawImage(frame.topLeft(), self._drawn)

    @property
    def _usual(self) -> QColor:
        """As text, but fainter where some are selected, as in the histogram."""
        text, base = self.palette().text().color(), self.palette().base().color()
        return mixed(text, base, OTHERS) if self._picked.any() else text

    def _painted(
        self, size: tuple[int, int], ratio: float, usual: QColor, accent: QColor
    ) -> QImage:
        width, height = size
        pixels = np.zeros((height, width, 4), np.uint8)
        column = np.rint(self._x.place(self._values[0]) * (width - 1)).astype(np.int64)
        row = np.rint((1 - self._y.place(self._values[1])) * (height - 1)).astype(np.int64)
        for chosen, colour, dot in ((~self._picked, usual, DOT), (self._picked, accent, DOT + 1)):
            density = _density(column[chosen], row[chosen], size, max(1, round(dot * ratio)))
            some = density > 0
            pixels[some, :3] = (colour.blue(), colour.green(), colour.red())
            pixels[some, 3] = _strength(density[some], int(chosen.sum()))
        kind = QImage.Format.Format_ARGB32
        image = QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()
        image.setDevicePixelRatio(ratio)
        return image


def _density(column: Ints, row: Ints, size: tuple[int, int], dot: int) -> Ints:
    """(height, width) how many dots cover each pixel."""
    width, height = size
    density = np.zeros(width * height, np.int64)
    for dy in range(-dot, dot + 1):
        for dx in range(-dot, dot + 1):
            x, y = (column + dx).clip(0, width - 1), (row + dy).clip(0, height - 1)
            density += np.bincount(y * width + x, minlength=width * height)
    return density.reshape(height, width)


def _strength(density: Ints, dots: int) -> Ints:
    """Opacity, up to 255; with few dots all are strong."""
    least = 255 if dots <= CROWD else FAINTEST
    return np.minimum(255, least + 40 * (density - 1))
