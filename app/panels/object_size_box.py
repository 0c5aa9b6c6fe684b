"""How large the objects are: measured by the engine, or said by the person in px or µm."""

from operator import itemgetter

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from app.panels.number_field import NumberField

AUTOMATIC, PIXELS, MICROMETRES = range(3)
USUAL_DIAMETER = 30.0
"""Pixels; what the field starts with when nothing was measured."""


class ObjectSizeBox(QWidget):
    """Automatic, or a diameter; what was measured in the shown image can be taken over.

    changed: the person gave another size.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tip = self.tr(
            "Diameter of a typical object. A network knows objects of one size, so each image is\n"
            "enlarged or reduced until its objects have it. Automatic: measured in each image.\n"
            "A change needs a new run."
        )
        self.field = NumberField(self.tr("Object size"), self._tip, (1, 10_000))
        self.unit = QComboBox()
        self.take = QPushButton()
        self._pixel_size: float | None = None
        self._measured: float | None = None
        self._pixels = USUAL_DIAMETER  # where the field starts; the last one that was left
        self._shown, self._usual = AUTOMATIC, PIXELS
        self._set_up()
        self._arrange()
        self._show()
        self.unit.currentIndexChanged.connect(self._on_unit_changed)
        self.take.clicked.connect(self._on_taken)
        self.field.valueChanged.connect(self.changed)

    @property
    def diameter_px(self) -> float | None:
        """The diameter that was given in pixels."""
        return self.field.value() if self._shown == PIXELS else None

    @property
    def diameter_um(self) -> float | None:
        """The diameter that was given in micrometres."""
        return self.field.value() if self._shown == MICROMETRES else None

    def set_pixel_size(self, micrometres: float | None) -> None:
        """Edge of a pixel of the shown image; without one, micrometres cannot be chosen anew."""
        self._pixel_size = micrometres
        self._show()

    def show_measured(self, pixels: float | None) -> None:
        """The size of the objects that a run measured in the shown image, None: none did."""
        self._measured = pixels
        self._show()

    def _set_up(self) -> None:
        self.unit.addItems([self.tr("automatic"), self.tr("px"), self.tr("µm")])
        self.unit.setAccessibleName(self.tr("Unit of the object size, or automatic"))
        self.unit.setToolTip(self._tip)
        self.take.setAccessibleName(self.tr("Use the measured object size"))
        self.field.setDecimals(2)  # the widest; the row is as large in every unit
        self.field.setMinimumWidth(self.field.sizeHint().width())
        self.setMinimumHeight(self.field.sizeHint().height())

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.field.label, self.field, self.unit, self.take):
            row.addWidget(part)
        row.addStretch()

    def _show(self) -> None:
        """What goes with the unit, the scale of the image and what was measured."""
        given = self._shown != AUTOMATIC
        self._show_measured()
        taking = not given and self._measured is not None
        # What goes, goes first: Qt would make room for both, and the panel would stay that wide.
        for part, wanted in sorted(((self.field, given), (self.take, taking)), key=itemgetter(1)):
            part.setVisible(wanted)
        self.field.label.setBuddy(self.field if given else self.unit)
        model = self.unit.model()
        assert isinstance(model, QStandardItemModel)
        item, known = model.item(MICROMETRES), self._pixel_size is not None
        item.setEnabled(known or self._shown == MICROMETRES)
        item.setToolTip("" if known else self.tr("The shown image has no pixel size"))

    def _show_measured(self) -> None:
        if self._measured is None:
            return
        text = self.tr("{:.1f} px").format(self._measured)
        if self._pixel_size and self._usual == MICROMETRES:
            text = self.tr("{:.2f} µm").format(self._measured * self._pixel_size)
        self.take.setText(self.tr("use {}").format(text))
        self.take.setToolTip(
            self.tr("Found in the shown image. Click to use this size for the next runs.")
        )

    @Slot(int)
    def _on_unit_changed(self, unit: int) -> None:
        self._pixels = self._in_pixels()
        self._shown = unit
        if unit != AUTOMATIC:
            self._usual = unit
            self._fill(unit)
        self._show()
        self.changed.emit()

    def _in_pixels(self) -> float:
        """What the field says; the number itself where its scale is not known."""
        if self._shown == AUTOMATIC:
            return self._measured or self._pixels
        scale = self._pixel_size if self._shown == MICROMETRES else None
        return self.field.value() / (scale or 1)

    def _fill(self, unit: int) -> None:
        """The same size in another unit."""
        scale = (self._pixel_size or 1) if unit == MICROMETRES else 1
        small = unit == MICROMETRES
        self.field.setDecimals(2 if small else 1)
        self.field.setMinimum(0.01 if small else 1)
        self.field.setSingleStep(0.5 if small else 1)
        self.field.show_value(self._pixels * scale)

    @Slot()
    def _on_taken(self) -> None:
        """What was measured, into the field, in the unit that was used last."""
        unit = MICROMETRES if self._usual == MICROMETRES and self._pixel_size else PIXELS
        self.unit.setCurrentIndex(unit)
        self.field.setFocus()
