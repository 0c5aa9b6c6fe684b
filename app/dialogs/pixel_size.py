"""How large a pixel is, for an image whose file does not say it, or says it wrong."""

from dataclasses import dataclass

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

LARGEST = 10_000.0  # micrometres
WIDTH = 400


@dataclass(frozen=True)
class PixelSizeWish:
    """micrometres: None when it is not known. everywhere: for all images of the project."""

    micrometres: float | None
    everywhere: bool


class SizeField(QDoubleSpinBox):
    """Shows as many decimals as there are."""

    def textFromValue(self, value: float) -> str:
        shortest = QLocale.FloatingPointPrecisionOption.FloatingPointShortest
        return self.locale().toString(value, "f", shortest.value)


class PixelSizeDialog(QDialog):
    """The pixel size of the shown file, or of all images at once."""

    def __init__(
        self, name: str, micrometres: float | None, count: int, parent: QWidget | None
    ) -> None:
        """name: of the file. count: how many images the project has, 0 for no others."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Pixel size"))
        self.field, self.everywhere = SizeField(), QCheckBox()
        self._set_up(micrometres, count)
        self._arrange(name)

    @property
    def wish(self) -> PixelSizeWish:
        self.field.interpretText()
        return PixelSizeWish(self.field.value() or None, self.everywhere.isChecked())

    def _set_up(self, micrometres: float | None, count: int) -> None:
        self.field.setDecimals(6)
        self.field.setRange(0, LARGEST)
        self.field.setSuffix(self.tr(" µm"))
        self.field.setSpecialValueText(self.tr("not known"))
        self.field.setSingleStep(0.01)
        self.field.setValue(micrometres or 0)
        self.field.selectAll()
        self.everywhere.setText(self.tr("For all images of the project ({:,})").format(count))
        self.everywhere.setVisible(count > 0)

    def _arrange(self, name: str) -> None:
        explanation = QLabel(
            self.tr(
                "How long the edge of a pixel of {} is. The scale bar, measurements and sizes in "
                "µm follow it; outlines stay as they are."
            ).format(name)
        )
        explanation.setWordWrap(True)
        form = QFormLayout()
        form.addRow(self.tr("Pixel size"), self.field)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(explanation)
        column.addLayout(form)
        column.addWidget(self.everywhere)
        column.addWidget(buttons)
        self.setMinimumWidth(WIDTH)
