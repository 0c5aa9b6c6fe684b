"""Whether an export is a data set in two parts, and how images are drawn for them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.counted import images
from core.export.request import TOGETHER, Split
from core.export.split import group_of, parts_of
from core.project.records import ImageRecord

LARGEST_SEED = 999_999


class SplitBox(QWidget):
    """Share, seed and what stays together; below it what comes of them."""

    changed = Signal()

    def __init__(self, start: Split | None) -> None:
        super().__init__()
        usual = start or Split()
        self.divide = QCheckBox(self.tr("Divide into a training and a validation part"))
        self.share, self.seed = QSpinBox(), QSpinBox()
        self.together = QComboBox()
        self._outcome = QLabel()
        self._fields = QWidget()
        self.share.setRange(1, 99)
        self.share.setSuffix(" %")
        self.share.setValue(round(100 * usual.share))
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setValue(usual.seed)
        self.seed.setToolTip(self.tr("Another number draws other images; the same draws the same."))
        for value, text in zip(TOGETHER, self._texts(), strict=True):
            self.together.addItem(text, value)
        self.together.setCurrentIndex(self.together.findData(usual.together))
        self.divide.setChecked(start is not None)
        self._arrange()
        self._connect()

    @property
    def split(self) -> Split | None:
        """What the person asks for; None for one part."""
        if not self.divide.isChecked():
            return None
        return Split(self.share.value() / 100, self.seed.value(), self.together.currentData())

    def show_outcome(self, records: Sequence[ImageRecord]) -> None:
        """Say how many of these images are in which part."""
        split = self.split
        self._fields.setVisible(split is not None)
        if split is None:
            return
        parts = list(parts_of(records, split).values())
        groups = len({group_of(record, split.together) for record in records})
        text = self.tr("{} to train with, {:,} to validate with; groups that stay whole: {:,}.")
        train = images(parts.count("train"))
        self._outcome.setText(text.format(train, parts.count("val"), groups))

    def _texts(self) -> tuple[str, ...]:
        return (
            self.tr("Tiles and planes of one field"),
            self.tr("Images of one folder"),
            self.tr("Nothing: each image for itself"),
        )

    def _arrange(self) -> None:
        self._outcome.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._outcome.setWordWrap(True)
        numbers = QHBoxLayout()
        numbers.addWidget(self.share)
        numbers.addSpacing(10)
        numbers.addWidget(QLabel(self.tr("Seed:")))
        numbers.addWidget(self.seed)
        numbers.addStretch()
        form = QFormLayout(self._fields)
        form.setContentsMargins(22, 0, 0, 0)
        form.addRow(self.tr("For validation:"), numbers)
        form.addRow(self.tr("Stay together:"), self.together)
        form.addRow(self._outcome)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.divide)
        column.addWidget(self._fields)
        for field, name in ((self.share, self.tr("For validation")), (self.seed, self.tr("Seed"))):
            field.setAccessibleName(name)
        self.together.setAccessibleName(self.tr("Stay together"))

    def _connect(self) -> None:
        self.divide.toggled.connect(self.changed)
        self.share.valueChanged.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)
        self.together.currentIndexChanged.connect(self.changed)
