"""Icons: SVG drawings in the colour of the text, drawn again when the palette changes."""

from functools import cache
from typing import Protocol
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

SIDES = (16, 20, 32, 40)
"""Device pixels; 16 in lists and 20 in the tool bar, at one and two pixels to the point."""


class HasIcon(Protocol):
    """An action, a button or anything else that shows an icon."""

    def setIcon(self, icon: QIcon, /) -> None: ...


def drawing(name: str, colour: QColor, side: int) -> QPixmap:
    """The drawing icons/NAME.svg, `side` device pixels wide, with currentColor replaced."""
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    svg = _source(name).replace("currentColor", colour.name())
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return pixmap


def tinted(name: str, palette: QPalette) -> QIcon:
    """The icon in the colours of the palette, for things that are enabled and disabled."""
    icon = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.WindowText)
        for side in SIDES:
            icon.addPixmap(drawing(name, colour, side), mode)
    return icon


class Icons:
    """Gives icons to things and repaints them all when the palette has changed."""

    def __init__(self) -> None:
        self._names: WeakKeyDictionary[HasIcon, str] = WeakKeyDictionary()

    def attach(self, target: HasIcon, name: str) -> None:
        """Show the icon, now and in the colours of every later palette."""
        self._names[target] = name
        target.setIcon(tinted(name, QGuiApplication.palette()))

    def refresh(self) -> None:
        """Draw every icon again; call it after a change of the palette."""
        palette = QGuiApplication.palette()
        for target, name in list(self._names.items()):
            if shiboken6.isValid(target):
                target.setIcon(tinted(name, palette))


@cache
def _source(name: str) -> str:
    return resources.find(f"icons/{name}.svg").read_text(encoding="utf-8")
