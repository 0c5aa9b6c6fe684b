"""The model of the list of images: names, status and how many objects are known."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Slot

from app.panels.shown import Shown
from app.session import Session
from core.project.records import ImageRecord

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
DetailRole = Role.UserRole
StatusRole = Role.UserRole + 1
_NO_INDEX = QModelIndex()


class ImagesModel(QAbstractListModel):
    """One row for each image of the session, in its order.

    Of a file with many planes those are listed that have objects or were worked on, the one that
    is shown, and one at least.
    """

    def __init__(self, session: Session, shown: Shown) -> None:
        super().__init__()
        self._session = session
        self._records: list[ImageRecord] = []
        session.images_changed.connect(self._on_images_changed)
        shown.regions_changed.connect(self._on_shown_changed)
        shown.replaced.connect(self._on_images_changed)
        shown.replaced.connect(self._on_shown_changed)
        self._on_images_changed()

    def id_at(self, row: int) -> int:
        return self._records[row].id

    def row_of(self, image_id: int) -> int:
        """The row of an image, -1 when it is not there."""
        return next((n for n, record in enumerate(self._records) if record.id == image_id), -1)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._records)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        record = self._records[index.row()]
        if role == Role.DisplayRole:
            return record.title
        if role == DetailRole:
            return self._detail(record)
        if role == StatusRole:
            return record.status
        if role == Role.ToolTipRole:
            return f"{record.path}\n{record.width} × {record.height} px"
        if role == Role.AccessibleTextRole:
            return f"{record.title}, {self._detail(record)}"
        return None

    def _detail(self, record: ImageRecord) -> str:
        parts = [self._status(record)]
        count = self._session.count_of(record.id)
        if count or record.id in self._session.documents:
            parts.append(
                self.tr("1 object") if count == 1 else self.tr("{:,} objects").format(count)
            )
        return " · ".join(parts)

    def _status(self, record: ImageRecord) -> str:
        return {
            "new": self.tr("new"),
            "segmented": self.tr("segmented"),
            "edited": self.tr("edited"),
            "reviewed": self.tr("reviewed"),
        }[record.status]

    @Slot()
    def _on_images_changed(self) -> None:
        """Rows are kept when the same images are listed, so that the view does not jump."""
        records = list(self._listed())
        if [r.id for r in records] == [r.id for r in self._records]:
            self._records = records
            self._say_changed(0, len(records) - 1)
            return
        self.beginResetModel()
        self._records = records
        self.endResetModel()

    def _listed(self) -> Iterator[ImageRecord]:
        session, last = self._session, None
        for record in session.records:
            begun = record.status != "new" or session.count_of(record.id) > 0
            if begun or record.id == session.wanted or last is None or not last.is_of_file(record):
                yield record
            last = record

    @Slot()
    def _on_shown_changed(self) -> None:
        if self._session.current and (row := self.row_of(self._session.current.id)) >= 0:
            self._say_changed(row, row)

    def _say_changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first), self.index(last))
