"""The panel with the list of images, or, while there is none, the way to open some."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.counted import images
from app.panels.image_table import ImageTable
from app.panels.images_model import ImagesModel
from app.panels.margins import PANEL_MARGINS
from app.panels.shown import Shown
from app.session import Session

TYPING_MS = 150


class ImagesPanel(QWidget):
    """A click on an image shows it; the one that is shown, or will be, is the selected one.

    Next and previous follow the list as it is filtered.
    """

    open_asked = Signal()

    def __init__(self, session: Session, shown: Shown) -> None:
        super().__init__()
        self._session = session
        self._model = ImagesModel(session, shown)
        self._linking = False
        self._filter, self._list, self._count = QLineEdit(), ImageTable(self._model), QLabel()
        self._typed = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_list())
        for news in (session.images_changed, session.shown_changed, session.loading):
            news.connect(self._mark)
        session.problem.connect(self._mark)  # the image could not be read
        session.walk_along(lambda: self._model.ids)
        self._list.selectionModel().selectionChanged.connect(self._on_picked)
        self._filter.textChanged.connect(lambda: self._typed.start())
        self._filter.returnPressed.connect(self._on_typed)
        self._typed.timeout.connect(self._on_typed)
        self._model.modelReset.connect(self._mark)
        self._mark()

    @property
    def list(self) -> ImageTable:
        return self._list

    @property
    def filter(self) -> QLineEdit:
        return self._filter

    def _make_empty(self) -> QWidget:
        page = QWidget()
        text = QLabel(self.tr("No images yet.\nOpen some, or drop files\nor a folder here."))
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setForegroundRole(text.palette().ColorRole.PlaceholderText)
        button = QPushButton(self.tr("Open images…"))
        button.clicked.connect(self.open_asked)
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(text)
        column.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        return page

    def _make_list(self) -> QWidget:
        page = QWidget()
        self._filter.setPlaceholderText(self.tr("Words of name or status"))
        self._filter.setAccessibleName(self.tr("Filter of the list of images"))
        self._filter.setToolTip(
            self.tr("List only images whose names, folders or status contain all of these words")
        )
        self._filter.setClearButtonEnabled(True)
        column = QVBoxLayout(page)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(6)
        for part in (self._filter, self._list, self._count):
            column.addWidget(part)
        return page

    @Slot()
    def _mark(self) -> None:
        """Mark the image that is shown or will be, without asking to show it."""
        self._stack.setCurrentIndex(1 if self._session.records else 0)
        self._show_count()
        self._linking = True
        self._mark_row(self._model.row_of(self._session.wanted))
        self._linking = False

    def _mark_row(self, row: int) -> None:
        selection = self._list.selectionModel()
        if row < 0:
            selection.clearSelection()
        elif not selection.isRowSelected(row):
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            selection.setCurrentIndex(self._model.index(row), flag)
            self._list.scrollTo(self._model.index(row))

    def _show_count(self) -> None:
        """Only where it says something: while the list is filtered."""
        listed, total = self._model.rowCount(), len(self._session.records)
        self._count.setText(self.tr("{:,} of {}").format(listed, images(total)))
        self._count.setVisible(self._model.is_filtered)

    @Slot()
    def _on_typed(self) -> None:
        self._typed.stop()
        self._model.set_filter(self._filter.text())
        self._mark()

    @Slot(QItemSelection)
    def _on_picked(self, chosen: QItemSelection) -> None:
        if not self._linking and not chosen.isEmpty():
            self._session.show(self._model.id_at(chosen.indexes()[0].row()))
