"""The model of the table of objects: sorts and filters itself, and follows the shown document."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from app.panels import object_rows as rows
from app.panels.shown import Shown
from app.panels.swatch import swatch
from core.annotation.region import Region

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FEW = 500
"""So many changed rows are updated one by one; beyond it the table is filled anew."""
_PATIENCE_MS = 30
"""Changes that follow each other faster, as under a moving slider, are shown together."""


class ObjectsModel(QAbstractTableModel):
    """One row for each region that the filter leaves. `filled` comes after rows came or went."""

    filled = Signal()

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._ids: list[int] = []
        self._row_of: dict[int, int] = {}
        self._column, self._descending, self._filter = rows.ID, False, ""
        self._later = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._later.timeout.connect(self.refresh)
        shown.replaced.connect(self.refresh)
        shown.regions_changed.connect(self._on_regions_changed)
        shown.classes.classes_changed.connect(self._later.start)
        self.refresh()

    @property
    def total(self) -> int:
        """How many regions there are, whatever the filter."""
        return len(self._shown.regions)

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def rows_of(self, ids: Iterable[int]) -> list[int]:
        """The rows of those regions that are in the table, from the top."""
        return sorted(self._row_of[i] for i in ids if i in self._row_of)

    def set_filter(self, text: str) -> None:
        """Show only regions whose id, class and origin contain all the words."""
        self._filter = text
        self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Fill the table anew."""
        self._later.stop()
        self.beginResetModel()
        arrange = (self._filter, self._column, self._descending)
        self._ids = rows.arranged(self._shown.regions, self._shown.classes, *arrange)
        self._row_of = {number: row for row, number in enumerate(self._ids)}
        self.endResetModel()
        self.filled.emit()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(rows.COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self._titles()[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        region = self._shown.regions.get(self._ids[index.row()])
        if region is None:  # gone since the table was filled, which happens again at once
            return None
        if role == Role.DisplayRole:
            return self._text(region, index.column())
        if role == Role.DecorationRole and index.column() == rows.CLASS:
            return swatch(self._shown.classes.find(region.class_id).color)
        if role == Role.TextAlignmentRole:
            return _alignment(index.column())
        return self._tip(region) if role == Role.ToolTipRole else None

    def _titles(self) -> tuple[str, ...]:
        unit = "px²" if self._shown.pixel_size_um is None else "µm²"
        area = self.tr("Area ({})").format(unit)
        return (self.tr("ID"), self.tr("Class"), area, self.tr("Conf."), self.tr("Origin"))

    def _text(self, region: Region, column: int) -> str:
        if column == rows.ID:
            return str(region.id)
        if column == rows.CLASS:
            return self._shown.classes.find(region.class_id).name
        if column == rows.AREA:
            return self._area(region)
        if column == rows.CONFIDENCE:
            return "–" if region.confidence is None else f"{region.confidence:.2f}"
        return rows.origin_text(region)

    def _area(self, region: Region) -> str:
        size = self._shown.pixel_size_um
        return f"{region.area:,.0f}" if size is None else f"{region.area * size * size:,.1f}"

    def _tip(self, region: Region) -> str:
        origin = region.origin
        if origin.kind == "model" and origin.threshold is not None:
            made = self.tr("{} at threshold {:.2f}").format(origin.model, origin.threshold)
        else:
            made = origin.source
        return f"{rows.origin_text(region)}\n{made}".strip()

    @Slot(frozenset)
    def _on_regions_changed(self, ids: frozenset[int]) -> None:
        regions = self._shown.regions
        changed_only = len(ids) <= _FEW and all(i in regions and i in self._row_of for i in ids)
        if not changed_only or self._filter or self._column != rows.ID:
            self._later.start()
        if changed_only:
            for row in self.rows_of(ids):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(rows.COLUMNS) - 1))


def _alignment(column: int) -> Qt.AlignmentFlag:
    numbers = (rows.ID, rows.AREA, rows.CONFIDENCE)
    return _RIGHT if column in numbers else Qt.AlignmentFlag.AlignVCenter
