"""The panel with the classes: which one new outlines get, their names and colours."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QHBoxLayout,
    QListView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.commands.change_regions import perform
from app.panels import class_edits
from app.panels.classes_model import ROW_HEIGHT, ClassesModel
from app.panels.margins import PANEL_MARGINS
from app.panels.shown import Shown
from app.theme.icons import Icons
from core.annotation.classes import LabelClass
from core.project.delta import Delta

LEAST_ROWS = 2


class ClassesPanel(QWidget):
    """The selected class is the active one; every change is a step of the shown document."""

    def __init__(self, shown: Shown, icons: Icons) -> None:
        super().__init__()
        self._shown, self._classes, self._icons = shown, shown.classes, icons
        self._model = ClassesModel(self._classes)
        self._list = QListView()
        self._add = self._button("add", self.tr("Add a class"))
        self._rename = self._button("rename", self.tr("Rename the active class"))
        self._recolour = self._button("colour", self.tr("Change the colour of the active class"))
        self._arrange()
        self._connect()
        self._on_replaced()
        self._show_active()

    def add(self, name: str) -> None:
        """Add a class and make it the active one."""
        known = {c.id for c in self._classes.all}
        self._do(class_edits.add(self._classes.all, name, self._classes.next_id))
        for label in self._classes.all:
            if label.id not in known:
                self._classes.set_active(label.id)

    def rename(self, class_id: int, name: str) -> None:
        self._do(class_edits.rename(self._classes.all, self._classes.find(class_id), name))

    def recolour(self, class_id: int, colour: str) -> None:
        self._do(class_edits.recolour(self._classes.find(class_id), colour))

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self._icons.attach(button, icon)
        return button

    def _arrange(self) -> None:
        self._list.setModel(self._model)
        self._list.setAccessibleName(self.tr("Classes"))
        self._list.setToolTip(
            self.tr("New outlines get the active class. Keys 1 to 9 give a class to the selection.")
        )
        self._list.setMinimumHeight(LEAST_ROWS * ROW_HEIGHT)
        self._list.setIconSize(QSize(16, 16))
        self._list.setUniformItemSizes(True)
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in (self._add, self._rename, self._recolour):
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(4)
        column.addWidget(self._list)
        column.addLayout(row)

    def _connect(self) -> None:
        self._shown.replaced.connect(self._on_replaced)
        self._classes.active_changed.connect(self._show_active)
        self._model.modelReset.connect(self._show_active)
        self._model.renamed.connect(self.rename)
        self._list.selectionModel().selectionChanged.connect(self._on_picked)
        self._add.clicked.connect(self._on_add)
        self._rename.clicked.connect(lambda: self._list.edit(self._list.currentIndex()))
        self._recolour.clicked.connect(self._on_recolour)

    def _do(self, delta: Delta | None) -> None:
        if delta and self._shown.document:
            perform(self._shown.document, delta)

    @Slot()
    def _on_replaced(self) -> None:
        """Without a document there is no undo stack to put a change on."""
        possible = self._shown.document is not None
        for button in (self._add, self._rename, self._recolour):
            button.setEnabled(possible)
        triggers = QListView.EditTrigger
        self._list.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed
            if possible
            else triggers.NoEditTriggers
        )

    @Slot()
    def _show_active(self) -> None:
        row = self._model.row_of(self._classes.active)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self._list.selectionModel().setCurrentIndex(self._model.index(row), flag)

    @Slot(QItemSelection)
    def _on_picked(self, chosen: QItemSelection) -> None:
        if not chosen.isEmpty():
            self._classes.set_active(self._model.class_at(chosen.indexes()[0].row()).id)

    @Slot()
    def _on_add(self) -> None:
        self.add(self.tr("New class"))
        self._list.edit(self._list.currentIndex())

    @Slot()
    def _on_recolour(self) -> None:
        label: LabelClass = self._classes.find(self._classes.active)
        title = self.tr("Colour of {}").format(label.name)
        colour = QColorDialog.getColor(QColor(label.color), self, title)
        if colour.isValid():
            self.recolour(label.id, colour.name())
