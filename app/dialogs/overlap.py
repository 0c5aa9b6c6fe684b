"""Who keeps what objects share: a choice, with a picture and in words."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.busy_bar import BusyBar
from app.dialogs.overlap_picture import OverlapPicture

WIDTH = 460


class OverlapDialog(QDialog):
    """Belongs to the window but lets one see the image. chosen: whether the neighbours lose."""

    chosen = Signal(bool)

    def __init__(self, neighbours_lose: bool, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Remove overlap"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.selected = QRadioButton(self.tr("&Selected objects give way"))
        self.neighbours = QRadioButton(self.tr("&Neighbours give way"))
        self.picture, self.busy, self.verdict = OverlapPicture(), BusyBar(), QLabel("")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        (self.neighbours if neighbours_lose else self.selected).setChecked(True)
        self._connect()
        self._arrange()

    @property
    def ok(self) -> QPushButton:
        return self._buttons.button(QDialogButtonBox.StandardButton.Ok)

    def show_verdict(self, text: str, possible: bool) -> None:
        """What the choice comes to; possible: whether it changes anything."""
        self.busy.rest()
        self.verdict.setText(text)
        self.ok.setEnabled(possible)

    @Slot(bool)
    def _on_neighbours_toggled(self, neighbours_lose: bool) -> None:
        self.chosen.emit(neighbours_lose)

    def _connect(self) -> None:
        group = QButtonGroup(self)
        group.addButton(self.selected)
        group.addButton(self.neighbours)
        self.neighbours.toggled.connect(self._on_neighbours_toggled)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _arrange(self) -> None:
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verdict.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setSpacing(10)
        parts = (
            *(self.selected, self.neighbours, self.picture),
            *(self.verdict, self.busy, self._buttons),
        )
        for part in parts:
            column.addWidget(part)
        self.setMinimumWidth(WIDTH)
