"""The status bar: messages, what is being opened, what lies under the pointer, zoom, counts, and
whether all is saved."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QStatusBar

from app.canvas.readout import Readout
from app.canvas.view import Canvas
from app.counted import objects
from app.panels.opening_bar import OpeningBar
from app.panels.shown import Shown
from app.panels.zoom_box import ZoomBox
from app.session import Session

MESSAGE_MS = 8000
SAVING_POLL_MS = 150


class StatusBar(QStatusBar):
    """Only shows; the fields have fixed widths, so that nothing dances under the pointer."""

    def __init__(self, session: Session, shown: Shown, canvas: Canvas) -> None:
        super().__init__()
        self._session, self._shown = session, shown
        self._position = self._field("00000.0, 00000.0", self.tr("Position, pixels"))
        self._value = self._field("65535 65535 65535", self.tr("Value of the pixel"))
        self._count = self._field("100,000 objects, 000 hidden", self.tr("Objects in this image"))
        self._scale = self._field(self.tr("uncalibrated") + "  ", self.tr("Size of a pixel"))
        self._saved = self._field(self.tr("saving…") + "  ", self.tr("State of the project"))
        self._zoom = ZoomBox(canvas)
        self._poll = QTimer(self, interval=SAVING_POLL_MS)
        for part in (
            OpeningBar(session),
            self._position,
            self._value,
            self._zoom,
            self._count,
            self._scale,
            self._saved,
        ):
            self.addPermanentWidget(part)
        self._connect(canvas)
        self._on_replaced()

    def say(self, sentence: str) -> None:
        """Show a sentence for a while."""
        self.showMessage(sentence, MESSAGE_MS)

    def _field(self, widest: str, name: str) -> QLabel:
        label = QLabel()
        label.setMinimumWidth(QFontMetrics(label.font()).horizontalAdvance(widest))
        label.setAccessibleName(name)
        label.setToolTip(name)
        return label

    def _connect(self, canvas: Canvas) -> None:
        canvas.pointer_moved.connect(self._on_pointer_moved)
        canvas.said.connect(self.say)
        self._shown.replaced.connect(self._on_replaced)
        self._shown.regions_changed.connect(self._show_count)
        self._shown.regions_changed.connect(self._poll.start)
        self._session.saved.connect(self._show_saved)
        self._session.project_changed.connect(self._show_saved)
        self._session.images_changed.connect(self._poll.start)
        self._poll.timeout.connect(self._show_saved)

    @Slot(object)
    def _on_pointer_moved(self, readout: Readout | None) -> None:
        self._position.setText("" if readout is None else f"{readout.x:.1f}, {readout.y:.1f}")
        values = () if readout is None or readout.value is None else readout.value
        self._value.setText(" ".join(f"{value:.6g}" for value in values))

    @Slot()
    def _on_replaced(self) -> None:
        size = self._shown.pixel_size_um
        known = self._shown.document is not None
        text = self.tr("uncalibrated") if size is None else self.tr("{:.4g} µm/px").format(size)
        self._scale.setText(text if known else "")
        self._zoom.set_image_shown(known)
        self._position.clear()
        self._value.clear()
        self._show_count()
        self._show_saved()

    @Slot()
    def _show_count(self) -> None:
        text = objects(len(self._shown.regions))
        document = self._shown.document
        if document and (hidden := document.hidden_count):
            text = self.tr("{}, {:,} hidden").format(text, hidden)
        self._count.setText(text if document else "")

    @Slot()
    def _show_saved(self) -> None:
        """Ask while something is being written, then rest."""
        saving = self._session.saving
        if not saving:
            self._poll.stop()
        self._saved.setText(self._state(saving))
        path = self._session.project_path
        self._saved.setToolTip(str(path or self.tr("State of the project")))

    def _state(self, saving: bool) -> str:
        project = self._session.project
        if project is None:
            return ""
        if project.read_only:
            return self.tr("read-only")
        return self.tr("saving…") if saving else self.tr("saved")
