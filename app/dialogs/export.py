"""What to export, and where to: a dialog that only asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.formats.base import Codec

Role = Qt.ItemDataRole
ROW_HEIGHT = 24


@dataclass(frozen=True)
class ExportWish:
    """Names of formats, whether of all images, and the folder."""

    formats: tuple[str, ...]
    all_images: bool
    folder: Path


class ExportDialog(QDialog):
    """Formats to tick, images, folder; `wish` is valid once it was accepted."""

    def __init__(
        self,
        codecs: Sequence[Codec],
        image_name: str,
        image_count: int,
        start: ExportWish,
        choose_folder: Callable[[str, str], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choose_folder = choose_folder
        self.setWindowTitle(self.tr("Export"))
        self.formats = QListWidget()
        self.folder = QLineEdit(str(start.folder))
        self.this_image = QRadioButton(self.tr("This image: {}").format(image_name))
        self.all_images = QRadioButton(self.tr("All {:,} images").format(image_count))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self._buttons.addButton(
            self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        for codec in codecs:
            self._offer(codec, codec.name in start.formats)
        self.all_images.setEnabled(image_count > 1)
        self.all_images.setChecked(start.all_images and image_count > 1)
        self.this_image.setChecked(not self.all_images.isChecked())
        self._arrange()
        self._connect()
        self._on_changed()

    @property
    def wish(self) -> ExportWish:
        """What the person asks for."""
        items = (self.formats.item(row) for row in range(self.formats.count()))
        chosen = tuple(
            item.data(Role.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked
        )
        return ExportWish(chosen, self.all_images.isChecked(), Path(self.folder.text().strip()))

    def _offer(self, codec: Codec, ticked: bool) -> None:
        item = QListWidgetItem(f"{codec.label}  ({codec.suffixes[0]})", self.formats)
        item.setData(Role.UserRole, codec.name)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        if not codec.keeps_holes:
            item.setToolTip(self.tr("This format has no holes: they are filled, and reported."))

    def _arrange(self) -> None:
        self.formats.setAccessibleName(self.tr("Formats"))
        self.formats.setUniformItemSizes(True)
        self.formats.setFrameShape(QListWidget.Shape.NoFrame)
        self.folder.setAccessibleName(self.tr("Folder"))
        self._browse = QPushButton(self.tr("Choose…"))
        self._hint = QLabel()
        self._hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        folder_row = QHBoxLayout()
        folder_row.addWidget(self.folder)
        folder_row.addWidget(self._browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(_box(self.tr("Formats"), self.formats), 1)
        column.addWidget(_box(self.tr("Images"), self.this_image, self.all_images))
        column.addWidget(_box(self.tr("Folder"), folder_row))
        column.addWidget(self._hint)
        column.addWidget(self._buttons)
        self.resize(520, 560)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._browse.clicked.connect(self._on_browse)
        self.formats.itemChanged.connect(self._on_changed)
        self.folder.textChanged.connect(self._on_changed)

    @Slot()
    def _on_browse(self) -> None:
        title = self.tr("Export into this folder")
        if folder := self._choose_folder(title, self.folder.text()):
            self.folder.setText(str(folder))

    @Slot()
    def _on_changed(self) -> None:
        """Only a wish that can be carried out may be accepted; the hint says what is missing."""
        wish, hint = self.wish, ""
        if not wish.formats:
            hint = self.tr("Tick at least one format.")
        elif not self.folder.text().strip():
            hint = self.tr("Choose a folder.")
        elif not wish.folder.is_dir():
            hint = self.tr("There is no such folder; choose another.")
        self._hint.setText(hint)
        self.export_button.setEnabled(not hint)


def _box(title: str, *parts: QWidget | QHBoxLayout) -> QGroupBox:
    box = QGroupBox(title)
    column = QVBoxLayout(box)
    column.setSpacing(6)
    for part in parts:
        column.addLayout(part) if isinstance(part, QHBoxLayout) else column.addWidget(part)
    return box
