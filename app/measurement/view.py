"""Tables and plots of one sheet: filter, columns, and what is picked in one is picked in all."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.measurement.columns_menu import ColumnsMenu
from app.measurement.image_model import ImageModel
from app.measurement.picked import Picked
from app.measurement.plots_pane import PlotsPane
from app.measurement.sheet_model import SheetModel
from app.measurement.sheet_table import SheetTable
from app.messages import Level
from core.annotation.runs import Flags
from core.errors import UsageError
from core.measure.sheet import Sheet
from core.measure.tables import image_table
from core.tables import Table

OBJECTS, IMAGES = 0, 1
_TYPING_MS = 150


class MeasurementView(QWidget):
    """opened: image id and number of an object, by a double click or Return. columns_chosen: keys
    of measurements. rows_changed: other rows are shown or picked. copy_asked: by its key."""

    opened = Signal(int, int)
    columns_chosen = Signal(tuple)
    rows_changed = Signal()
    copy_asked = Signal()

    def __init__(self, picked: Picked) -> None:
        super().__init__()
        self.picked = picked
        self.model, self.image_model = SheetModel(self.palette()), ImageModel()
        self.table, self.images = SheetTable(self.model), QTableView()
        self.plots, self.tabs = PlotsPane(), QTabWidget()
        self.filter, self.problem, self.columns = QLineEdit(), QLabel(), QPushButton()
        self.menu = ColumnsMenu(self)
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._gating = False
        self._set_up_filter()
        self._set_up_images()
        self._arrange()
        self._connect()

    @property
    def sheet(self) -> Sheet:
        return self.model.sheet

    def show_sheet(self, sheet: Sheet, image_id: int) -> None:
        """Other numbers, or the same; image_id: of the image that the canvas shows."""
        self.picked.show_sheet(sheet, image_id)
        if sheet is self.sheet:
            return
        self.plots.forget_gates()
        self.plots.show_sheet(sheet)
        self.image_model.show_table(image_table(sheet.images, sheet.classes))
        self.model.show_sheet(sheet, self.picked.rows)
        self.images.resizeColumnsToContents()

    def choose_columns(self, keys: tuple[str, ...]) -> None:
        """Show these measurements; none means the usual ones."""
        self.model.choose(keys)

    def shown(self) -> dict[str, Table]:
        """What the tabs show, by name; the one in front comes first."""
        names = self.tabs.tabText(OBJECTS), self.tabs.tabText(IMAGES)
        tables = self.sheet.table(self.model.order, self.model.keys), self.image_model.table
        both = list(zip(names, tables, strict=True))
        return dict(both if self.tabs.currentIndex() == OBJECTS else both[::-1])

    def to_copy(self) -> Table:
        """Of the tab in front: the picked rows, or all when none is."""
        if self.tabs.currentIndex() == IMAGES:
            return self.image_model.table
        order = self.model.order
        some = order[self.picked.rows[order]]
        return self.sheet.table(some if len(some) else order, self.model.keys)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tell(self.problem.text())

    def _set_up_filter(self) -> None:
        self.filter.setPlaceholderText(self.tr("Words, or area>500 circularity<0.8 class:cell"))
        self.filter.setAccessibleName(self.tr("Filter of the measurements"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setToolTip(
            self.tr(
                "Show only objects for which all of this holds:\n"
                "cell — the word occurs in the class or the image\n"
                "area>500   mean_1<=0.7   touches_border=no — compare a column\n"
                "-class:cell — a minus in front means the opposite\n"
                "The beginning of a name is enough; names are in the tips of the headings."
            )
        )
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.columns.setText(self.tr("Columns"))
        self.columns.setMenu(self.menu)

    def _set_up_images(self) -> None:
        self.images.setModel(self.image_model)
        self.images.setAccessibleName(self.tr("Measurements of the images"))
        self.images.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.images.setAlternatingRowColors(True)
        self.images.setShowGrid(False)
        self.images.verticalHeader().hide()
        self.images.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.filter, 1)
        top.addWidget(self.columns)
        self.tabs.addTab(self.table, self.tr("Objects"))
        self.tabs.addTab(self.images, self.tr("Images"))
        self.tabs.setDocumentMode(True)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((self.tabs, 3), (self.plots, 2)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([700, 460])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.problem)
        column.addWidget(split, 1)

    def _connect(self) -> None:
        self._typed.timeout.connect(self._on_typed)
        self.filter.textChanged.connect(lambda: self._typed.start())
        self.filter.returnPressed.connect(self._on_typed)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.menu.chosen.connect(self._on_columns_chosen)
        self.table.columns_asked.connect(self._on_columns_asked)
        self.table.rows_picked.connect(self._on_rows_picked)
        self.table.opened.connect(self._on_opened)
        self.table.copy_asked.connect(self.copy_asked)
        self.plots.gated.connect(self._on_gated)
        self.picked.picked_changed.connect(self._on_picked_changed)
        self.model.filled.connect(self._on_filled)

    def _tell(self, problem: str) -> None:
        palette = self.palette()
        palette.setColor(self.problem.foregroundRole(), Level.PROBLEM.colour(palette))
        self.problem.setPalette(palette)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.filter.setAccessibleDescription(problem)

    def _fill_menu(self) -> None:
        self.menu.show_sheet(self.sheet, self.model.keys)

    @Slot()
    def _on_typed(self) -> None:
        """While the text makes no sense the rows stay, and the reason stands below it."""
        self._typed.stop()
        try:
            self.model.set_filter(self.filter.text())
            self._tell("")
        except UsageError as error:
            self._tell(str(error))

    @Slot(QPoint)
    def _on_columns_asked(self, place: QPoint) -> None:
        self.menu.popup(place)

    @Slot(tuple)
    def _on_columns_chosen(self, keys: tuple[str, ...]) -> None:
        self.choose_columns(keys)
        self.columns_chosen.emit(keys)

    @Slot(list)
    def _on_rows_picked(self, rows: list[int]) -> None:
        picked = np.zeros(len(self.sheet), np.bool_)
        picked[rows] = True
        self.plots.forget_gates()
        self._pick(picked)

    @Slot(object)
    def _on_gated(self, picked: Flags) -> None:
        self.table.forget_rows()
        self._pick(picked)

    def _pick(self, picked: Flags) -> None:
        self._gating = True
        self.picked.put(picked)
        self._gating = False

    @Slot(int)
    def _on_opened(self, row: int) -> None:
        image = self.sheet.images[int(self.sheet.image[row])]
        self.opened.emit(image.image_id, int(self.sheet.ids[row]))

    @Slot()
    def _on_picked_changed(self) -> None:
        if len(self.picked.rows) != len(self.sheet):
            return  # the sheet is just being shown
        if not self._gating:  # the canvas did it
            self.table.forget_rows()
            self.plots.forget_gates()
            self._scroll_to_picked()
        self.model.show_picked(self.picked.rows)
        self._show_rows()

    def _scroll_to_picked(self) -> None:
        order = self.model.order
        found = np.flatnonzero(self.picked.rows[order])
        if len(found):
            self.table.scrollTo(self.model.index(int(found[0]), 0))

    @Slot()
    def _on_filled(self) -> None:
        self._show_rows()

    def _show_rows(self) -> None:
        self.plots.show_rows(self.model.order, self.picked.rows)
        self.rows_changed.emit()
