"""The little field of colour that stands before the name of a class."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

_SIDE = 16
_SCALE = 2


@lru_cache(maxsize=256)
def swatch(colour: str) -> QIcon:
    """A rounded field of `colour` (#rrggbb) with a rim that shows on light and dark grounds."""
    pixmap = QPixmap(_SIDE * _SCALE, _SIDE * _SCALE)
    pixmap.setDevicePixelRatio(_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(128, 128, 128, 160))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(2.5, 2.5, _SIDE - 5, _SIDE - 5), 3, 3)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else a selected row would tint it
    return icon
