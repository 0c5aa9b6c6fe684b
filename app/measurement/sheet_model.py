"""The model of the table of measurements: a sheet, of which the filter leaves rows, in an order."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette

from app.measurement.query import fitting
from core.annotation.runs import Flags, Ints
from core.errors import UsageError
from core.measure.sheet import FACTS, ID, IMAGE, TEXTS, Sheet

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
USUAL = (
    "area",
    "perimeter",
    "equivalent_diameter",
    "circularity",
    "aspect_ratio",
    "feret_max",
    "solidity",
    "nearest_distance",
    "touches_border",
)
"""Shown until a person chooses others; the mean of each channel comes with them."""


class SheetModel(QAbstractTableModel):
    """filled: other rows are shown, or in another order."""

    filled = Signal()

    def __init__(self, palette: QPalette) -> None:
        super().__init__()
        self._sheet = Sheet()
        self._chosen: tuple[str, ...] = ()
        self._keys: tuple[str, ...] = (ID,)
        self._text = ""
        self._sorted_by, self._descending = "", False
        self._order: Ints = np.empty(0, np.int64)
        self._picked: Flags = np.empty(0, np.bool_)
        self._palette = palette

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def order(self) -> Ints:
        """The rows of the sheet that are shown, from the top."""
        return self._order

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields that are shown."""
        return self._keys

    def show_sheet(self, sheet: Sheet, picked: Flags) -> None:
        self._sheet, self._picked = sheet, picked
        self._choose_keys()
        self._arrange(strict=False)

    def choose(self, keys: tuple[str, ...]) -> None:
        """Show these measurements; none means the usual ones."""
        self._chosen = keys
        self._choose_keys()
        self._arrange(strict=False)

    def set_filter(self, text: str) -> None:
        """Raises UsageError, and changes nothing, for nonsense."""
        fitting(self._sheet, text)
        self._text = text
        self._arrange()

    def show_picked(self, picked: Flags) -> None:
        """(n,) rows of the sheet to be marked."""
        self._picked = picked
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            roles = [Role.BackgroundRole, Role.ForegroundRole]
            self.dataChanged.emit(self.index(0, 0), last, roles)

    def set_palette(self, palette: QPalette) -> None:
        """Colours of what is picked."""
        self._palette = palette
        self.show_picked(self._picked)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = self._keys[column] if 0 <= column < len(self._keys) else ""
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self._keys):
            return None
        key = self._keys[section]
        if role == Role.DisplayRole:
            return self._sheet.heading(key)
        if role == Role.ToolTipRole:
            return f"{key}\n{self._sheet.meaning(key).capitalize()}"
        return self._alignment(key) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, key = int(self._order[index.row()]), self._keys[index.column()]
        if role == Role.DisplayRole:
            return self._sheet.text(key, row)
        if role == Role.TextAlignmentRole:
            return self._alignment(key)
        if role == Role.ToolTipRole:
            return self._sheet.why_empty(key, row) or None
        if role == Role.BackgroundRole and self._picked[row]:
            return self._palette.highlight()
        if role == Role.ForegroundRole and self._picked[row]:
            return self._palette.highlightedText()
        return None

    def _choose_keys(self) -> None:
        """Of several images their names come first."""
        sheet = self._sheet
        means = [key for key, column in sheet.columns.items() if column.quantity.name == "mean"]
        wanted = frozenset(self._chosen or (*USUAL, *means))
        facts = [key for key in FACTS if key != IMAGE or len(sheet.images) > 1]
        self._keys = (*facts, *(key for key in sheet.columns if key in wanted))

    def _arrange(self, strict: bool = True) -> None:
        """Sorted by a field, then as in the sheet; what has no number comes last."""
        sheet = self._sheet
        self.beginResetModel()
        fits = fitting(sheet, self._text) if strict else self._fitting_or_all()
        rows = np.flatnonzero(fits)
        if self._sorted_by in sheet.keys:
            numbers = sheet.numbers(self._sorted_by)[rows]
            rows = rows[np.argsort(-numbers if self._descending else numbers, kind="stable")]
        self._order = rows
        self.endResetModel()
        self.filled.emit()

    def _fitting_or_all(self) -> Flags:
        """A filter about a column that went with the last sheet is dropped."""
        try:
            return fitting(self._sheet, self._text)
        except UsageError:
            self._text = ""
            return np.ones(len(self._sheet), np.bool_)

    @staticmethod
    def _alignment(key: str) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignVCenter if key in TEXTS else _RIGHT
