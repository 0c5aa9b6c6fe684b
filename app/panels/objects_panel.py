"""The panel with the table of objects; its selection and the canvas's are one."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.panels import object_rows as rows
from app.panels.margins import PANEL_MARGINS
from app.panels.objects_model import ObjectsModel
from app.panels.shown import Shown

_TYPING_MS = 150
_WIDEST = {rows.ID: "00000", rows.AREA: "Area (µm²)", rows.CONFIDENCE: "Conf."}


class ObjectsPanel(QWidget):
    """Filter box, table and count. `zoom_asked` comes with an id for a double click."""

    zoom_asked = Signal(int)

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._selection = shown.selection
        self._model = ObjectsModel(shown)
        self._linking = False
        self._unseen = False  # whether the selected regions had no row yet
        self._filter, self._table, self._count = QLineEdit(), QTableView(), QLabel()
        self._menu = QMenu(self)
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._set_up_filter()
        self._set_up_table()
        self._arrange()
        self._connect()
        self._on_filled()

    @property
    def table(self) -> QTableView:
        return self._table

    def set_menu(self, menu: QMenu) -> None:
        """What a right click on the table offers."""
        self._menu = menu

    def _set_up_filter(self) -> None:
        self._filter.setPlaceholderText(self.tr("Filter by id, class or origin"))
        self._filter.setAccessibleName(self.tr("Filter of the table of objects"))
        self._filter.setClearButtonEnabled(True)

    def _set_up_table(self) -> None:
        table, header = self._table, self._table.horizontalHeader()
        table.setModel(self._model)
        table.setAccessibleName(self.tr("Objects"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.sortByColumn(rows.ID, Qt.SortOrder.AscendingOrder)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
        # A selection of its own, always empty: else it asks for every cell of a selected column.
        header.setSelectionModel(QItemSelectionModel(self._model, header))
        for column in (rows.CLASS, rows.ORIGIN):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(40)
        for column, text in _WIDEST.items():
            header.resizeSection(column, table.fontMetrics().horizontalAdvance(text) + 18)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(6)
        for part in (self._filter, self._table, self._count):
            column.addWidget(part)

    def _connect(self) -> None:
        self._filter.textChanged.connect(lambda: self._typed.start())
        self._typed.timeout.connect(lambda: self._model.set_filter(self._filter.text()))
        self._model.filled.connect(self._on_filled)
        self._selection.selection_changed.connect(self._on_selection_changed)
        self._table.selectionModel().selectionChanged.connect(self._on_rows_selected)
        self._table.doubleClicked.connect(self._on_double_clicked)
        self._table.customContextMenuRequested.connect(self._on_menu_asked)

    @Slot()
    def _on_filled(self) -> None:
        self._show_selection(scroll=self._unseen)
        self._show_count()

    @Slot(frozenset)
    def _on_selection_changed(self, ids: frozenset[int]) -> None:
        if not self._linking:
            self._show_selection(scroll=True)
        self._show_count()

    @Slot(QItemSelection, QItemSelection)
    def _on_rows_selected(self, chosen: QItemSelection, dropped: QItemSelection) -> None:
        """The person picked rows; regions that the filter hides stay as they are."""
        if self._linking:
            return
        self._linking = True
        ids = self._selection.ids - self._ids_in(dropped) | self._ids_in(chosen)
        self._selection.set(ids)
        self._linking = False

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.zoom_asked.emit(self._model.id_at(index.row()))

    @Slot(QPoint)
    def _on_menu_asked(self, place: QPoint) -> None:
        if self._table.indexAt(place).isValid():
            self._menu.popup(self._table.viewport().mapToGlobal(place))

    def _show_selection(self, scroll: bool) -> None:
        """Select the rows of the selected regions, without telling them so."""
        found = self._model.rows_of(self._selection.ids)
        self._linking = True
        self._table.selectionModel().select(
            self._ranges(found), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self._linking = False
        self._unseen = scroll and bool(self._selection.ids) and not found
        if scroll and found:
            self._table.scrollTo(self._model.index(found[0], 0))

    def _ranges(self, found: list[int]) -> QItemSelection:
        """Rows that follow each other become one range; a table of thousands has few."""
        chosen, last = QItemSelection(), len(rows.COLUMNS) - 1
        start = 0
        for stop in range(1, len(found) + 1):
            if stop == len(found) or found[stop] != found[stop - 1] + 1:
                first, final = found[start], found[stop - 1]
                corners = self._model.index(first, 0), self._model.index(final, last)
                chosen.append(QItemSelectionRange(*corners))
                start = stop
        return chosen

    def _ids_in(self, ranges: QItemSelection) -> frozenset[int]:
        parts = (ranges.at(number) for number in range(ranges.count()))
        spans = (range(part.top(), part.bottom() + 1) for part in parts)
        return frozenset(self._model.id_at(row) for span in spans for row in span)

    def _show_count(self) -> None:
        total, visible = self._model.total, self._model.rowCount()
        selected = len(self._selection.ids)
        if visible == total:
            text = self.tr("1 object") if total == 1 else self.tr("{:,} objects").format(total)
        else:
            text = self.tr("{:,} of {:,} objects").format(visible, total)
        if selected:
            text = self.tr("{}, {:,} selected").format(text, selected)
        self._count.setText(text)
