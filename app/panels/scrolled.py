"""A panel that is scrolled where the window is too low for all of it."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QScrollArea, QSlider, QWidget

TURNED = QAbstractSpinBox, QComboBox, QSlider
"""What a wheel changes."""
LEAST_HEIGHT = 150
"""Logical pixels; some rows of a panel are always in sight."""


class Scrolled(QScrollArea):
    """Never higher than its panel, so that height of no use here is left to the tables.

    wanted_changed: the panel needs more or less height than before.
    """

    wanted_changed = Signal()

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in the panel
        self.setWidgetResizable(True)
        self.setWidget(panel)
        for part in panel.findChildren(QWidget):
            if isinstance(part, TURNED):
                part.installEventFilter(self)
        self._follow()

    @property
    def wanted(self) -> int:
        """Height that shows all of the panel, also of texts that wrap."""
        panel = self._panel
        return max(panel.minimumSizeHint().height(), panel.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """With room for a scroll bar, so that nothing is cut when it comes."""
        width = self._panel.minimumSizeHint().width()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(width + bar, min(self.wanted, LEAST_HEIGHT))

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), self.wanted)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the panel; where it can be scrolled, the wheel does that and changes no value."""
        if isinstance(event, QWheelEvent) and self._takes_wheel_from(watched):
            self.wheelEvent(event)
            return True
        done = super().eventFilter(watched, event)
        if watched is self._panel and event.type() == QEvent.Type.LayoutRequest:
            self._follow()
        return done

    def _takes_wheel_from(self, part: QObject) -> bool:
        return isinstance(part, TURNED) and self.verticalScrollBar().maximum() > 0

    def _follow(self) -> None:
        if self.wanted != self.maximumHeight():
            self.setMaximumHeight(self.wanted)
            self.wanted_changed.emit()
        self.updateGeometry()
