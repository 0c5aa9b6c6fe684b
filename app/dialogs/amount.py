"""A slider for how much an edit does, with what it comes to."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.dialogs.busy_bar import BusyBar
from app.panels.slider_row import SliderRow


@dataclass(frozen=True)
class Amount:
    """What is asked for: title of the window, name and explanation of the number, its bounds and
    where it starts; px."""

    title: str
    name: str
    tip: str
    low: float
    high: float
    start: float


class AmountDialog(QDialog):
    """Belongs to the window but lets one see the image. moved: a new amount."""

    moved = Signal(float)

    def __init__(self, amount: Amount, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(amount.title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.row = SliderRow(amount.name, amount.tip, (amount.low, amount.high))
        self.row.set_value(amount.start)
        self.row.moved.connect(self.moved)
        self.busy = BusyBar()
        self._facts = QLabel(" \n ")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._arrange(amount.tip)

    @property
    def value(self) -> float:
        return self.row.value

    @Slot(str)
    def show_facts(self, text: str) -> None:
        """What the amount comes to, in at most two lines."""
        self.busy.rest()
        self._facts.setText(text)

    def _arrange(self, tip: str) -> None:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        explanation = QLabel(tip)
        explanation.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for part in (explanation, self.row, self._facts, self.busy, buttons):
            column.addWidget(part)
        self.setMinimumWidth(430)
