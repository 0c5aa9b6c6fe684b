"""The model of the table of objects: sorts and filters itself, and follows the shown document."""

from collections.abc import Iterable, Set
from functools import lru_cache
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
from app.panels.object_filter import Filter, parse
from app.panels.object_measures import Frame, ObjectMeasures
from app.panels.shown import Shown
from app.panels.swatch import swatch
from core.annotation.region import Region
from core.measure.quantities import Quantity
from core.measure.shapes import measure

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FEW = 500
"""So many changed rows are updated one by one; beyond it the table is filled anew."""
_PATIENCE_MS = 30
"""Changes that follow each other faster, as under a moving slider, are shown together."""
_WORDS = (rows.CLASS, rows.ORIGIN, rows.STATE)
_measured = lru_cache(maxsize=512)(measure)  # of the rows in sight, asked for at every repaint


class ObjectsModel(QAbstractTableModel):
    """One row for each region that the filter leaves.

    filled: rows came or went. measuring_changed: whether the rows wait for measurements; until
    then they stay as they are.
    """

    filled = Signal()
    measuring_changed = Signal()

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._rows = rows.NO_ROWS
        self._is_stale = True  # `_rows` are no longer those of the document
        self._ids: list[int] = []
        self._row_of: dict[int, int] = {}
        self._column, self._descending, self._filter = rows.ID, False, Filter()
        self._measures = ObjectMeasures()
        self._measuring = False
        self._later = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._later.timeout.connect(self.refresh)
        self._measures.ready.connect(self.refresh)
        shown.replaced.connect(self._on_replaced)
        shown.regions_changed.connect(self._on_regions_changed)
        shown.classes.classes_changed.connect(self._later.start)
        self.refresh()

    @property
    def total(self) -> int:
        """How many regions there are, whatever the filter."""
        return len(self._shown.regions)

    @property
    def measuring(self) -> bool:
        """Whether the rows wait for measurements."""
        return self._measuring

    @property
    def hidden(self) -> Set[int]:
        """Ids of what the canvas does not show for now."""
        document = self._shown.document
        return document.hidden if document else frozenset()

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def rows_of(self, ids: Iterable[int]) -> list[int]:
        """The rows of those regions that are in the table, from the top."""
        return sorted(self._row_of[i] for i in ids if i in self._row_of)

    def set_filter(self, text: str) -> None:
        """Show only what the text leaves; raises UsageError, and changes nothing, for nonsense."""
        self._filter = parse(text)
        self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Fill the table anew, at once or as soon as all is measured that it takes."""
        self._later.stop()
        if self._column == rows.ID and not self._filter.terms:  # as it is most of the time
            self._set_measuring(False)
            self._put(sorted(self._shown.regions, reverse=self._descending))
        else:
            self._arrange()

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
        if role == Role.ToolTipRole:
            return self._help(section)
        return self._title(section) if role == Role.DisplayRole else None

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

    def _frame(self) -> Frame:
        document = self._shown.document
        size = (document.width, document.height) if document else (0, 0)
        return (*size, self._shown.pixel_size_um)

    def _arrange(self) -> None:
        if self._is_stale:
            self._rows, self._is_stale = rows.gathered(self._shown.regions, self.hidden), False
        wanted = self._filter.measured or self._column in rows.BY_COLUMN
        values = self._measures.of(self._rows, self._frame()) if wanted else {}
        self._set_measuring(values is None)
        if values is not None:
            classes, order = self._shown.classes, (self._column, self._descending)
            fits = self._filter.fits(self._rows, classes, values)
            self._put(rows.ordered(self._rows, fits, *order, classes, values))

    def _put(self, ids: list[int]) -> None:
        self.beginResetModel()
        self._ids = ids
        self._row_of = dict(zip(ids, range(len(ids)), strict=True))
        self.endResetModel()
        self.filled.emit()

    def _set_measuring(self, measuring: bool) -> None:
        if measuring != self._measuring:
            self._measuring = measuring
            self.measuring_changed.emit()

    def _title(self, column: int) -> str:
        if column in rows.BY_COLUMN:
            unit = "px" if self._shown.pixel_size_um is None else "µm"
            return self.tr(rows.BY_COLUMN[column].heading(unit))
        words = {
            rows.ID: self.tr("ID"),
            rows.CLASS: self.tr("Class"),
            rows.CONFIDENCE: self.tr("Conf."),
            rows.ORIGIN: self.tr("Origin"),
            rows.STATE: self.tr("State"),
        }
        return words[column]

    def _help(self, column: int) -> str:
        """What the column says, and where there are more."""
        words = {
            rows.ID: self.tr("Number of the object, as on the picture"),
            rows.CLASS: self.tr("What the object is"),
            rows.CONFIDENCE: self.tr("Chance that it is an object, as the network says"),
            rows.ORIGIN: self.tr("Who drew the outline"),
            rows.STATE: self.tr("What was done since, and whether it is hidden"),
        }
        quantity = rows.BY_COLUMN.get(column)
        said = self.tr(quantity.formula).capitalize() if quantity else words[column]
        return f"{said}\n{self.tr('Click to sort; right-click for more columns')}"

    def _text(self, region: Region, column: int) -> str:
        if column == rows.ID:
            return str(region.id)
        if column == rows.CLASS:
            return self._shown.classes.find(region.class_id).name
        if column == rows.CONFIDENCE:
            return "–" if region.confidence is None else f"{region.confidence:.2f}"
        if column == rows.ORIGIN:
            return rows.origin_text(region)
        if column == rows.STATE:
            return self._state(region)
        return self._number(region, rows.BY_COLUMN[column])

    def _state(self, region: Region) -> str:
        return rows.state_text(region, region.id in self.hidden)

    def _number(self, region: Region, quantity: Quantity) -> str:
        unit = "px" if self._shown.pixel_size_um is None else "µm"
        return self.tr(quantity.text(_measured(region, *self._frame())[quantity.name], unit))

    def _tip(self, region: Region) -> str:
        origin = region.origin
        if origin.kind == "model" and origin.threshold is not None:
            made = self.tr("{} at threshold {:.2f}").format(origin.model, origin.threshold)
        else:
            made = origin.source
        parts = rows.origin_text(region), self._state(region)
        return f"{', '.join(filter(None, parts))}\n{made}".strip()

    @Slot()
    def _on_replaced(self) -> None:
        self._is_stale = True
        self._put([])  # the rows of another image, should there be something to measure first
        self.refresh()

    @Slot(frozenset)
    def _on_regions_changed(self, ids: frozenset[int]) -> None:
        self._is_stale = True
        regions = self._shown.regions
        changed_only = len(ids) <= _FEW and all(i in regions and i in self._row_of for i in ids)
        if not changed_only or self._filter.terms or self._column != rows.ID:
            self._later.start()
        if changed_only:
            for row in self.rows_of(ids):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(rows.COLUMNS) - 1))


def _alignment(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter if column in _WORDS else _RIGHT
