"""The model of the list of images: names, status and how many objects are known."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import is_not
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Slot

from app.counted import objects
from app.panels.image_filter import ImageFilter
from app.panels.shown import Shown
from app.panels.thumbnails import Thumbnails
from app.record_list import order
from app.session import Session
from core.project.records import ImageRecord

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
DetailRole = Role.UserRole
StatusRole = Role.UserRole + 1
_NO_INDEX = QModelIndex()
SLICE = 4_000
"""Images that are looked at without letting the window do something else."""


class ImagesModel(QAbstractListModel):
    """One row for each image of the session that the filter keeps, in its order.

    Of a file with many planes those are listed that have objects or were worked on, the one that
    is shown, and one at least. Hundreds of thousands are looked through bit by bit; until that is
    done the former rows stay.
    """

    def __init__(self, session: Session, shown: Shown) -> None:
        super().__init__()
        self._session = session
        self._records: list[ImageRecord] = []
        self._filter = ImageFilter()
        self._search: Iterator[bool] = iter(())
        self._is_outdated = False  # images changed while they were looked through
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._go_on)
        self._thumbnails = Thumbnails(session)
        self._thumbnails.made.connect(self._on_made)
        session.images_changed.connect(self._on_images_changed)
        session.project_left.connect(self._on_project_left)
        shown.regions_changed.connect(self._on_shown_changed)
        shown.replaced.connect(self._on_images_changed)
        shown.replaced.connect(self._on_shown_changed)
        self._on_images_changed()

    @property
    def ids(self) -> list[int]:
        """The images that are listed, in their order."""
        return [record.id for record in self._records]

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter.words)

    def set_filter(self, text: str) -> None:
        """List only images whose names or status contain all words of the text."""
        self._filter = ImageFilter(text)
        self._begin()

    def id_at(self, row: int) -> int:
        return self._records[row].id

    def row_of(self, image_id: int) -> int:
        """The row of an image, -1 when it is not there."""
        try:
            key = order(self._session.record(image_id))
        except KeyError:
            return -1
        row = bisect_left(self._records, key, key=order)
        return row if row < len(self._records) and self._records[row].id == image_id else -1

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
        if role == Role.DecorationRole:
            return self._thumbnails.of(record)
        if role == Role.ToolTipRole:
            return self._tip(record)
        if role == Role.AccessibleTextRole:
            return f"{record.title}, {self._detail(record)}"
        return None

    def _tip(self, record: ImageRecord) -> str:
        if problem := self._session.why_unreadable(record.id):
            return problem
        size = f"\n{record.width} × {record.height} px" if record.is_read else ""
        return record.path + size

    def _detail(self, record: ImageRecord) -> str:
        if self._session.why_unreadable(record.id):
            return self.tr("cannot be read")
        parts = [self._status(record)]
        count = self._session.count_of(record.id)
        if count or record.id in self._session.documents:
            parts.append(objects(count))
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
        """What is looked through is looked through to its end, or frequent changes would let no
        search end."""
        if self._next.isActive():
            self._is_outdated = True
        else:
            self._begin()

    @Slot()
    def _on_project_left(self) -> None:
        self._next.stop()
        self._put([])

    def _begin(self) -> None:
        self._next.stop()
        self._is_outdated = False
        records = list(self._session.records)
        if self.is_filtered or self._session.has_planes:
            self._search = self._look_through(records)
            self._go_on()
        else:
            self._put(records)

    @Slot()
    def _go_on(self) -> None:
        is_done = next(self._search, True)
        if not is_done:
            self._next.start()
        elif self._is_outdated:
            self._begin()

    def _look_through(self, records: list[ImageRecord]) -> Iterator[bool]:
        """List those that belong there; stops between slices."""
        found: list[ImageRecord] = []
        for start in range(0, len(records), SLICE):
            if start:
                yield False
            found += self._filter.kept(self._listed(records, start))
        self._put(found)

    def _listed(self, records: list[ImageRecord], start: int) -> Iterable[ImageRecord]:
        """Of one slice, before the filter."""
        if self._session.has_planes:
            return self._worked_on(records, start)
        return records[start : start + SLICE]

    def _put(self, records: list[ImageRecord]) -> None:
        """Rows are kept when the same images are listed, so that the view does not jump."""
        if _are_of_same_images(self._records, records):
            self._records = records
            self._say_changed(0, len(records) - 1)
            return
        self.beginResetModel()
        self._records = records
        self.endResetModel()

    def _worked_on(self, records: list[ImageRecord], start: int) -> Iterator[ImageRecord]:
        session, last = self._session, records[start - 1] if start else None
        for record in records[start : start + SLICE]:
            begun = record.status != "new" or session.count_of(record.id) > 0
            if begun or record.id == session.wanted or last is None or not last.is_of_file(record):
                yield record
            last = record

    @Slot()
    def _on_shown_changed(self) -> None:
        if self._session.current and (row := self.row_of(self._session.current.id)) >= 0:
            self._say_changed(row, row)

    @Slot(int)
    def _on_made(self, image_id: int) -> None:
        if (row := self.row_of(image_id)) >= 0:
            self._say_changed(row, row)

    def _say_changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first), self.index(last))


def _are_of_same_images(former: Sequence[ImageRecord], latter: Sequence[ImageRecord]) -> bool:
    """Whether the images are the same in the same order; quick where few records are new."""
    if len(former) != len(latter):
        return False
    changed = compress(range(len(former)), map(is_not, former, latter))
    return all(former[row].id == latter[row].id for row in changed)
