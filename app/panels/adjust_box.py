"""What counts as an object: acts on the maps of a network, without running it again."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.panels.more_box import MoreBox
from app.panels.number_field import AreaField
from app.panels.slider_row import SETTLED_MS, SliderRow
from app.settings.schema import LARGEST_AREA
from app.theme.icons import Icons
from core.engine.config import SegmentConfig

FRACTION = 0.0, 1.0
"""What SegmentConfig takes for each of the three."""
HIDDEN = ("max_area", "fill_holes", "detail", "exclude_border")
"""What the closed part shows, by field of SegmentConfig."""


class AdjustBox(QWidget):
    """adjusted: (SegmentConfig, whether the person has let go); its network is not chosen here."""

    adjusted = Signal(object, bool)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._defaults = SegmentConfig(threshold=0.5, separation=0.5, min_confidence=0.0)
        self.threshold = SliderRow(
            self.tr("Threshold"),
            self.tr("How sure the network must be that a pixel belongs to an object"),
            FRACTION,
        )
        self.separation = SliderRow(
            self.tr("Separation"),
            self.tr("Higher values split touching objects more readily"),
            FRACTION,
        )
        self.min_confidence = SliderRow(
            self.tr("Confidence"),
            self.tr("Objects that are less likely to be one are left out; 0 keeps all"),
            FRACTION,
        )
        self.min_area = AreaField(
            self.tr("Smallest area"), self.tr("Smaller objects are left out"), LARGEST_AREA
        )
        self.more = MoreBox()
        self._unfold, self._reset, self._hint = QToolButton(), QToolButton(), QLabel()
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._set_up(icons)
        self._arrange()
        self._connect()
        self.set_limits(self._defaults)
        self.set_adjustable(False)

    @property
    def limits(self) -> SegmentConfig:
        """What the fields show."""
        return SegmentConfig(
            threshold=self.threshold.value,
            separation=self.separation.value,
            min_confidence=self.min_confidence.value,
            min_area=self.min_area.value(),
            max_area=self.more.max_area.value() or None,
            exclude_border=self.more.exclude_border.isChecked(),
            fill_holes=self.more.fill_holes.value(),
            detail=self.more.detail.value(),
        )

    def set_defaults(self, threshold: float, separation: float, min_confidence: float) -> None:
        """What a network recommends."""
        self._defaults = replace(
            self._defaults,
            threshold=threshold,
            separation=separation,
            min_confidence=min_confidence,
        )

    @property
    def labels(self) -> tuple[QLabel, ...]:
        """What stands below each other at the left."""
        fields = (self.min_area, *self.more.fields)
        return (*(row.label for row in self._rows), *(field.label for field in fields))

    @property
    def _rows(self) -> tuple[SliderRow, ...]:
        return self.threshold, self.separation, self.min_confidence

    def set_limits(self, limits: SegmentConfig) -> None:
        """Show limits without telling anyone; None: what the network recommends."""
        self._pause.stop()
        usual = self._defaults
        self.threshold.set_value(_first(limits.threshold, usual.threshold))
        self.separation.set_value(_first(limits.separation, usual.separation))
        self.min_confidence.set_value(_first(limits.min_confidence, usual.min_confidence))
        self.min_area.show_value(limits.min_area)
        self.more.show_limits(limits)
        self._count_hidden()

    def set_adjustable(self, possible: bool) -> None:
        """Whether there are maps to act on."""
        self._hint.setText(self._hint_for(possible))

    def set_pixel_size(self, micrometres: float | None) -> None:
        """Edge of a pixel of the shown image, None when unknown."""
        self.min_area.set_pixel_size(micrometres)
        self.more.set_pixel_size(micrometres)

    def _hint_for(self, possible: bool) -> str:
        if possible:
            return self.tr("Acts at once, without another run.")
        return self.tr("Holds for the next run; then acts at once.")

    @Slot()
    def reset(self) -> None:
        """Go back to the defaults, as the person asked."""
        self.set_limits(self._defaults)
        self.adjusted.emit(self.limits, True)

    def _set_up(self, icons: Icons) -> None:
        icons.attach(self._reset, "reset")
        self._reset.setAutoRaise(True)
        self._reset.setAccessibleName(self.tr("Reset"))
        self._reset.setToolTip(self.tr("All of these back to what the network recommends"))
        self._unfold.setCheckable(True)
        self._unfold.setAutoRaise(True)
        self._unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._unfold.setToolTip(self.tr("Largest area, holes, outline detail, image edge"))
        self._hint.setWordWrap(True)
        self._hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._on_unfolded(False)

    def _arrange(self) -> None:
        self.min_area.setMinimumWidth(max(f.sizeHint().width() for f in self.more.fields))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.min_area.label)
        row.addWidget(self.min_area)
        row.addStretch()
        row.addWidget(self._unfold)
        last = QHBoxLayout()
        last.addWidget(self._hint, 1)
        last.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for slider in self._rows:
            column.addWidget(slider)
        column.addLayout(row)
        column.addWidget(self.more)
        column.addLayout(last)

    def _connect(self) -> None:
        for row in self._rows:
            row.moved.connect(self._on_moved)
            row.settled.connect(self._on_settled)
        self.min_area.valueChanged.connect(self._on_smallest_changed)
        self.more.max_area.valueChanged.connect(self._on_largest_changed)
        self.more.moved.connect(self._on_more_moved)
        self._pause.timeout.connect(self._on_settled)
        self._reset.clicked.connect(self.reset)
        self._unfold.toggled.connect(self._on_unfolded)

    def _count_hidden(self) -> None:
        """Say how much the closed part changes: a forgotten limit would lose objects unseen."""
        limits = self.limits
        count = sum(getattr(limits, n) != getattr(self._defaults, n) for n in HIDDEN)
        self._unfold.setText(self.tr("More ({})").format(count) if count else self.tr("More"))

    @Slot(bool)
    def _on_unfolded(self, wanted: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow
        self._unfold.setArrowType(arrow)
        self.more.setVisible(wanted)

    @Slot(float)
    def _on_smallest_changed(self, smallest: float) -> None:
        """The largest area follows, so that no pair of limits excludes everything."""
        if 0 < self.more.max_area.value() < smallest:
            self.more.max_area.show_value(smallest)
        self._on_more_moved()

    @Slot(float)
    def _on_largest_changed(self, largest: float) -> None:
        if 0 < largest < self.min_area.value():
            self.min_area.show_value(largest)
        self._on_more_moved()

    @Slot()
    def _on_more_moved(self) -> None:
        self._count_hidden()
        self._on_moved()
        self._pause.start()

    @Slot()
    def _on_moved(self) -> None:
        self.adjusted.emit(self.limits, False)

    @Slot()
    def _on_settled(self) -> None:
        self.adjusted.emit(self.limits, True)


def _first(value: float | None, otherwise: float | None) -> float:
    chosen = otherwise if value is None else value
    assert chosen is not None
    return chosen
