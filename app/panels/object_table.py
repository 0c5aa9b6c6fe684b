"""The table of objects as a view: its columns, its keys, and a selection that is the canvas's."""

from collections.abc import Iterator

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from app.canvas.events import caught
from app.document.selection import Selection
from app.panels import object_rows as rows
from app.panels import state_delegate
from app.panels.column_menu import ColumnMenu
from app.panels.objects_model import ObjectsModel
from app.panels.sorting_header import SortingHeader

_HEADINGS = {
    rows.ID: "ID",
    rows.AREA: "Area (µm²)",
    rows.CONFIDENCE: "Conf.",
    rows.ORIGIN: "Origin",
}
_WIDEST = {rows.ID: "00000", rows.ORIGIN: "Imported"}
"""Of the texts in a column, where its heading is not wider."""
_CLASS_WIDTH, _LEAST_CLASS_WIDTH = 70, 50
_LEAST_ROWS = 3
_MARGINS = 8
"""Pixels beside a text in a cell."""
_HINT_ROOM = (8, 8, -8, -8)
_HINT_FLAGS = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_SELECT_ALL = QKeySequence.StandardKey.SelectAll
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_ZOOM_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ObjectTable(QTableView):
    """zoom_asked: an id, for a double click or Return. columns_chosen: names of measurements."""

    zoom_asked = Signal(int)
    columns_chosen = Signal(tuple)

    def __init__(self, model: ObjectsModel, selection: Selection) -> None:
        super().__init__()
        self._objects, self._selection = model, selection
        self._menu, self._columns = QMenu(self), ColumnMenu(self)
        self._linking = False
        self._header = SortingHeader(self)
        self.setHorizontalHeader(self._header)
        self._unseen = False  # whether the selected regions had no row yet
        self._place = 0  # row of the selection, kept when its region goes: work goes on there
        self._hint = ""
        self.setModel(model)
        self._set_up()
        self._set_up_columns()
        self._connect()
        self.show_columns(())

    def set_menu(self, menu: QMenu) -> None:
        """What a right click on a row offers."""
        self._menu = menu

    @property
    def hint(self) -> str:
        return self._hint

    def set_hint(self, text: str) -> None:
        """What stands in the table while it has no rows."""
        if text != self._hint:
            self._hint = text
            self.viewport().update()

    @caught
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._hint and not self._objects.rowCount():
            room = self.viewport().rect().adjusted(*_HINT_ROOM)
            with QPainter(self.viewport()) as painter:
                painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
                painter.drawText(room, _HINT_FLAGS, self._hint)

    def show_columns(self, names: tuple[str, ...]) -> None:
        """Show these measurements besides what is always shown; a hidden one sorts no longer."""
        self._columns.mark(names)
        shown = frozenset(self._columns.names)
        header = self.horizontalHeader()
        for column in rows.MEASURED:
            self.setColumnHidden(column, rows.BY_COLUMN[column].name not in shown)
        self._share_out()
        if self.isColumnHidden(header.sortIndicatorSection()):
            self.sortByColumn(rows.ID, Qt.SortOrder.AscendingOrder)

    def ids_from_here(self, step: int) -> Iterator[int]:
        """All regions of the table that are not hidden, once, from the one after (1) or before (-1)
        the selection."""
        found, count = self._objects.rows_of(self._selection.ids), self._objects.rowCount()
        behind = found[-1] + 1 if found else self._place
        ahead = found[0] - 1 if found else self._place - 1
        first = behind if step > 0 else ahead
        ids = (self._objects.id_at((first + step * k) % count) for k in range(count))
        return (i for i in ids if i not in self._objects.hidden)

    def begin_anew(self) -> None:
        """Another image is shown; work begins at its first row."""
        self._place = 0
        self._set_current(-1)

    @caught
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_out()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Select all means the rows in the table, not also those that the filter hides."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.matches(_SELECT_ALL):
            event.accept()
            return True
        return super().event(event)

    def selectAll(self) -> None:
        """Hidden objects are left out, unless the table has no others."""
        ids = list(map(self._objects.id_at, range(self._objects.rowCount())))
        self._selection.set([i for i in ids if i not in self._objects.hidden] or ids)

    @caught
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ZOOM_KEYS and not event.modifiers() & _COMMANDS:
            self._on_double_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("Objects"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.sortByColumn(rows.ID, Qt.SortOrder.AscendingOrder)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        height = self.fontMetrics().height() + 8
        self.verticalHeader().setDefaultSectionSize(height)
        self.setMinimumHeight((1 + _LEAST_ROWS) * height)  # with the header

    def _set_up_columns(self) -> None:
        header = self._header
        # A selection of its own, always empty: else it asks for every cell of a selected column.
        header.setSelectionModel(QItemSelectionModel(self._objects, header))
        header.setMinimumSectionSize(40)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        headings = {column: rows.BY_COLUMN[column].heading("µm") for column in rows.MEASURED}
        width = self.fontMetrics().horizontalAdvance
        for column, text in {**_HEADINGS, **headings}.items():
            widest = width(_WIDEST.get(column, "")) + _MARGINS
            header.resizeSection(column, max(self._header.room_for(text), widest))
        header.resizeSection(rows.STATE, state_delegate.WIDTH)
        header.resizeSection(rows.CLASS, _CLASS_WIDTH)
        self.setItemDelegateForColumn(rows.STATE, state_delegate.StateDelegate(self))

    def _share_out(self) -> None:
        """The class takes what is left over; where that is too little, it gets enough."""
        header, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        left_over = self.viewport().width() - header.length() + header.sectionSize(rows.CLASS)
        wanted = mode.Stretch if left_over >= _LEAST_CLASS_WIDTH else mode.Interactive
        if wanted != header.sectionResizeMode(rows.CLASS):
            header.setSectionResizeMode(rows.CLASS, wanted)
            header.resizeSection(rows.CLASS, _CLASS_WIDTH)

    def _connect(self) -> None:
        self._objects.filled.connect(self._on_filled)
        self._selection.selection_changed.connect(self._on_selection_changed)
        self.selectionModel().selectionChanged.connect(self._on_rows_selected)
        self.doubleClicked.connect(self._on_double_clicked)
        self.customContextMenuRequested.connect(self._on_menu_asked)
        self.horizontalHeader().customContextMenuRequested.connect(self._on_columns_asked)
        self._columns.chosen.connect(self._on_columns_chosen)

    @Slot()
    def _on_filled(self) -> None:
        self._show_selection(scroll=self._unseen)

    @Slot(frozenset)
    def _on_selection_changed(self, ids: frozenset[int]) -> None:
        if not self._linking:
            self._show_selection(scroll=True)

    @Slot()
    def _on_rows_selected(self) -> None:
        """The person picked rows; what the filter hides is not selected any more, or Delete would
        take along what nobody sees."""
        if self._linking:
            return
        self._linking = True
        found = self._selected_rows()
        self._place = found[0] if found else self._place
        self._selection.set(map(self._objects.id_at, found))
        self._linking = False

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.zoom_asked.emit(self._objects.id_at(index.row()))

    @Slot(QPoint)
    def _on_menu_asked(self, place: QPoint) -> None:
        if self.indexAt(place).isValid():
            self._menu.popup(self.viewport().mapToGlobal(place))

    @Slot(QPoint)
    def _on_columns_asked(self, place: QPoint) -> None:
        self._columns.popup(self.horizontalHeader().mapToGlobal(place))

    @Slot(tuple)
    def _on_columns_chosen(self, names: tuple[str, ...]) -> None:
        self.show_columns(names)
        self.columns_chosen.emit(names)

    def _selected_rows(self) -> list[int]:
        selection = self.selectionModel().selection()
        parts = (selection.at(number) for number in range(selection.count()))
        return sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})

    def _show_selection(self, scroll: bool) -> None:
        """Select the rows of the selected regions, without telling them so."""
        found = self._objects.rows_of(self._selection.ids)
        self._linking = True
        self._set_current(self._current_among(found))
        self.selectionModel().select(
            self._ranges(found), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self._linking = False
        self._unseen = scroll and bool(self._selection.ids) and not found
        if found:
            self._place = found[0]
            if scroll:
                self._scroll_to(found[0])

    def _current_among(self, found: list[int]) -> int:
        """The row that keys start from; when the selection is gone, the one before its place, so
        that Down goes on where it was."""
        if not found:
            return min(self._place, self._objects.rowCount()) - 1
        current = self.currentIndex().row()
        return current if current in found else found[0]

    def _set_current(self, row: int) -> None:
        """As if the person had clicked there: Shift and an arrow key extend from it."""
        self.setAutoScroll(False)
        self.setCurrentIndex(self._objects.index(row, max(self.currentIndex().column(), 0)))
        self.setAutoScroll(True)

    def _scroll_to(self, row: int) -> None:
        """Up or down only."""
        bar = self.horizontalScrollBar()
        left = bar.value()
        self.scrollTo(self._objects.index(row, 0))
        bar.setValue(left)

    def _ranges(self, found: list[int]) -> QItemSelection:
        """Rows that follow each other become one range; a table of thousands has few."""
        chosen, last = QItemSelection(), len(rows.COLUMNS) - 1
        start = 0
        for stop in range(1, len(found) + 1):
            if stop == len(found) or found[stop] != found[stop - 1] + 1:
                first, final = found[start], found[stop - 1]
                corners = self._objects.index(first, 0), self._objects.index(final, last)
                chosen.append(QItemSelectionRange(*corners))
                start = stop
        return chosen
