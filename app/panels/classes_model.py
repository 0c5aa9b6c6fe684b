"""The model of the list of classes; a name that is typed into it becomes an undoable step."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont

from app.document.classes import ClassTable
from app.panels.swatch import swatch
from core.annotation.classes import LabelClass

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
ROW_HEIGHT = 24


class ClassesModel(QAbstractListModel):
    """One row for each class. `renamed` asks for a new name: class id, name."""

    renamed = Signal(int, str)

    def __init__(self, classes: ClassTable) -> None:
        super().__init__()
        self._table = classes
        self._classes = classes.all
        classes.classes_changed.connect(self._on_classes_changed)
        classes.active_changed.connect(self._on_active_changed)

    def class_at(self, row: int) -> LabelClass:
        return self._classes[row]

    def row_of(self, class_id: int) -> int:
        """The row of a class, -1 when it is not there."""
        return next((n for n, c in enumerate(self._classes) if c.id == class_id), -1)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._classes)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        label, active = self._classes[index.row()], self._table.active
        if role == Role.DisplayRole:
            key = f"{index.row() + 1}   " if index.row() < 9 else ""
            return key + label.name
        if role == Role.EditRole:
            return label.name
        if role == Role.DecorationRole:
            return swatch(label.color)
        if role == Role.SizeHintRole:
            return QSize(0, ROW_HEIGHT)
        if role == Role.FontRole and label.id == active:
            bold = QFont()
            bold.setBold(True)
            return bold
        if role == Role.AccessibleTextRole:
            return self.tr("{}, active").format(label.name) if label.id == active else label.name
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Ask for the name; the list changes once the step is done."""
        if role == Role.EditRole:
            self.renamed.emit(self._classes[index.row()].id, str(value))
        return False

    @Slot()
    def _on_classes_changed(self) -> None:
        self.beginResetModel()
        self._classes = self._table.all
        self.endResetModel()

    @Slot()
    def _on_active_changed(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(len(self._classes) - 1))
