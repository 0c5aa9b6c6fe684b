"""Which channels of an image the network sees: automatic, one, or several joined."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from core.image.channel_names import channel_name, channel_names
from core.image.model import Image

Channels = tuple[int, ...]


class ChannelBox(QWidget):
    """A button with a menu of channels to check. chosen: (numbers from 0), by the person; none is
    automatic."""

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.label, self.button = QLabel(self.tr("Channels")), QPushButton()
        self.menu = QMenu(self)
        self._automatic = ""
        self._offered: dict[int, str] = {}
        self._channels: Channels = ()
        self._set_up()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.button, 1)

    def show_channels(self, image: Image | None, channels: Channels) -> None:
        """Offer the channels of an image; those that were chosen for another one stay in sight."""
        names = channel_names(image) if image else ()
        absent = self.tr("{} (not in this image)")
        self._offered = dict(enumerate(names))
        self._offered |= {c: absent.format(channel_name(c)) for c in channels if c >= len(names)}
        first = self.tr("colours") if image and image.is_rgb else next(iter(names), "")
        self._automatic = self.tr("automatic: {}").format(first)
        self._channels = channels
        shown = [self._offered[channel] for channel in channels] or [self._automatic]
        self.button.setText(_plain(" + ".join(shown)))

    def _set_up(self) -> None:
        tip = self.tr(
            "What the network sees. Of several channels it sees the brightest at each pixel, each\n"
            "scaled by its own values. What is shown on the screen plays no part.\n"
            "A change needs a new run."
        )
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.button.setAccessibleName(self.tr("Channels that the network sees"))
        self.label.setBuddy(self.button)
        for part in (self.label, self.button):
            part.setToolTip(tip)

    @Slot()
    def _fill(self) -> None:
        self.menu.clear()
        self._add(self._automatic, not self._channels, ())
        self.menu.addSeparator()
        for channel, name in sorted(self._offered.items()):
            self._add(name, channel in self._channels, _toggled(self._channels, channel))

    def _add(self, text: str, checked: bool, choice: Channels) -> None:
        action = QAction(_plain(text), self.menu, checkable=True, checked=checked)
        action.triggered.connect(lambda: self.chosen.emit(choice))
        self.menu.addAction(action)


def _toggled(channels: Channels, channel: int) -> Channels:
    """With the channel where it was missing, else without it."""
    return tuple(sorted({channel} ^ set(channels)))


def _plain(text: str) -> str:
    """A text in which & is no sign for a shortcut."""
    return text.replace("&", "&&")
