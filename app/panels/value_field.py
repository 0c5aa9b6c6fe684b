"""A native value of an image, to type or to step: a count, a fraction, or 3.2e-07."""

from PySide6.QtCore import QLocale, QSignalBlocker
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

from app.panels.histogram import Histogram

DIGITS, MOST_DIGITS = 6, 17
STEPS = 100


class ValueField(QDoubleSpinBox):
    """Speaks (valueChanged) only of what a person typed or stepped."""

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self._locale = QLocale()
        self._locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        self.setDecimals(300)  # else Qt rounds what is small
        self.setRange(-1e300, 1e300)
        self.setKeyboardTracking(False)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("-0.00000e-00"))
        self.setAccessibleName(title)
        self.setToolTip(tip)

    def show_value(self, value: float, histogram: Histogram) -> None:
        """Show a value without telling anyone; steps are a small part of the histogram."""
        step = histogram.span / STEPS
        with QSignalBlocker(self):
            self.setSingleStep(max(1.0, float(round(step))) if histogram.whole else step)
            self.setValue(value)

    def textFromValue(self, value: float) -> str:
        is_long_count = value == round(value) and abs(value) < 10**MOST_DIGITS
        return self._locale.toString(value, "g", MOST_DIGITS if is_long_count else DIGITS)

    def valueFromText(self, text: str) -> float:
        is_untouched = text == self.textFromValue(self.value())  # it is shown rounded
        return self.value() if is_untouched else self._number(text)[0]

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A text on its way to a number is let through; when it stays none, the old value stays."""
        state = QValidator.State
        return (state.Acceptable if self._number(text)[1] else state.Intermediate, text, position)

    def _number(self, text: str) -> tuple[float, bool]:
        """The number in the person's way of writing it, or with a point."""
        value, is_number = self._locale.toDouble(text.strip())
        return (value, is_number) if is_number else QLocale.c().toDouble(text.strip())
