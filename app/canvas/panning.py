"""Panning: the picture follows the mouse while Space or the middle button is held."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent


class Panning:
    """Whether the hand is out, and where it last was."""

    def __init__(self) -> None:
        self.is_ready = False  # Space is held
        self._last: QPointF | None = None

    @property
    def is_under_way(self) -> bool:
        return self._last is not None

    def begin(self, event: QMouseEvent) -> bool:
        """Take hold if this press is for panning; returns whether it is."""
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (self.is_ready and event.button() == Qt.MouseButton.LeftButton):
            self._last = event.position()
        return self.is_under_way

    def step(self, event: QMouseEvent) -> tuple[float, float]:
        """Screen px that the mouse has gone since the last step."""
        if self._last is None:
            return 0.0, 0.0
        gone, self._last = event.position() - self._last, event.position()
        return gone.x(), gone.y()

    def end(self) -> None:
        self._last = None

    def cursor(self, otherwise: Qt.CursorShape) -> Qt.CursorShape:
        """A hand, closed while it holds the picture."""
        if self.is_under_way:
            return Qt.CursorShape.ClosedHandCursor
        return Qt.CursorShape.OpenHandCursor if self.is_ready else otherwise
