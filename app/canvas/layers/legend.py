"""The legend: what the colours of the outlines tell, when it is not the class."""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.canvas.colouring import Colouring, LegendRow
from app.canvas.layers.plate import GAP, INK, LETTERS, MARGIN, paint_plate, set_font
from app.canvas.viewport import Viewport

ROW = 18.0  # px from one line to the next
SWATCH = 12.0
STRIP = 8.0  # px of each colour where there are many side by side
PADDING = 10.0


def legend_rect(colouring: Colouring, viewport: Viewport, font: QFont, above: QRectF) -> QRectF:
    """The plate: in the lower left corner, above another plate if there is one.

    font: of the widget. above: empty for none.
    """
    texts = [row.text for row in colouring.legend]
    widest = max(_strip(row) + GAP + _width(row.text, font) for row in colouring.legend)
    title = _width(colouring.title, font, bold=True)
    height = ROW * (len(texts) + 1) + PADDING
    bottom = (above.top() - GAP) if not above.isEmpty() else viewport.height - MARGIN
    return QRectF(MARGIN, bottom - height, max(widest, title) + 2 * PADDING, height)


def paint_legend(painter: QPainter, colouring: Colouring, plate: QRectF) -> None:
    """Title, and a line for each row: swatches and text."""
    paint_plate(painter, plate)
    set_font(painter, bold=True)
    line = QRectF(plate.left() + PADDING, plate.top() + PADDING / 2, plate.width(), ROW)
    _write(painter, line, colouring.title)
    set_font(painter)
    for row in colouring.legend:
        line.translate(0, ROW)
        _paint_row(painter, colouring, row, line)


def _paint_row(painter: QPainter, colouring: Colouring, row: LegendRow, line: QRectF) -> None:
    side = _strip(row) / len(row.keys)
    top = line.center().y() - SWATCH / 2
    for number, key in enumerate(row.keys):
        swatch = QRectF(line.left() + number * side, top, side, SWATCH)
        painter.fillRect(swatch, QColor(colouring.colors[key]))
    _write(painter, line.adjusted(_strip(row) + GAP, 0, 0, 0), row.text)


def _write(painter: QPainter, line: QRectF, text: str) -> None:
    painter.setPen(INK)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(line, flags, _translated(text))


def _strip(row: LegendRow) -> float:
    """Width of the swatches of a row."""
    return SWATCH if len(row.keys) == 1 else STRIP * len(row.keys)


def _width(text: str, font: QFont, bold: bool = False) -> float:
    font = QFont(font)
    font.setPixelSize(LETTERS)
    font.setBold(bold)
    return QFontMetricsF(font).horizontalAdvance(_translated(text))


def _translated(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)
