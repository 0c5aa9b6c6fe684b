"""The table of measurements as a view: rows that a person picks, copies and goes to."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.canvas.events import caught
from app.measurement.sheet_model import SheetModel
from app.panels.sorting_header import SortingHeader
from core.measure.sheet import CLASS, CONFIDENCE, ID, IMAGE

_WIDTHS = {IMAGE: 170, ID: 60, CLASS: 90, CONFIDENCE: 90}
_WIDEST = 190
_ROOM = 38
"""Pixels beside a heading: margins, and the arrow of the sorted column."""


class SheetTable(QTableView):
    """rows_picked: rows of the sheet, by the person. opened: one of them, by a double click or
    Return. copy_asked, columns_asked: where the pointer is."""

    rows_picked = Signal(list)
    opened = Signal(int)
    copy_asked = Signal()
    columns_asked = Signal(QPoint)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = model
        self._filling = False
        self.setHorizontalHeader(SortingHeader(self))
        self.setModel(model)
        self._set_up()
        model.modelReset.connect(self._on_reset)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        self.doubleClicked.connect(self._on_double_clicked)

    def forget_rows(self) -> None:
        """Something else picks now; what it picks is marked by its colour."""
        self._filling = True
        self.selectionModel().clearSelection()
        self._filling = False

    @caught
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_double_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._sheet.set_palette(self.palette())

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("Measurements"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        # A selection of its own, always empty: else it asks for every cell of a selected column.
        header.setSelectionModel(QItemSelectionModel(self._sheet, header))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.columns_asked.emit(header.mapToGlobal(at))
        )

    @Slot()
    def _on_about_to_reset(self) -> None:
        self._filling = True

    @Slot()
    def _on_reset(self) -> None:
        self._filling = False
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for section, key in enumerate(self._sheet.keys):
            text = self._sheet.sheet.heading(key) if self._sheet.sheet.images else key
            width = min(metrics.horizontalAdvance(text) + _ROOM, _WIDEST)
            header.resizeSection(section, max(_WIDTHS.get(key, 0), width))

    @Slot()
    def _on_selected(self) -> None:
        if not self._filling:
            selection = self.selectionModel().selection()
            parts = (selection.at(number) for number in range(selection.count()))
            rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
            self.rows_picked.emit([int(self._sheet.order[row]) for row in sorted(rows)])

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(int(self._sheet.order[index.row()]))
