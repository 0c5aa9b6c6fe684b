"""How one image of the list is painted: its thumbnail, its name, a line about it, and a sign for
its status."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.panels.images_model import DetailRole, StatusRole
from app.theme.icons import drawing
from app.theme.palette import faded

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
THUMBNAIL = 40  # px of the screen, the longer side
ICON = 16
GAP = 8
PADDING = 6
ELIDE = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
"""Where the name and the line about it lose what has no room."""


class ImageDelegate(QStyledItemDelegate):
    """Two lines of text between a thumbnail and a status sign."""

    def row_height(self, metrics: QFontMetrics) -> int:
        """Pixels of the screen, the same for all."""
        return max(2 * metrics.height(), THUMBNAIL) + 2 * PADDING

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        option = QStyleOptionViewItem(option)
        option.text = ""  # only the ground is the style's
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        text = self._text_colour(option)
        ground = option.palette.color(QPalette.ColorRole.Base)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = text if chosen else faded(text, ground)
        inner = option.rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        self._paint_thumbnail(painter, inner, index.data(Role.DecorationRole), quiet)
        self._paint_icon(painter, inner, index.data(StatusRole), quiet)
        lines = (index.data(), text), (index.data(DetailRole), quiet)
        left, right = THUMBNAIL + GAP, ICON + GAP
        self._paint_lines(painter, inner.adjusted(left, 0, -right, 0), *lines)

    def _text_colour(self, option: QStyleOptionViewItem) -> QColor:
        chosen = option.state & QStyle.StateFlag.State_Selected
        active = option.state & QStyle.StateFlag.State_Active
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        return option.palette.color(group, role)

    def _paint_thumbnail(
        self, painter: QPainter, inner: QRect, picture: QImage | None, quiet: QColor
    ) -> None:
        """The picture, or a frame in its place while there is none."""
        box = QRect(inner.left(), inner.center().y() - THUMBNAIL // 2, THUMBNAIL, THUMBNAIL)
        if picture is None:
            painter.setPen(QColor(quiet.red(), quiet.green(), quiet.blue(), 90))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            return
        size = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(box.topLeft(), size.expandedTo(QSize(1, 1)))
        place.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, picture)

    def _paint_icon(self, painter: QPainter, inner: QRect, status: str, colour: QColor) -> None:
        ratio = painter.device().devicePixelRatioF()
        pixmap = drawing(f"status_{status}", colour, round(ICON * ratio))
        pixmap.setDevicePixelRatio(ratio)
        painter.drawPixmap(inner.right() - ICON, inner.center().y() - ICON // 2, pixmap)

    def _paint_lines(self, painter: QPainter, box: QRect, *lines: tuple[str, QColor]) -> None:
        metrics = painter.fontMetrics()
        top = box.center().y() - metrics.height()
        for (text, colour), elide in zip(lines, ELIDE, strict=True):
            row = QRect(box.left(), top, box.width(), metrics.height())
            painter.setPen(colour)
            shown = metrics.elidedText(text, elide, box.width())
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, shown)
            top += metrics.height()
