"""What an empty canvas says."""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

WIDTH, HEIGHT, CORNER = 460.0, 150.0, 14.0


def paint_invitation(painter: QPainter, widget: QWidget) -> None:
    """A sentence in a dashed frame, in the subdued colour of placeholders."""
    box = QRectF(0, 0, min(WIDTH, widget.width() - 24), min(HEIGHT, widget.height() - 24))
    box.moveCenter(QRectF(widget.rect()).center())
    color = widget.palette().color(QPalette.ColorRole.PlaceholderText)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color, 1.5)
    pen.setDashPattern([5, 4])
    painter.setPen(pen)
    painter.drawRoundedRect(box, CORNER, CORNER)
    font = QFont(widget.font())
    font.setPointSizeF(font.pointSizeF() * 1.25)
    painter.setFont(font)
    painter.setPen(color)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(box.adjusted(16, 8, -16, -8), flags, _sentence())


def _sentence() -> str:
    return QCoreApplication.translate("Canvas", "Drop images here, or open them with Ctrl+O")
