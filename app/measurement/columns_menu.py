"""Which measurements have a column, by group."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from core.measure.measured import Column
from core.measure.quantities import (
    ELLIPSE,
    ERROR_BARS,
    HULL,
    INTENSITY_BARS,
    NEIGHBOURS,
    OUTLINE,
    meaning,
)
from core.measure.sheet import Sheet

_GROUPS = (
    ("Outline", OUTLINE),
    ("Ellipse", ELLIPSE),
    ("Convex hull", HULL),
    ("Neighbours", NEIGHBOURS),
    ("Error bars", (*ERROR_BARS, *INTENSITY_BARS)),
)


class ColumnsMenu(QMenu):
    """chosen: keys of measurements, by the person; none means the usual ones."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks: dict[str, QAction] = {}
        self.setToolTipsVisible(True)

    def show_sheet(self, sheet: Sheet, shown: tuple[str, ...]) -> None:
        """Offer all that was measured; shown: keys to be marked."""
        self.clear()
        self._marks.clear()
        self.addAction(self.tr("Usual columns")).triggered.connect(lambda: self.chosen.emit(()))
        self.addAction(self.tr("All columns")).triggered.connect(
            lambda: self.chosen.emit(tuple(sheet.columns))
        )
        self.addSeparator()
        menus: dict[str, QMenu] = {}
        for key, column in sheet.columns.items():
            title = self._group(column)
            if title not in menus:
                menus[title] = self.addMenu(title)
                menus[title].setToolTipsVisible(True)
            self._add(menus[title], key, column, sheet.heading(key), key in shown)

    def _group(self, column: Column) -> str:
        for title, quantities in _GROUPS:
            if column.quantity in quantities:
                return self.tr(title)
        name = column.channel_name
        return self.tr("Brightness, {}").format(name) if name else self.tr("Brightness")

    def _add(self, menu: QMenu, key: str, column: Column, heading: str, checked: bool) -> None:
        mark = menu.addAction(heading)
        mark.setCheckable(True)
        mark.setChecked(checked)
        mark.setToolTip(meaning(column.quantity).capitalize())
        mark.triggered.connect(self._on_triggered)
        self._marks[key] = mark

    def _on_triggered(self) -> None:
        self.chosen.emit(tuple(key for key, mark in self._marks.items() if mark.isChecked()))
