"""How the docks share the window as long as the person has moved no splitter."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from app.panels.scrolled import Scrolled

NARROW = 1200
"""Logical pixels; in a window below it the canvas needs the room more than the tables."""


def first_widths(window_width: int) -> tuple[int, int]:
    """Of the docks at the left and at the right."""
    return (200, 320) if window_width < NARROW else (256, 400)


def share_height(window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
    """Of docks that stand below each other, show all of what scrolls as long as the lists keep
    their least height; the first list takes what is left."""
    shown = [dock for dock in docks if dock.isVisible() and not dock.isFloating()]
    scrolled = {d: w for d in shown if isinstance(w := d.widget(), Scrolled)}
    lists = [dock for dock in shown if dock not in scrolled]
    if not scrolled or not lists or len({dock.x() for dock in shown}) > 1:
        return  # nothing to share, or the person has put them beside each other
    order = [*scrolled, *lists[1:], lists[0]]
    wishes = [dock.height() - part.height() + part.wanted for dock, part in scrolled.items()]
    wishes += [dock.height() for dock in lists[1:]]
    least = [dock.minimumSizeHint().height() for dock in order]
    heights = shared(sum(dock.height() for dock in shown), least, wishes)
    window.resizeDocks(order, heights, Qt.Orientation.Vertical)


def shared(room: int, least: Sequence[int], wishes: Sequence[int]) -> list[int]:
    """Of some parts, all but the last with a wish, the first before the others: each has at least
    the least, at most what it wishes; the last takes what is left of `room`. Pixels."""
    spare = max(0, room - sum(least))
    heights = []
    for low, wish in zip(least[:-1], wishes, strict=True):
        heights.append(low + min(max(0, wish - low), spare))
        spare -= heights[-1] - low
    return [*heights, least[-1] + spare]
