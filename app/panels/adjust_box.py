"""Adjusting what a network found, on its maps, without running it again."""

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.panels.slider_row import SETTLED_MS, SliderRow
from app.theme.icons import Icons
from core.engine.config import SegmentConfig

LOWEST, HIGHEST = 0.05, 0.95
LARGEST_AREA = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What an object is: probability and distance cue in 0..1, area in square pixels."""

    threshold: float = 0.5
    separation: float = 0.5
    min_area: float = SegmentConfig.min_area


class AdjustBox(QWidget):
    """adjusted: (Limits, whether the person has let go)."""

    adjusted = Signal(object, bool)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._defaults = Limits()
        self.threshold = SliderRow(
            self.tr("Threshold"),
            self.tr("How sure the network must be that a pixel belongs to an object"),
            (LOWEST, HIGHEST),
        )
        self.separation = SliderRow(
            self.tr("Separation"),
            self.tr("Higher values split touching objects more readily"),
            (LOWEST, HIGHEST),
        )
        self.min_area = QDoubleSpinBox()
        self._reset = QPushButton(self.tr("Reset"))
        self._hint = QLabel()
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        icons.attach(self._reset, "reset")
        self._arrange()
        self._connect()
        self.set_adjustable(False)

    @property
    def limits(self) -> Limits:
        return Limits(self.threshold.value, self.separation.value, self.min_area.value())

    @property
    def defaults(self) -> Limits:
        """What `Reset` goes back to."""
        return self._defaults

    def set_defaults(self, defaults: Limits) -> None:
        self._defaults = defaults

    def set_limits(self, limits: Limits) -> None:
        """Show limits without telling anyone."""
        self._pause.stop()
        self.threshold.set_value(limits.threshold)
        self.separation.set_value(limits.separation)
        with QSignalBlocker(self.min_area):
            self.min_area.setValue(limits.min_area)

    def set_adjustable(self, possible: bool) -> None:
        """Whether there are maps to act on."""
        for part in (self.threshold, self.separation, self._reset):
            part.setEnabled(possible)
        self._hint.setText(self._hint_for(possible))

    def _hint_for(self, possible: bool) -> str:
        if possible:
            return self.tr("Acts at once, without another run; one step for undo.")
        return self.tr("Segment this image; then its result can be adjusted here.")

    @Slot()
    def reset(self) -> None:
        """Go back to the defaults, as the person asked."""
        self.set_limits(self._defaults)
        self.adjusted.emit(self._defaults, True)

    def _arrange(self) -> None:
        self.min_area.setRange(0, LARGEST_AREA)
        self.min_area.setDecimals(0)
        self.min_area.setSuffix(self.tr(" px²"))
        self.min_area.setKeyboardTracking(False)
        self.min_area.setAccessibleName(self.tr("Smallest area"))
        self.min_area.setToolTip(self.tr("Smaller objects are left out"))
        self._reset.setToolTip(self.tr("Back to what the network recommends"))
        label = QLabel(self.tr("Smallest area"))
        label.setBuddy(self.min_area)
        self._hint.setWordWrap(True)
        self._hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.min_area)
        row.addStretch()
        row.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.threshold)
        column.addWidget(self.separation)
        column.addLayout(row)
        column.addWidget(self._hint)

    def _connect(self) -> None:
        for row in (self.threshold, self.separation):
            row.moved.connect(self._on_moved)
            row.settled.connect(self._on_settled)
        self.min_area.valueChanged.connect(self._on_moved)
        self.min_area.valueChanged.connect(lambda: self._pause.start())
        self._pause.timeout.connect(self._on_settled)
        self._reset.clicked.connect(self.reset)

    @Slot()
    def _on_moved(self) -> None:
        self.adjusted.emit(self.limits, False)

    @Slot()
    def _on_settled(self) -> None:
        self.adjusted.emit(self.limits, True)
