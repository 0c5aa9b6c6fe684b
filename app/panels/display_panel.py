"""The panel for brightness and channels; nothing here changes what a network sees."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.canvas.display import Display
from app.canvas.view import Canvas
from app.panels import display_edits as edits
from app.panels.level_row import LevelRow
from app.panels.margins import PANEL_MARGINS
from app.session import Session
from core.image.scale import Window


class DisplayPanel(QWidget):
    """Adjusts the display of the canvas, one channel at a time."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self.channel, self.visible = QComboBox(), QCheckBox(self.tr("Show"))
        self.black = LevelRow(self.tr("Black"), self.tr("This value and those below are black"))
        self.white = LevelRow(self.tr("White"), self.tr("This value and those above are white"))
        self.auto = QPushButton(self.tr("Auto"))
        self.full = QPushButton(self.tr("Full range"))
        self._arrange()
        self._connect()
        self._on_display_changed()

    def _arrange(self) -> None:
        self.channel.setAccessibleName(self.tr("Channel"))
        self.auto.setToolTip(self.tr("Between the percentiles 0.35 and 99.65"))
        self.full.setToolTip(self.tr("From the smallest to the largest value"))
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(6)
        self._top = _row(self.channel, self.visible)
        for part in (self._top, self.black, self.white, _row(self.auto, self.full)):
            column.addWidget(part)
        column.addStretch()

    def _connect(self) -> None:
        self._canvas.display_changed.connect(self._on_display_changed)
        self.channel.currentIndexChanged.connect(self._show)
        self.visible.clicked.connect(self._on_visible_clicked)
        self.black.moved.connect(self._on_moved)
        self.white.moved.connect(self._on_moved)
        self.auto.clicked.connect(self._on_auto)
        self.full.clicked.connect(self._on_full)

    @Slot()
    def _on_display_changed(self) -> None:
        """Another image is on the canvas; a large one gets its display some time later."""
        image = self._session.image
        with QSignalBlocker(self.channel):
            self.channel.clear()
            for number in edits.channels_of(image) if image else ():
                self.channel.addItem(self.tr("Channel {}").format(number + 1), number)
        self._top.setVisible(self.channel.count() > 1)
        self.setEnabled(self._canvas.display is not None)
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show how the chosen channel is displayed, without changing it."""
        image, display = self._session.image, self._canvas.display
        if image is None or display is None:
            return
        levels = edits.levels(image, display, self._chosen)
        self.black.show_value(levels.window.low, levels.bounds)
        self.white.show_value(levels.window.high, levels.bounds)
        self.visible.setChecked(levels.visible)

    @property
    def _chosen(self) -> int:
        return int(self.channel.currentData())

    def _set(self, display: Display) -> None:
        self._canvas.set_display(display)
        self._show()

    @Slot()
    def _on_moved(self) -> None:
        if display := self._canvas.display:
            window = Window(self.black.value, self.white.value)
            self._canvas.set_display(edits.with_window(display, self._chosen, window))

    @Slot(bool)
    def _on_visible_clicked(self, visible: bool) -> None:
        if display := self._canvas.display:
            self._set(edits.with_visible(display, self._chosen, visible))

    @Slot()
    def _on_auto(self) -> None:
        if (image := self._session.image) and (display := self._canvas.display):
            self._set(edits.automatic(image, display, self._chosen))

    @Slot()
    def _on_full(self) -> None:
        if (image := self._session.image) and (display := self._canvas.display):
            self._set(edits.full_range(image, display, self._chosen))


def _row(*parts: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        row.addWidget(part, 0 if isinstance(part, QCheckBox) else 1)
    return box
