"""Keeps the picture of what the network sees up to date while it is open."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from app.controllers.segmentation import SegmentationController
from app.dialogs.network_input import NetworkInputDialog
from app.panels.segmentation_panel import SegmentationPanel
from app.session import Session
from app.tasks.runner import Outcome
from core.engine.fit import Fit
from core.engine.preview import NetworkInput, network_input_tile
from core.errors import UsageError
from core.image.model import Image
from core.models.spec import Normalisation
from core.progress import Ticket

SETTLED_MS = 150


class PreviewActions(QObject):
    """Made in the background, one picture after the other; the last wish counts."""

    def __init__(
        self, session: Session, controller: SegmentationController, panel: SegmentationPanel
    ) -> None:
        super().__init__()
        self._session, self._controller, self._panel = session, controller, panel
        self._dialog: NetworkInputDialog | None = None
        self._tile = 0
        self._wishes = 0  # so that a late picture is told from the one that is wanted
        self._soon = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._soon.timeout.connect(self._begin)
        session.shown_changed.connect(self._on_shown_changed)
        panel.run_changed.connect(self._refresh)
        controller.maps_available.connect(self._refresh)

    @property
    def dialog(self) -> NetworkInputDialog | None:
        """None before it was asked for."""
        return self._dialog

    def show(self) -> None:
        """Show what the network sees of the shown image."""
        if self._dialog is None:
            self._dialog = NetworkInputDialog(self._panel)
            self._dialog.tile_asked.connect(self._on_tile_asked)
        self._dialog.show()
        self._dialog.raise_()
        self._begin()

    @Slot()
    def _refresh(self) -> None:
        if self._dialog and self._dialog.isVisible():
            self._soon.start()

    @Slot()
    def _on_shown_changed(self) -> None:
        self._tile = 0
        self._refresh()

    @Slot(int)
    def _on_tile_asked(self, index: int) -> None:
        self._tile = index
        self._refresh()

    @Slot()
    def _begin(self) -> None:
        self._wishes += 1
        image, entry = self._session.image, self._panel.entry
        if image is None or entry is None:
            self._show_problem(self.tr("Open an image and choose a network first."))
            return
        try:
            diameter, channels = self._wanted()
        except UsageError as error:
            self._show_problem(str(error))
            return
        fit = Fit(diameter or entry.diameter, entry.diameter)
        work = partial(_made, image, entry.normalisation, channels, fit, self._tile)
        then = partial(self._on_made, self._wishes, fit, diameter is not None)
        self._session.start_job(work, then)

    def _wanted(self) -> tuple[float | None, tuple[int, ...]]:
        """The object size, None when it is not known, and the channels of the next run."""
        record = self._session.current
        assert record is not None  # there is an image
        config = self._panel.run_settings.for_image(record.name, record.pixel_size_um)
        diameter = config.diameter or self._controller.measured_diameter(record.id)
        return diameter, config.channels

    def _on_made(self, wish: int, fit: Fit, is_known: bool, outcome: Outcome) -> None:
        if wish != self._wishes or self._dialog is None:
            return
        if outcome.problem:
            self._show_problem(outcome.problem)
        else:
            self._dialog.show_tile(outcome.value, fit, is_known)

    def _show_problem(self, sentence: str) -> None:
        if self._dialog:
            self._dialog.show_problem(sentence)


def _made(
    image: Image,
    normalisation: Normalisation,
    channels: tuple[int, ...],
    fit: Fit,
    index: int,
    ticket: Ticket,
) -> NetworkInput:
    return network_input_tile(image, normalisation, channels, fit, index)
