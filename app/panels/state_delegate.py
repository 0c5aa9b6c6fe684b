"""How the state of an object is painted: a sign for each thing that was done, in its own place."""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.panels.object_rows import STATES
from app.theme.icons import drawing
from app.theme.palette import faded

Index = QModelIndex | QPersistentModelIndex
SIDE, STEP, PADDING = 13, 15, 3
"""Logical pixels of a sign, from one to the next, and beside them."""
WIDTH = STEP * len(STATES) + 2 * PADDING
_ICONS = dict(zip(STATES, ("rename", "review", "lock", "hidden"), strict=True))


class StateDelegate(QStyledItemDelegate):
    """Signs instead of the words, which stay the text of the cell for who reads the screen."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        words, option.text = option.text.split(", "), ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        ratio = painter.device().devicePixelRatioF()
        left, top = option.rect.left() + PADDING, option.rect.center().y() - SIDE // 2
        for place, state in enumerate(STATES):
            if state in words:
                sign = _sign(_ICONS[state], _colour(option).name(), ratio)
                painter.drawPixmap(left + place * STEP, top, sign)


def _colour(option: QStyleOptionViewItem) -> QColor:
    active = option.state & QStyle.StateFlag.State_Active
    group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
    if option.state & QStyle.StateFlag.State_Selected:
        return option.palette.color(group, QPalette.ColorRole.HighlightedText)
    text = option.palette.color(group, QPalette.ColorRole.Text)
    return faded(text, option.palette.color(group, QPalette.ColorRole.Base))


@lru_cache(maxsize=32)
def _sign(name: str, colour: str, ratio: float) -> QPixmap:
    """colour: #rrggbb. ratio: device pixels to the logical one."""
    pixmap = drawing(name, QColor(colour), round(SIDE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
