"""The little field of colour that stands for a lookup table."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QLinearGradient, QPainter, QPixmap

from app.canvas.luts import Lut

WIDTH, HEIGHT = 26, 14
_SCALE = 2


@lru_cache(maxsize=64)
def lut_icon(lut: Lut) -> QIcon:
    """Its colours from left to right, with a rim that shows on light and dark grounds."""
    pixmap = QPixmap(WIDTH * _SCALE, HEIGHT * _SCALE)
    pixmap.setDevicePixelRatio(_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(128, 128, 128, 160))
        painter.setBrush(QColor(*lut.color) if lut.color else _ramp(lut))
        painter.drawRoundedRect(QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1), 3, 3)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else a selected row would tint it
    return icon


def _ramp(lut: Lut) -> QLinearGradient:
    ramp = QLinearGradient(0, 0, WIDTH, 0)
    for number, stop in enumerate(lut.stops):
        ramp.setColorAt(number / (len(lut.stops) - 1), QColor(*stop))
    return ramp
