"""The view of the list of images: one column, however many rows."""

from typing import TypeAlias

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from app.panels.image_delegate import ImageDelegate
from app.panels.images_model import ImagesModel

Move: TypeAlias = QTableView.CursorAction


class ImageTable(QTableView):
    """A table: lists and trees would ask for hundreds of thousands of rows when they change."""

    def __init__(self, model: ImagesModel) -> None:
        super().__init__()
        delegate = ImageDelegate(self)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setAccessibleName(self.tr("Images"))
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(delegate.row_height(self.fontMetrics()))

    def moveCursor(self, move: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End lead to the first and the last row, not to the ends of this one."""
        if move in (Move.MoveHome, Move.MoveEnd):
            modifiers |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(move, modifiers)
