"""A number with its unit, to type or to step; areas also say what they are in micrometres."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QLabel


class NumberField(QDoubleSpinBox):
    """Speaks (valueChanged) only of what a person typed or stepped. `label` names it."""

    def __init__(self, title: str, tip: str, bounds: tuple[float, float]) -> None:
        super().__init__()
        self.setRange(*bounds)
        self.setKeyboardTracking(False)
        self.setAccessibleName(title)
        self.label = QLabel(title)
        self.label.setBuddy(self)
        self.tip = tip
        self.show_tip(tip)

    def show_value(self, value: float) -> None:
        """Show a value without telling anyone."""
        with QSignalBlocker(self):
            self.setValue(value)

    def show_tip(self, tip: str) -> None:
        self.setToolTip(tip)
        self.label.setToolTip(tip)


class AreaField(NumberField):
    """An area in square pixels; `unlimited` is what 0 means when it is no area."""

    def __init__(self, title: str, tip: str, most: float, unlimited: str = "") -> None:
        self._pixel_size: float | None = None
        super().__init__(title, tip, (0, most))
        self.setDecimals(0)
        self.setSuffix(self.tr(" px²"))
        self.setSpecialValueText(unlimited)
        self.valueChanged.connect(self._on_changed)

    def set_pixel_size(self, micrometres: float | None) -> None:
        """Edge of a pixel, None when unknown."""
        self._pixel_size = micrometres
        self._on_changed()

    def show_value(self, value: float) -> None:
        super().show_value(value)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        tip, area = self.tip, self.value()
        if self._pixel_size and (area or not self.specialValueText()):
            known = self.tr("{:,.0f} px² are {:,.4g} µm² in this image.")
            tip += "\n" + known.format(area, area * self._pixel_size**2)
        self.show_tip(tip)
