"""The model of the table of images: one of core's tables, shown as it is."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from core.tables import Table

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NOTHING = Table((), ())


class ImageModel(QAbstractTableModel):
    """A row for each image."""

    def __init__(self) -> None:
        super().__init__()
        self._table = NOTHING
        self._meanings: dict[str, str] = {}

    @property
    def table(self) -> Table:
        return self._table

    def show_table(self, table: Table) -> None:
        self.beginResetModel()
        self._table, self._meanings = table, dict(table.notes)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else self._table.rows

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._table.headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self._table.headings):
            return None
        heading = self._table.headings[section]
        if role == Role.ToolTipRole:
            return self._meanings.get(heading, heading).capitalize()
        return heading if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        value = self._table.columns[index.column()][index.row()]
        if role == Role.DisplayRole:
            return value if isinstance(value, str) else _written(float(value))
        if role == Role.TextAlignmentRole and not isinstance(value, str):
            return _RIGHT
        return None


def _written(value: float) -> str:
    if np.isnan(value):
        return "–"
    if value.is_integer() or abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 0.1 else f"{value:.3g}"
