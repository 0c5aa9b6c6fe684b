"""The measurement window: made when it is opened first, and what a double click in it shows."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot

from app.dialogs.ask import Ask
from app.measurement.measuring import Measuring
from app.measurement.window import MeasurementWindow
from app.session import Session
from app.settings import schema
from app.settings.store import Settings
from app.tasks.runner import Runner
from core.measure.prediction import Prediction


class MeasureActions(QObject):
    """What the View menu does for measurements."""

    def __init__(
        self,
        session: Session,
        runner: Runner,
        settings: Settings,
        ask: Ask,
        prediction_of: Callable[[int], Prediction | None],
        show_region: Callable[[int], None],
    ) -> None:
        """show_region: brings an object of the shown image into sight."""
        super().__init__()
        self._session, self._runner, self._settings = session, runner, settings
        self._ask, self._show_region = ask, show_region
        self._measuring = Measuring(session, runner, prediction_of)
        self._window: MeasurementWindow | None = None
        self._wanted = (0, 0)  # image and object to be shown as soon as the image is
        session.shown_changed.connect(self._on_shown_changed)

    @property
    def window(self) -> MeasurementWindow | None:
        """None until it was opened."""
        return self._window

    def open(self) -> None:
        """Bring the window to the front."""
        if self._window is None:
            self._window = self._new_window()
        self._window.open()

    def _new_window(self) -> MeasurementWindow:
        window = MeasurementWindow(self._session, self._runner, self._measuring)
        window.setParent(self._ask.window, Qt.WindowType.Window)  # goes with the main window
        window.view.choose_columns(self._settings.get(schema.MEASURE_COLUMNS))
        window.view.columns_chosen.connect(
            lambda keys: self._settings.set(schema.MEASURE_COLUMNS, keys)
        )
        window.opened.connect(self._on_opened)
        return window

    @Slot(int, int)
    def _on_opened(self, image_id: int, region_id: int) -> None:
        self._wanted = (image_id, region_id)
        document = self._session.document
        if document is not None and document.image_id == image_id:
            self._on_shown_changed()
        else:
            self._session.show(image_id)

    @Slot()
    def _on_shown_changed(self) -> None:
        (image_id, region_id), document = self._wanted, self._session.document
        if document is not None and document.image_id == image_id:
            self._wanted = (0, 0)
            if region_id in document.regions:
                self._session.selection.set([region_id])
                self._show_region(region_id)
