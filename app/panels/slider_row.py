"""A number between two bounds: name, slider and a field to type it into, in one line."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget

STEPS = 100
SETTLED_MS = 400


class SliderRow(QWidget):
    """moved: a new value, perhaps on its way to another. settled: the person has let go.

    A value set by the program emits neither.
    """

    moved = Signal(float)
    settled = Signal(float)

    def __init__(self, title: str, tip: str, bounds: tuple[float, float]) -> None:
        super().__init__()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._field = QDoubleSpinBox()
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self.label = QLabel(title)
        self._set_up(title, tip, *bounds)
        self._arrange()
        self._slider.valueChanged.connect(self._on_slid)
        self._slider.sliderReleased.connect(self._on_pause)
        self._field.valueChanged.connect(self._on_typed)
        self._pause.timeout.connect(self._on_pause)

    @property
    def value(self) -> float:
        return self._field.value()

    @property
    def slider(self) -> QSlider:
        return self._slider

    def set_value(self, value: float) -> None:
        """Show a value without telling anyone."""
        self._pause.stop()
        self._show(value)

    def _set_up(self, title: str, tip: str, low: float, high: float) -> None:
        self._slider.setRange(round(low * STEPS), round(high * STEPS))
        self._slider.setPageStep(STEPS // 20)
        self._field.setRange(low, high)
        self._field.setSingleStep(1 / STEPS)
        self._field.setDecimals(2)
        self._field.setKeyboardTracking(False)
        self.label.setBuddy(self._slider)
        self._slider.setAccessibleName(title)
        self._field.setAccessibleName(title)
        for part in (self.label, self._slider, self._field):
            part.setToolTip(tip)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)

    def _show(self, value: float) -> None:
        with QSignalBlocker(self._slider), QSignalBlocker(self._field):
            self._slider.setValue(round(value * STEPS))
            self._field.setValue(value)

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self._announce(position / STEPS)

    @Slot(float)
    def _on_typed(self, value: float) -> None:
        self._announce(value)

    def _announce(self, value: float) -> None:
        self._show(value)
        self.moved.emit(value)
        self._pause.start()

    @Slot()
    def _on_pause(self) -> None:
        """Wheel and keys know no letting go, so a pause counts; a held slider has not settled."""
        self._pause.stop()
        if not self._slider.isSliderDown():
            self.settled.emit(self.value)
