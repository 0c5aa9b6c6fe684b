"""What is seldom changed: largest area, holes, detail, objects cut by the edge, one colour."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.panels.channel_box import ChannelBox
from app.panels.number_field import AreaField, NumberField
from app.settings.schema import DETAILS, LARGEST_AREA
from core.engine.config import SegmentConfig


class MoreBox(QWidget):
    """`moved`: the person changed something, perhaps not for the last time.

    `max_area` speaks for itself, for it depends on a field outside; so does `channels`, which is
    here for colour images only.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.max_area = AreaField(
            self.tr("Largest area"),
            self.tr("Larger objects are left out; 0: no limit"),
            LARGEST_AREA,
            self.tr("no limit"),
        )
        self.fill_holes = AreaField(
            self.tr("Fill holes up to"),
            self.tr("Smaller holes in an object become part of it; 0: all holes stay"),
            LARGEST_AREA,
            self.tr("keep all"),
        )
        self.detail = NumberField(
            self.tr("Outline detail"),
            self.tr(
                "How far an outline may run beside the found edge:\n"
                "smaller follows it more closely, larger needs fewer vertices.\n"
                "Small objects keep a finer outline in any case."
            ),
            DETAILS,
        )
        self.exclude_border = QCheckBox(self.tr("Leave out objects cut by the image edge"))
        self.channels = ChannelBox()
        self._set_up()
        self._arrange()

    @property
    def fields(self) -> tuple[NumberField, ...]:
        """What stands below each other, so that fields outside can be brought in line."""
        return self.max_area, self.fill_holes, self.detail

    def show_limits(self, limits: SegmentConfig) -> None:
        """Show limits without telling anyone."""
        self.max_area.show_value(limits.max_area or 0)
        self.fill_holes.show_value(limits.fill_holes)
        self.detail.show_value(limits.detail)
        with QSignalBlocker(self.exclude_border):
            self.exclude_border.setChecked(limits.exclude_border)

    def set_pixel_size(self, micrometres: float | None) -> None:
        """Edge of a pixel, None when unknown."""
        for field in (self.max_area, self.fill_holes):
            field.set_pixel_size(micrometres)

    def _set_up(self) -> None:
        self.channels.hide()
        self.detail.setDecimals(2)
        self.detail.setSingleStep(0.05)
        self.detail.setSuffix(self.tr(" px"))
        self.exclude_border.setToolTip(
            self.tr("Their true area and shape are unknown, so they would distort measurements")
        )
        for field in (self.fill_holes, self.detail):
            field.valueChanged.connect(self.moved)
        self.exclude_border.toggled.connect(self.moved)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for row, field in enumerate(self.fields):
            grid.addWidget(field.label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.exclude_border, 3, 0, 1, 3)
        grid.addWidget(self.channels, 4, 0, 1, 3)
        grid.setColumnStretch(2, 1)
