"""Which images to export: the shown one, all, the reviewed ones, or those that are ticked."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.export_formats import ROW_HEIGHT
from core.project.records import ImageRecord

Which: TypeAlias = Literal["this", "all", "reviewed", "chosen"]
WHICH: tuple[Which, ...] = get_args(Which)
LIST_HEIGHT = 110


class ImagesBox(QWidget):
    """Four ways to say it; the list is there for the last one only."""

    changed = Signal()

    def __init__(
        self, records: Sequence[ImageRecord], current: ImageRecord, which: Which, chosen: set[int]
    ) -> None:
        super().__init__()
        self._records, self._current = records, current
        self._reviewed = [r.id for r in records if r.status == "reviewed"]
        self.buttons = {kind: QRadioButton(self._text(kind)) for kind in WHICH}
        self.list = QListWidget()
        group, column = QButtonGroup(self), QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in self.buttons.values():
            group.addButton(button)
            column.addWidget(button)
            button.toggled.connect(self._on_toggled)
        column.addWidget(self.list)
        self._arrange_list()
        self._chosen = chosen or {current.id}
        self._limit()
        wished = self.buttons[which]
        (wished if wished.isEnabled() else self.buttons["this"]).setChecked(True)

    @property
    def which(self) -> Which:
        return next(kind for kind, button in self.buttons.items() if button.isChecked())

    @property
    def ids(self) -> tuple[int, ...]:
        """The images that are meant, in order."""
        if self.which == "this":
            return (self._current.id,)
        if self.which == "reviewed":
            return tuple(self._reviewed)
        if self.which == "all":
            return tuple(record.id for record in self._records)
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(i.data(Qt.ItemDataRole.UserRole) for i in items if _is_ticked(i))

    def _text(self, which: Which) -> str:
        texts = {
            "this": self.tr("This image: {}").format(self._current.title.replace("&", "&&")),
            "all": self.tr("All images ({:,})").format(len(self._records)),
            "reviewed": self.tr("Only reviewed images ({:,})").format(len(self._reviewed)),
            "chosen": self.tr("Chosen images"),
        }
        return texts[which]

    def _arrange_list(self) -> None:
        self.list.setAccessibleName(self.tr("Images to export"))
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(LIST_HEIGHT)
        self.list.hide()

    def _fill(self) -> None:
        """Only once it is looked at: there may be thousands of images."""
        for record in self._records:
            item = QListWidgetItem(record.title, self.list)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            item.setData(Qt.ItemDataRole.UserRole, record.id)
            state = Qt.CheckState.Checked if record.id in self._chosen else Qt.CheckState.Unchecked
            item.setCheckState(state)
        self.list.itemChanged.connect(self.changed)

    def _limit(self) -> None:
        """No choice where there is none."""
        several = len(self._records) > 1
        self.buttons["all"].setEnabled(several)
        self.buttons["chosen"].setEnabled(several)
        self.buttons["reviewed"].setEnabled(bool(self._reviewed))

    @Slot(bool)
    def _on_toggled(self, is_on: bool) -> None:
        if is_on:
            if self.which == "chosen" and not self.list.count():
                self._fill()
            self.list.setVisible(self.which == "chosen")
            self.changed.emit()


def _is_ticked(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked
