"""Plates: dark grounds for what is written on the canvas, legible on every image and theme."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

GROUND = QColor(20, 20, 20, 205)
INK = QColor(255, 255, 255)
MARGIN = 12.0  # px between plates and the edge of the widget
GAP = 8.0  # px between two plates
LETTERS = 12  # px


def paint_plate(painter: QPainter, plate: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(GROUND)
    painter.drawRoundedRect(plate, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def set_font(painter: QPainter, bold: bool = False) -> None:
    font = QFont(painter.font())
    font.setPixelSize(LETTERS)
    font.setBold(bold)
    painter.setFont(font)
