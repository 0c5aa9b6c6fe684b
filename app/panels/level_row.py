"""One end of the window of brightness: a slider and a field with the value itself."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget

from core.image.scale import Window

STEPS = 1000
MOST_DECIMALS = 4


class LevelRow(QWidget):
    """moved: a new value, by the person."""

    moved = Signal(float)

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self._bounds = Window(0, 1)
        self._slider, self._field = QSlider(Qt.Orientation.Horizontal), QDoubleSpinBox()
        self._slider.setRange(0, STEPS)
        self._slider.setPageStep(STEPS // 20)
        self._field.setKeyboardTracking(False)
        self._field.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self._field.setFixedWidth(self.fontMetrics().horizontalAdvance("-00000.00"))
        label = QLabel(title)
        label.setMinimumWidth(self.fontMetrics().horizontalAdvance("White  "))
        for part in (self._slider, self._field):
            part.setAccessibleName(title)
            part.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (label, self._slider, self._field):
            row.addWidget(widget)
        self._slider.valueChanged.connect(self._on_slid)
        self._field.valueChanged.connect(self.moved)

    @property
    def value(self) -> float:
        return self._field.value()

    @property
    def slider(self) -> QSlider:
        return self._slider

    def show_value(self, value: float, bounds: Window) -> None:
        """Show a value between bounds, without telling anyone."""
        self._bounds = bounds
        span = bounds.high - bounds.low
        with QSignalBlocker(self._slider), QSignalBlocker(self._field):
            self._field.setRange(bounds.low, bounds.high)
            self._field.setDecimals(_decimals(span))
            self._field.setValue(value)
            self._slider.setValue(round(STEPS * (value - bounds.low) / span) if span > 0 else 0)

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        span = self._bounds.high - self._bounds.low
        with QSignalBlocker(self._field):
            self._field.setValue(self._bounds.low + position / STEPS * span)
        self.moved.emit(self._field.value())


def _decimals(span: float) -> int:
    """So many that a step of the slider changes the number."""
    return next((n for n in range(MOST_DECIMALS) if span * 10**n >= STEPS / 10), MOST_DECIMALS)
