"""The panel with the steps of the shown image; a click goes back or forward to one."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPalette, QUndoGroup
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from app.canvas.events import caught
from app.panels.history_walk import HistoryWalk
from app.panels.margins import PANEL_MARGINS
from app.panels.shown import Shown

Index = QModelIndex | QPersistentModelIndex


class HistoryPanel(QWidget):
    """Follows the active stack of the group."""

    def __init__(self, shown: Shown, undo: QUndoGroup, before_steps: Callable[[], None]) -> None:
        """before_steps: called before any are undone or redone, to end what is under way."""
        super().__init__()
        self._shown = shown
        self._list = HistoryList(undo, HistoryWalk(undo, before_steps, self._together))
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.addWidget(self._list)
        shown.replaced.connect(self._on_replaced)
        self._on_replaced()

    @property
    def list(self) -> "HistoryList":
        return self._list

    def _together(self) -> AbstractContextManager[None]:
        document = self._shown.document
        return document.together() if document else nullcontext()

    @Slot()
    def _on_replaced(self) -> None:
        self._list.setEmptyLabel(self.tr("As opened") if self._shown.document else "")
        self._list.setEnabled(self._shown.document is not None)


class HistoryList(QUndoView):
    """One line for each step, oldest first; those that were taken back are faded.

    What is picked has a selection model of its own: that of Qt would do all steps at once, and
    thousands of them take seconds.
    """

    def __init__(self, undo: QUndoGroup, walk: HistoryWalk) -> None:
        super().__init__(undo)
        self._undo, self._walk = undo, walk
        self._marking = False
        self.setAccessibleName(self.tr("History"))
        self.setUniformItemSizes(True)  # else each step asks for the height of every line
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_StepDelegate(self))
        self.setSelectionModel(QItemSelectionModel(self.model(), self))
        self.selectionModel().currentChanged.connect(self._on_picked)
        self.model().modelReset.connect(self._mark)
        self._mark()

    @caught
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag picks nothing, for the list moves while steps are undone."""
        if not event.buttons():
            super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(self.indexAt(event.pos())), self)
            return True
        return super().viewportEvent(event)

    @Slot()
    def _mark(self) -> None:
        """Mark the step that the image is at, without going there."""
        stack = self._undo.activeStack()
        self._marking = True
        self.setCurrentIndex(self.model().index(stack.index() if stack else -1, 0))
        self._marking = False

    @Slot(QModelIndex)
    def _on_picked(self, index: QModelIndex) -> None:
        if not self._marking and index.isValid():
            self._walk.go_to(index.row())

    def _tip(self, index: QModelIndex) -> str:
        """The whole name, which may not fit, and what a click does."""
        here = self.currentIndex().row()
        if not index.isValid():
            return ""
        if index.row() == here:
            does = self.tr("The image is as after this step")
        elif index.row() < here:
            does = self.tr("Click to take back all steps after this one")
        else:
            does = self.tr("Click to do all steps up to this one again")
        return f"{index.data()}\n{does}"


class _StepDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list, so that a long name is elided."""
        return QSize(0, option.fontMetrics.height() + 6)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        steps = option.widget
        if isinstance(steps, HistoryList) and index.row() > steps.currentIndex().row():
            quiet = option.palette.color(QPalette.ColorRole.PlaceholderText)
            option.palette.setColor(QPalette.ColorRole.Text, quiet)
