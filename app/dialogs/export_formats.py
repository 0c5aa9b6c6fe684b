"""The formats of an export: which, with which options, and what each of them cannot carry."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.errors import CannotWrite
from core.formats.base import Codec, Option

Role = Qt.ItemDataRole
ROW_HEIGHT = 24
LIST_WIDTH = 250


class FormatsBox(QWidget):
    """A list to tick, and beside it what the marked format is. largest: number of an object."""

    changed = Signal()

    def __init__(
        self,
        codecs: Sequence[Codec],
        ticked: Sequence[str],
        options: Mapping[str, Mapping[str, str]],
        largest: Callable[[], int],
    ) -> None:
        super().__init__()
        self._codecs = {codec.name: codec for codec in codecs}
        self._options = {name: dict(values) for name, values in options.items()}
        self._largest = largest
        self.list = QListWidget()
        self._about = QVBoxLayout()
        self._details: QWidget | None = None
        for codec in codecs:
            self._offer(codec, codec.name in ticked)
        self._arrange()
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.currentRowChanged.connect(self.refresh)
        self.list.setCurrentRow(self._first_ticked())

    @property
    def ticked(self) -> tuple[str, ...]:
        """Names of the formats that are asked for."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(
            item.data(Role.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked
        )

    @property
    def options(self) -> dict[str, dict[str, str]]:
        """The values of the options of those formats, where they are not the usual ones."""
        return {name: dict(self._options[name]) for name in self.ticked if name in self._options}

    def refresh(self) -> None:
        """Say anew what the marked format is, as the images are others."""
        codec = self._codecs[self.list.currentItem().data(Role.UserRole)]
        if self._details is not None:
            self._about.removeWidget(self._details)
            self._details.hide()
            self._details.deleteLater()
        self._details = self._about_format(codec)
        self._about.insertWidget(0, self._details)

    def _offer(self, codec: Codec, is_ticked: bool) -> None:
        kind = codec.suffixes[0] or self.tr("folder")
        item = QListWidgetItem(f"{codec.label}  ({kind})", self.list)
        item.setData(Role.UserRole, codec.name)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEnabled)
        item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)

    def _first_ticked(self) -> int:
        return next((r for r in range(self.list.count()) if self._is_ticked(r)), 0)

    def _is_ticked(self, row: int) -> bool:
        return self.list.item(row).checkState() == Qt.CheckState.Checked

    def _arrange(self) -> None:
        self.list.setAccessibleName(self.tr("Formats"))
        self.list.setUniformItemSizes(True)
        self.list.setMinimumWidth(LIST_WIDTH)
        self._about.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.list, 1)
        row.addLayout(self._about, 1)

    def _about_format(self, codec: Codec) -> QWidget:
        about = QWidget()
        column = QVBoxLayout(about)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        title = QLabel(codec.label)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        column.addWidget(title)
        for text in self._sentences(codec):
            column.addWidget(_paragraph(text))
        if codec.options:
            column.addLayout(self._form(codec))
        return about

    def _sentences(self, codec: Codec) -> list[str]:
        """What a person should know before anything is written."""
        lost = list(codec.cannot_carry) or ([] if codec.keeps_holes else [self.tr("holes")])
        text = self.tr("It cannot carry: {}.").format(", ".join(lost))
        said = [text if lost else self.tr("It carries everything.")]
        if codec.pixel_type:
            said.append(self._pixel_sentence(codec.pixel_type))
        if not codec.can_read:
            said.append(self.tr("It cannot be imported again."))
        return said

    def _pixel_sentence(self, pixel_type: Callable[[int], str]) -> str:
        largest = self._largest()
        try:
            kind = pixel_type(largest)
        except CannotWrite as problem:
            return self.tr("Cannot be written: {}.").format(problem)
        text = self.tr("Pixels are {}; the largest number of an object is {:,}.")
        return text.format(kind, largest)

    def _form(self, codec: Codec) -> QFormLayout:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for option in codec.options:
            form.addRow(option.label, self._field(codec, option))
        return form

    def _field(self, codec: Codec, option: Option) -> QComboBox:
        field = QComboBox()
        field.setObjectName(f"{codec.name}.{option.name}")
        field.setAccessibleName(option.label)
        for value, text in option.choices:
            field.addItem(text, value)
        chosen = self._options.get(codec.name, {}).get(option.name, option.usual)
        field.setCurrentIndex(max(field.findData(chosen), 0))
        field.currentIndexChanged.connect(
            lambda _: self._choose(codec.name, option, field.currentData())
        )
        return field

    def _choose(self, name: str, option: Option, value: str) -> None:
        values = self._options.setdefault(name, {})
        values[option.name] = value
        self.changed.emit()

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        self.list.setCurrentItem(item)
        self.changed.emit()


def _paragraph(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
