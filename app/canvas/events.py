"""Events of Qt in the words of the tools."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from app.canvas.tools.base import Pointer
from app.canvas.viewport import Viewport

W = TypeVar("W")
E = TypeVar("E", bound=QEvent)
REACH = 8.0  # screen px
NOTCH = 120  # angle of one step of a mouse wheel

BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.RightButton: "right",
    Qt.MouseButton.MiddleButton: "middle",
}
KEYS = {
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Escape",
}
COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def caught(handler: Callable[[W, E], None]) -> Callable[[W, E], None]:
    """The handler of an event, whose errors are reported here.

    Of those that compiled code raises, as that of numpy, PySide 6.11 on Python 3.11 dies when they
    get as far as Qt.
    """

    @wraps(handler)
    def handle(widget: W, event: E) -> None:
        try:
            handler(widget, event)
        except Exception:
            sys.excepthook(*sys.exc_info())

    return handle


def pointer(event: QMouseEvent, viewport: Viewport, double: bool = False) -> Pointer:
    """Where the mouse is on the image."""
    x, y = viewport.to_image(*xy(event.position()))
    held = event.modifiers()
    return Pointer(
        x,
        y,
        REACH / viewport.scale,
        button=BUTTONS.get(event.button(), "none"),
        shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
        control=bool(held & Qt.KeyboardModifier.ControlModifier),
        alt=bool(held & Qt.KeyboardModifier.AltModifier),
        double=double,
    )


def key_name(event: QKeyEvent) -> str:
    """The tools' name of a key: "Delete", or the sign that it writes; empty for others."""
    known = KEYS.get(Qt.Key(event.key()), "")
    text = event.text().upper()
    return known or (text if text.isprintable() and not event.modifiers() & COMMANDS else "")


def wheel_notches(event: QWheelEvent) -> float:
    """Steps of the wheel, > 0 away from the hand; Alt turns it sideways on some systems."""
    return (event.angleDelta().y() or event.angleDelta().x()) / NOTCH


def arrow(event: QKeyEvent) -> tuple[int, int] | None:
    """Which way the picture goes for an arrow key, Ctrl and Alt not held."""
    return None if event.modifiers() & COMMANDS else ARROWS.get(Qt.Key(event.key()))


def is_shifted(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def dropped_paths(mime: QMimeData) -> list[Path]:
    """The local files and folders that are being dropped."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def xy(point: QPointF) -> tuple[float, float]:
    return point.x(), point.y()
