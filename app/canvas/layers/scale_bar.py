"""The scale bar: a round length in micrometres, and how long it is on the screen."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.canvas.layers.plate import INK, MARGIN, paint_plate, set_font
from app.canvas.viewport import Viewport

LONGEST = 160.0  # screen px; the next shorter round length is 2.5 times shorter at most: 64 px
ROUND = (0.5, 1, 2, 5)  # times a power of ten; the first because logarithms are rounded
PADDING = 12.0  # px on both sides of the bar
HEIGHT = 36.0
THICK = 4.0
UM_PER_MM = 1000


@dataclass(frozen=True)
class Length:
    """A length on the image, micrometres, and its width on the screen, px."""

    um: float
    width: float

    @property
    def label(self) -> str:
        return f"{self.um / UM_PER_MM:g} mm" if self.um >= UM_PER_MM else f"{self.um:g} µm"


def round_length(pixel_size_um: float, scale: float) -> Length:
    """The longest of 1, 2 or 5 times a power of ten that takes at most LONGEST px.

    pixel_size_um: edge of an image px. scale: screen px per image px.
    """
    um_per_px = pixel_size_um / scale
    most = um_per_px * LONGEST
    power = 10.0 ** math.floor(math.log10(most))
    um = max(factor * power for factor in ROUND if factor * power <= most)
    return Length(um, um / um_per_px)


def scale_bar_rect(length: Length, viewport: Viewport) -> QRectF:
    """The plate of the bar: the lower left corner of the widget."""
    width = round(length.width) + 2 * PADDING
    return QRectF(MARGIN, viewport.height - MARGIN - HEIGHT, width, HEIGHT)


def paint_scale_bar(painter: QPainter, length: Length, plate: QRectF) -> None:
    """White on a dark plate, which any stain leaves legible."""
    paint_plate(painter, plate)
    set_font(painter)
    painter.setPen(INK)
    painter.drawText(plate.adjusted(0, 4, 0, -14), Qt.AlignmentFlag.AlignCenter, length.label)
    bar = QRectF(plate.left() + PADDING, plate.bottom() - 11, length.width, THICK)
    painter.fillRect(bar, INK)
