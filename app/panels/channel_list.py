"""The channels of an image: which are shown, in which colours, and which one is adjusted."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.canvas.display import MOST_SHOWN, Display
from app.panels.display_edits import is_full
from app.panels.lut_icon import HEIGHT, WIDTH, lut_icon

MOST_ROWS = 8


class ChannelList(QListWidget):
    """checked: (channel, whether it shall be shown) by the person."""

    checked = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setIconSize(QSize(WIDTH, HEIGHT))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Channels"))
        self.setToolTip(
            self.tr(
                "Check the channels to be shown; the picture is their sum.\n"
                "What is below acts on the chosen one. Keys: Up, Down, Space."
            )
        )
        self.itemChanged.connect(self._on_item_changed)

    @property
    def _row_height(self) -> int:
        return max(self.fontMetrics().height(), HEIGHT) + 5

    def show_channels(self, names: Sequence[str]) -> None:
        """Other channels; the same number stays chosen where it exists."""
        if names == [self.item(row).text() for row in range(self.count())]:
            return
        chosen = max(self.currentRow(), 0)
        with QSignalBlocker(self):
            self.clear()
            for name in names:
                QListWidgetItem(name, self).setSizeHint(QSize(0, self._row_height))
            self.setCurrentRow(min(chosen, len(names) - 1))
        rows = min(len(names), MOST_ROWS)
        self.setFixedHeight(rows * self._row_height + 2 * self.frameWidth())

    def show_display(self, display: Display) -> None:
        """Show which are visible in which colours, without telling anyone."""
        full = is_full(display)
        with QSignalBlocker(self):
            for row, look in enumerate(display.channels):
                item = self.item(row)
                state = Qt.CheckState.Checked if look.visible else Qt.CheckState.Unchecked
                item.setCheckState(state)
                item.setIcon(lut_icon(look.lut))
                self._let_check(item, look.visible or not full)

    def _let_check(self, item: QListWidgetItem, possible: bool) -> None:
        box = Qt.ItemFlag.ItemIsUserCheckable
        item.setFlags(item.flags() | box if possible else item.flags() & ~box)
        tip = self.tr("{} channels are shown together at most; uncheck another one first")
        item.setToolTip("" if possible else tip.format(MOST_SHOWN))

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        self.checked.emit(self.row(item), item.checkState() == Qt.CheckState.Checked)
