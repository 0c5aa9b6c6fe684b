"""The panel for brightness and channels; nothing here changes what a network sees."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.canvas.display import Display
from app.canvas.luts import Lut
from app.canvas.view import Canvas
from app.panels import display_edits as edits
from app.panels.channel_list import ChannelList
from app.panels.chosen_displays import ChosenDisplays
from app.panels.histogram import Histogram, histogram
from app.panels.histogram_view import HistogramView
from app.panels.kept_displays import KeptDisplays
from app.panels.lut_box import LutBox
from app.panels.margins import PANEL_MARGINS
from app.panels.slider_row import SliderRow
from app.panels.unfold_button import UnfoldButton
from app.panels.value_field import ValueField
from app.session import Session
from core.image.channel_names import channel_names
from core.image.model import Image
from core.image.scale import Window

GAMMAS = (0.2, 3.0)


class DisplayPanel(QWidget):
    """Adjusts the display of the canvas, one channel at a time."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._kept, self._chosen_displays = KeptDisplays(), ChosenDisplays(session)
        self._values: Histogram | None = None
        self.channels, self.view, self.colour = ChannelList(), HistogramView(), LutBox()
        self.black = ValueField(self.tr("Black"), self.tr("This value and those below are black"))
        self.white = ValueField(self.tr("White"), self.tr("This value and those above are white"))
        self.auto = QPushButton(self.tr("Auto"))
        self.full = QPushButton(self.tr("Full range"))
        self.gamma = SliderRow(
            self.tr("Gamma"),
            self.tr("Below 1 what is dim becomes brighter, above 1 darker; 1 is as measured"),
            GAMMAS,
        )
        self.keep = QCheckBox(self.tr("Keep for the next images"))
        self._more = QWidget()
        self.unfold = UnfoldButton(self._more, self.tr("Gamma, colour, keep for the next images"))
        self._set_tips()
        self._arrange()
        self._connect()
        self._on_display_changed()

    def _set_tips(self) -> None:
        self.auto.setToolTip(self.tr("Between the percentiles 0.35 and 99.65"))
        self.full.setToolTip(self.tr("From the smallest to the largest value"))
        self.keep.setToolTip(
            self.tr(
                "Images with the same channels and type of values are shown like this one.\n"
                "Otherwise each file gets values of its own, which the project remembers."
            )
        )

    def _arrange(self) -> None:
        self._colour_row = _row(_label(self.tr("Colour"), self.colour), self.colour)
        ends = _row(
            _below(_label(self.tr("Black"), self.black), self.black),
            None,
            _below(_label(self.tr("White"), self.white), self.white),
        )
        _stack(self._more, self.gamma, self.keep)
        _stack(
            self,
            *(self.channels, self.view, ends, _row(self.auto, self.full)),
            *(self.unfold, self._colour_row, self._more),
        )
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.setContentsMargins(*PANEL_MARGINS)
        column.addStretch()

    def _connect(self) -> None:
        self._canvas.display_changed.connect(self._on_display_changed)
        self._session.project_left.connect(self._kept.forget_files)
        self.channels.currentRowChanged.connect(self._show_channel)
        self.channels.checked.connect(self._on_checked)
        self.view.moved.connect(self._on_moved)
        self.black.valueChanged.connect(self._on_typed)
        self.white.valueChanged.connect(self._on_typed)
        self.auto.clicked.connect(self._on_auto)
        self.full.clicked.connect(self._on_full)
        self.colour.chosen.connect(self._on_colour_chosen)
        self.gamma.moved.connect(self._on_gamma_moved)
        self.unfold.toggled.connect(self._show_rows)
        self.keep.toggled.connect(self._on_keep_toggled)

    @property
    def _shown(self) -> tuple[Image, Display] | None:
        image, display = self._session.image, self._canvas.display
        return (image, display) if image and display else None

    @property
    def _chosen(self) -> int:
        image = self._session.image
        return edits.ALL if image and image.is_rgb else max(self.channels.currentRow(), 0)

    # What is shown

    @Slot()
    def _on_display_changed(self) -> None:
        """Another image is on the canvas; a large one gets its display some time later."""
        image = self._session.image
        self.channels.show_channels(_names(image))
        self.setEnabled(self._shown is not None)
        self._show_rows()
        if self._shown:
            image, automatic = self._shown
            self._put(self._kept.of(image, self._chosen_displays.of(image, automatic)))
            self._show_channel()
        elif image is None:
            self.view.show_histogram(None)

    @Slot()
    def _show_rows(self) -> None:
        """One channel needs little; the rest is folded away."""
        image, several = self._session.image, self.channels.count() > 1
        is_colour = image is not None and image.is_rgb
        self.channels.setVisible(several)
        self._colour_row.setVisible(not is_colour and (several or self.unfold.isChecked()))

    @Slot()
    def _show_channel(self) -> None:
        """Show the values of the chosen channel, and how it is displayed."""
        if self._shown:
            image, display = self._shown
            window = edits.look_of(display, self._chosen).window
            self._values = histogram(edits.values_of(image, self._chosen), window)
            self.view.show_histogram(self._values)
            self._show_look()

    def _show_look(self) -> None:
        """Show how the chosen channel is displayed, without changing it."""
        if not (self._shown and self._values):
            return
        image, display = self._shown
        look, usual = edits.look_of(display, self._chosen), edits.usual_lut(image, self._chosen)
        self.view.show_look(look)
        self.black.show_value(look.window.low, self._values)
        self.white.show_value(look.window.high, self._values)
        self.gamma.set_value(look.gamma)
        if usual:
            self.colour.show_lut(look.lut, usual)
        if self.channels.count():
            self.channels.show_display(display)
        other_colour = usual is not None and self.channels.count() == 0 and look.lut != usual
        self.unfold.count((look.gamma != 1) + self.keep.isChecked() + other_colour)

    # What the person changes

    def _set(self, display: Display) -> None:
        self._put(display)
        self._show_look()
        if image := self._session.image:
            self._chosen_displays.keep(image, display)

    def _put(self, display: Display) -> None:
        """Onto the canvas, and into the memory."""
        if self._shown:
            image, former = self._shown
            if display != former:
                self._canvas.set_display(display)
            self._kept.remember(image, display)

    @Slot(Window)
    def _on_moved(self, window: Window) -> None:
        if self._shown:
            self._set(edits.with_window(self._shown[1], self._chosen, window))

    @Slot()
    def _on_typed(self) -> None:
        """The histogram makes room for a value beyond its ends."""
        self._on_moved(Window(self.black.value(), self.white.value()))
        self._show_channel()

    @Slot(int, bool)
    def _on_checked(self, channel: int, visible: bool) -> None:
        if self._shown:
            self._set(edits.with_visible(self._shown[1], channel, visible))

    @Slot(object)
    def _on_colour_chosen(self, lut: Lut) -> None:
        if self._shown:
            self._set(edits.with_lut(self._shown[1], self._chosen, lut))

    @Slot(float)
    def _on_gamma_moved(self, gamma: float) -> None:
        if self._shown:
            self._set(edits.with_gamma(self._shown[1], self._chosen, gamma))

    @Slot()
    def _on_auto(self) -> None:
        if self._shown:
            self._set(edits.automatic(*self._shown, self._chosen))
            self._show_channel()

    @Slot()
    def _on_full(self) -> None:
        if self._shown:
            self._set(edits.full_range(*self._shown, self._chosen))
            self._show_channel()

    @Slot(bool)
    def _on_keep_toggled(self, wanted: bool) -> None:
        self._kept.keep(wanted)
        if self._shown:
            self._put(self._shown[1])
            self._show_look()


def _names(image: Image | None) -> list[str]:
    """Those of the channels, none where nothing is to be chosen."""
    if image is None or image.is_rgb or image.channels == 1:
        return []
    return list(channel_names(image))


def _label(text: str, part: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(part)
    return label


def _row(*parts: QWidget | None) -> QWidget:
    """Side by side; None for a space."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        if part:
            row.addWidget(part, 0 if isinstance(part, QLabel) else 1)
        else:
            row.addStretch(1)
    return box


def _below(label: QLabel, part: QWidget) -> QWidget:
    """A field with its name above it."""
    box = QWidget()
    _stack(box, label, part)
    return box


def _stack(box: QWidget, *parts: QWidget) -> None:
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    for part in parts:
        column.addWidget(part)
