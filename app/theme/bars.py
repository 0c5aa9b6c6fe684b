"""Bars without the bright lines that Fusion draws at their edges, whatever the palette says."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenuBar, QToolBar, QWidget

LINE = 2  # logical pixels


class MenuBar(QMenuBar):
    """A menu bar whose edges have the colour of the window."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _cover_lines(self)


class ToolBar(QToolBar):
    """A tool bar whose edges have the colour of the window."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _cover_lines(self)


def _cover_lines(bar: QWidget) -> None:
    """Another style than Fusion draws no such lines, or some that belong there."""
    if bar.style().objectName().lower() == "fusion":
        with QPainter(bar) as painter:
            for top in (0, bar.height() - LINE):
                painter.fillRect(0, top, bar.width(), LINE, bar.palette().window())
