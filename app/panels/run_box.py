"""Choosing a network, its channels and the size of its objects; running, watching, stopping it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.channel_box import ChannelBox
from app.panels.network_picker import NetworkPicker
from app.panels.object_size_box import ObjectSizeBox
from app.theme.icons import Icons

IDLE, RUNNING = range(2)


class RunBox(QWidget):
    """Network, channels, object size, buttons and, while a network runs, progress in their place.

    preview_asked: to see what the network sees.
    """

    segment_asked = Signal()
    segment_all_asked = Signal()
    cancel_asked = Signal()
    preview_asked = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.picker, self.channels, self.size_box = NetworkPicker(), ChannelBox(), ObjectSizeBox()
        self.preview = QToolButton()
        self._segment = QPushButton(self.tr("Segment image"))
        self._segment_all = QPushButton(self.tr("All"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._bar, self._line = QProgressBar(), QLabel()
        self._stack = QStackedWidget()
        self._set_up(icons)
        self._arrange()
        self.set_ready(False, False, self.tr("Looking for networks…"))

    @property
    def progress(self) -> QProgressBar:
        return self._bar

    @property
    def line(self) -> str:
        """The line about what is going on, or why nothing can."""
        return self._line.text()

    def set_ready(self, one: bool, all_of_them: bool, hint: str) -> None:
        """Which runs are possible now; `hint` says how to start one, or why none can."""
        for button, possible in (
            (self._segment, one),
            (self._segment_all, all_of_them),
            (self.preview, one),
        ):
            button.setEnabled(possible)
            button.setToolTip(self._tips[button] if one else hint)
        if self._stack.currentIndex() == IDLE:
            self._line.setText(hint)

    def show_progress(self, done: int, total: int, line: str) -> None:
        """A run is under way; where there is nothing to count the bar only says that it goes on."""
        self._stack.setCurrentIndex(RUNNING)
        self._set_choosable(False)
        self._bar.setRange(0, total if total > 1 else 0)
        self._bar.setValue(done)
        self._line.setText(line)

    def show_idle(self) -> None:
        """Nothing runs."""
        self._stack.setCurrentIndex(IDLE)
        self._set_choosable(True)
        self._line.clear()

    def _set_choosable(self, possible: bool) -> None:
        """What a run under way can no longer heed."""
        for part in (self.picker, self.channels, self.size_box):
            part.setEnabled(possible)

    def _set_up(self, icons: Icons) -> None:
        buttons = (
            (self._segment, "segment", self.segment_asked),
            (self._segment_all, "segment_all", self.segment_all_asked),
            (self._cancel, "stop", self.cancel_asked),
            (self.preview, "network_input", self.preview_asked),
        )
        for button, icon, signal in buttons:
            icons.attach(button, icon)
            button.clicked.connect(signal)
        self._tips: dict[QAbstractButton, str] = {
            self._segment: self.tr("Outline the objects of this image (Ctrl+Return)"),
            self._segment_all: self.tr("Outline the objects of all images of the project"),
            self.preview: self.tr("Show what the network sees, and whether its size fits"),
        }
        self._cancel.setToolTip(self.tr("Stop; nothing is changed (Shift+Esc)"))
        self.preview.setAccessibleName(self.tr("Network input"))
        self.preview.setAutoRaise(True)
        self.channels.hide()
        self._bar.setAccessibleName(self.tr("Progress of the segmentation"))
        self._line.setWordWrap(True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._line.setForegroundRole(self.palette().ColorRole.PlaceholderText)

    def _arrange(self) -> None:
        for parts, stretches in (
            ((self._segment, self._segment_all), (1, 0)),
            ((self._bar, self._cancel), (1, 0)),
        ):
            page = QWidget()
            row = QHBoxLayout(page)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            for part, stretch in zip(parts, stretches, strict=True):
                row.addWidget(part, stretch)
            self._stack.addWidget(page)
        self._stack.setFixedHeight(self._segment.sizeHint().height())
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.picker, 1)
        top.addWidget(self.preview)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        for part in (self.channels, self.size_box, self._stack, self._line):
            column.addWidget(part)
