"""The menu behind the header of the table of objects: which measurements have a column."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.panels import object_rows as rows


class ColumnMenu(QMenu):
    """One check mark for each measurement. `chosen`: the names, in their order, by the person."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks: dict[str, QAction] = {}
        for quantity in (rows.BY_COLUMN[column] for column in rows.MEASURED):
            mark = self.addAction(self.tr(quantity.title))
            mark.setCheckable(True)
            mark.setStatusTip(self.tr(quantity.formula).capitalize())
            mark.triggered.connect(self._on_triggered)
            self._marks[quantity.name] = mark

    @property
    def names(self) -> tuple[str, ...]:
        """What is marked."""
        return tuple(name for name, mark in self._marks.items() if mark.isChecked())

    def mark(self, names: Iterable[str]) -> None:
        """Mark these, without telling anyone; names that are not known any more are passed over."""
        wanted = frozenset(names)
        for name, mark in self._marks.items():
            mark.setChecked(name in wanted)

    def _on_triggered(self) -> None:
        self.chosen.emit(self.names)
