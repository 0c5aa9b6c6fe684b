"""The panel that runs a network and adjusts what it found. It asks; the controller does."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QVBoxLayout, QWidget

from app.panels.adjust_box import AdjustBox
from app.panels.channel_box import ChannelBox
from app.panels.margins import PANEL_MARGINS
from app.panels.run_box import RunBox
from app.settings.run import RunSettings
from app.theme.icons import Icons
from core.image.model import Image
from core.weights import NetworkInfo, WeightsEntry


class SegmentationPanel(QWidget):
    """Above the run, below the adjustment. By the person: network_chosen, its name;
    channels_chosen, numbers from 0, none for automatic. run_changed: another run would be asked.
    """

    network_chosen = Signal(str)
    channels_chosen = Signal(tuple)
    run_changed = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.run, self.adjust = RunBox(icons), AdjustBox(icons)
        line = QFrame(frameShape=QFrame.Shape.HLine, frameShadow=QFrame.Shadow.Sunken)
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(8)
        for part in (self.run, line, self.adjust):
            column.addWidget(part)
        self._image: Image | None = None
        self._channels: tuple[int, ...] = ()
        self._align()
        self._connect()

    def _connect(self) -> None:
        picker, size = self.run.picker, self.run.size_box
        picker.currentIndexChanged.connect(self._on_network_changed)
        picker.activated.connect(lambda: self.network_chosen.emit(picker.network))
        for box in self._channel_boxes:
            box.chosen.connect(self._on_channels_chosen)
        for signal in (picker.currentIndexChanged, size.changed, self.channels_chosen):
            signal.connect(self.run_changed)

    @property
    def _channel_boxes(self) -> tuple[ChannelBox, ChannelBox]:
        return self.run.channels, self.adjust.more.channels

    def _align(self) -> None:
        """All fields begin at one place."""
        boxes = (box.label for box in self._channel_boxes)
        labels = (self.run.size_box.field.label, *boxes, *self.adjust.labels)
        width = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(width)

    @property
    def network(self) -> str:
        """Name of the chosen network, "" when none can run."""
        return self.run.picker.network

    @property
    def entry(self) -> WeightsEntry | None:
        """What is known of the weights of the chosen network, None when none can run."""
        info = self.run.picker.info
        return info.entry if info and self.network else None

    @property
    def run_settings(self) -> RunSettings:
        """What a run is asked to do: all that the panel shows."""
        for field in self.findChildren(QDoubleSpinBox):
            field.interpretText()  # a key that starts a run leaves the text half typed
        size = self.run.size_box
        config = replace(
            self.adjust.limits,
            model=self.network,
            diameter=size.diameter_px,
            channels=self._channels,
        )
        return RunSettings(config, size.diameter_um)

    @property
    def hint(self) -> str:
        """How to run the network, or why none can."""
        info = self.run.picker.info
        if self.network:
            return self.tr("Ctrl+Return segments the shown image.")
        if info is None:
            return self.tr("Looking for networks…")
        return self.tr("{} cannot run: {}.").format(info.title, info.reason)

    def set_networks(self, infos: Sequence[NetworkInfo], wanted: str) -> None:
        before = self.network
        with QSignalBlocker(self.run.picker):  # it passes by the first one
            self.run.picker.set_networks(infos, wanted)
        if self.network != before:
            self._on_network_changed()

    def set_pixel_size(self, micrometres: float | None) -> None:
        """Edge of a pixel of the shown image, None when unknown."""
        self.run.size_box.set_pixel_size(micrometres)
        self.adjust.set_pixel_size(micrometres)

    def set_image(self, image: Image | None) -> None:
        """The shown image, whose channels can be chosen."""
        self._image = image
        self._show_channels()

    def set_channels(self, channels: tuple[int, ...]) -> None:
        """Show which channels the network sees, without telling anyone."""
        self._channels = channels
        self._show_channels()

    def _show_channels(self) -> None:
        """A choice that was made is always in sight; for colour images it is seldom made."""
        image, (above, below) = self._image, self._channel_boxes
        is_colour = image is not None and image.is_rgb
        several = image is not None and image.channels > 1
        for box in self._channel_boxes:
            box.show_channels(image, self._channels)
        above.setVisible(bool(self._channels) or (several and not is_colour))
        below.setVisible(is_colour and not self._channels)

    @Slot(tuple)
    def _on_channels_chosen(self, channels: tuple[int, ...]) -> None:
        self.set_channels(channels)
        self.channels_chosen.emit(channels)

    @Slot()
    def _on_network_changed(self) -> None:
        """What a network recommends means something else to each; the rest stays."""
        info = self.run.picker.info
        if info and (entry := info.entry):
            self.adjust.set_defaults(entry.threshold, entry.separation, entry.min_confidence)
            own = replace(self.adjust.limits, threshold=None, separation=None, min_confidence=None)
            self.adjust.set_limits(own)
