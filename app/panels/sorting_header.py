"""The header of a table that sorts: the arrow stands beside the heading, not on it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionHeader, QTableView

_GAP = "\N{EN SPACE}"
_ARROW, _MARGIN = QStyle.PixelMetric.PM_HeaderMarkSize, QStyle.PixelMetric.PM_HeaderMargin


class SortingHeader(QHeaderView):
    """Keeps a heading that stands on the right away from its arrow.

    Styles, Fusion too, take the width of the arrow off the room of the heading and forget the
    margin beside it, so that the two meet.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setSectionsClickable(True)
        self.setHighlightSections(True)

    def room_for(self, heading: str) -> int:
        """Pixels of a section whose heading is whole also while it is sorted by."""
        arrow, margin = map(self.style().pixelMetric, (_ARROW, _MARGIN))
        return self.fontMetrics().horizontalAdvance(heading + _GAP) + arrow + 2 * margin

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        super().initStyleOptionForIndex(option, section)
        is_sorted = option.sortIndicator != QStyleOptionHeader.SortIndicator.None_
        if is_sorted and option.textAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += _GAP
