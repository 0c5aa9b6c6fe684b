"""How one image of the list is painted: a sign for its status, its name, and a line about it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.panels.images_model import DetailRole, StatusRole
from app.theme.icons import drawing
from app.theme.palette import faded

Index = QModelIndex | QPersistentModelIndex
ICON = 20
GAP = 8
PADDING = 6


class ImageDelegate(QStyledItemDelegate):
    """Two lines of text beside a status sign."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).height()
        return QSize(120, 2 * line + 2 * PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        text = self._text_colour(option)
        ground = option.palette.color(QPalette.ColorRole.Base)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = text if chosen else faded(text, ground)
        self._paint_icon(painter, option, index.data(StatusRole), quiet)
        self._paint_lines(painter, option.rect, (name, text), (index.data(DetailRole), quiet))

    def _text_colour(self, option: QStyleOptionViewItem) -> QColor:
        chosen = option.state & QStyle.StateFlag.State_Selected
        active = option.state & QStyle.StateFlag.State_Active
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        return option.palette.color(group, role)

    def _paint_icon(
        self, painter: QPainter, option: QStyleOptionViewItem, status: str, colour: QColor
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        pixmap = drawing(f"status_{status}", colour, round(ICON * ratio))
        pixmap.setDevicePixelRatio(ratio)
        box = option.rect
        painter.drawPixmap(box.left() + PADDING, box.center().y() - ICON // 2, pixmap)

    def _paint_lines(self, painter: QPainter, box: QRect, *lines: tuple[str, QColor]) -> None:
        left = box.left() + PADDING + ICON + GAP
        width = box.right() - PADDING - left
        metrics = painter.fontMetrics()
        top = box.center().y() - metrics.height()
        for text, colour in lines:
            row = QRect(left, top, width, metrics.height())
            painter.setPen(colour)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, shown)
            top += metrics.height()
