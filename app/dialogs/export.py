"""What to export, and where to: a dialog that only asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.export_formats import FormatsBox
from app.dialogs.export_images import ImagesBox, Which
from app.dialogs.export_split import SplitBox
from core.errors import CellscribeError
from core.export.plan import OWN_FILES, targets_of
from core.export.request import ExportRequest, Split
from core.formats.base import Codec
from core.project.records import ImageRecord

MOST_IMAGES = 200
"""Images whose files are listed; nobody reads more, and all of thousands take long."""
FILES_HEIGHT = 120


@dataclass(frozen=True)
class ExportOffer:
    """What can be exported; largest: number of an object of each image, by its id."""

    codecs: Sequence[Codec]
    records: Sequence[ImageRecord]
    current: ImageRecord
    largest: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportWish:
    """What a person asks for. chosen: ids of images, where `which` says so."""

    formats: tuple[str, ...]
    folder: Path
    which: Which = "this"
    chosen: tuple[int, ...] = ()
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Split | None = None

    @property
    def request(self) -> ExportRequest:
        """The same for those who carry it out."""
        return ExportRequest(
            self.folder, self.formats, self.chosen, options=self.options, split=self.split
        )


class ExportDialog(QDialog):
    """Formats, images, parts, folder and the files that come of them; `wish` is the answer."""

    def __init__(
        self,
        offer: ExportOffer,
        start: ExportWish,
        choose_folder: Callable[[str, str], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._offer, self._choose_folder = offer, choose_folder
        self.setWindowTitle(self.tr("Export"))
        self.images = ImagesBox(offer.records, offer.current, start.which, {*start.chosen})
        self.formats = FormatsBox(offer.codecs, start.formats, start.options, self._largest)
        self.split = SplitBox(start.split)
        self.folder = QLineEdit(str(start.folder))
        self.files = QListWidget()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self._buttons.addButton(
            self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._arrange()
        self._connect()
        self._on_changed()

    @property
    def wish(self) -> ExportWish:
        """What the person asks for."""
        return ExportWish(
            self.formats.ticked,
            Path(self.folder.text().strip()),
            self.images.which,
            self.images.ids,
            self.formats.options,
            self.split.split,
        )

    @property
    def hint(self) -> str:
        """What is missing, "" when nothing is."""
        return self._hint.text()

    def _arrange(self) -> None:
        self.folder.setAccessibleName(self.tr("Folder"))
        self._browse = QPushButton(self.tr("Choose…"))
        self._hint = QLabel()
        self._hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.files.setAccessibleName(self.tr("Files that will be written"))
        self.files.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.files.setMinimumHeight(FILES_HEIGHT)
        self._files_box = _box("", self.files)
        folder_row = QHBoxLayout()
        folder_row.addWidget(self.folder)
        folder_row.addWidget(self._browse)
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.addWidget(_box(self.tr("Formats"), self.formats))
        right.addWidget(_box(self.tr("Images"), self.images))
        right.addWidget(_box(self.tr("Data set"), self.split))
        right.addWidget(_box(self.tr("Folder"), folder_row))
        right.addWidget(self._files_box, 1)
        both.addLayout(left, 5)
        both.addLayout(right, 4)
        both.setSpacing(14)
        last = QHBoxLayout()
        last.addWidget(self._hint, 1)
        last.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(both, 1)
        column.addLayout(last)
        self.resize(960, 640)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._browse.clicked.connect(self._on_browse)
        self.images.changed.connect(self._on_images_changed)
        for part in (self.formats, self.split):
            part.changed.connect(self._on_changed)
        self.folder.textChanged.connect(self._on_changed)

    def _largest(self) -> int:
        """The largest number of an object in the images that are meant."""
        return max((self._offer.largest.get(i, 0) for i in self.images.ids), default=0)

    @Slot()
    def _on_browse(self) -> None:
        title = self.tr("Export into this folder")
        if folder := self._choose_folder(title, self.folder.text()):
            self.folder.setText(str(folder))

    @Slot()
    def _on_images_changed(self) -> None:
        self.formats.refresh()
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        """Only a wish that can be carried out may be accepted; the hint says what is missing."""
        wish = self.wish
        hint = self._missing(wish)
        chosen = set(wish.chosen)
        self.split.show_outcome([r for r in self._offer.records if r.id in chosen])
        self._show_files(wish)
        self._hint.setText(hint)
        self.export_button.setEnabled(not hint)

    def _missing(self, wish: ExportWish) -> str:
        if not wish.formats:
            return self.tr("Tick at least one format.")
        if not wish.chosen:
            return self.tr("Tick at least one image.")
        if not self.folder.text().strip():
            return self.tr("Choose a folder.")
        if not wish.folder.is_dir():
            return self.tr("There is no such folder; choose another.")
        if wish.split and len(wish.chosen) < 2:
            return self.tr("Two parts need at least two images.")
        return ""

    def _show_files(self, wish: ExportWish) -> None:
        """The names of the files, as they will be written."""
        shown, total = wish.chosen[:MOST_IMAGES], len(wish.chosen)
        names = self._names(replace(wish, chosen=shown)) if shown and wish.formats else []
        everything = [*names, *OWN_FILES] if names else []
        self.files.clear()
        self.files.addItems(everything)
        title = self.tr("Files ({:,})").format(len(everything))
        if total > len(shown):
            title = self.tr("Files of the first {:,} of {:,} images").format(len(shown), total)
        self._files_box.setTitle(title)

    def _names(self, wish: ExportWish) -> list[str]:
        try:
            targets = targets_of(wish.request, self._offer.records)
        except CellscribeError:  # said when it is carried out
            return []
        return [target.name for target in targets]


def _box(title: str, *parts: QWidget | QLayout) -> QGroupBox:
    box = QGroupBox(title)
    column = QVBoxLayout(box)
    column.setSpacing(6)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    for part in parts:
        column.addLayout(part) if isinstance(part, QLayout) else column.addWidget(part)
    return box
