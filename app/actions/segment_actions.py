"""What the Segment menu and panel do: ask the controller, and show how its work goes on."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot

from app.actions.facts import Facts
from app.actions.preview_actions import PreviewActions
from app.controllers.segmentation import SegmentationController
from app.messages import Messages
from app.panels.segmentation_panel import SegmentationPanel
from app.session import Session
from app.settings import schema
from app.settings.channels import CHANNELS, channels_of
from app.settings.limits import remember, remembered
from app.settings.store import Settings
from core.engine.config import SegmentConfig
from core.weights import NetworkInfo


class SegmentActions(QObject):
    """Joins the panel and the controller.

    The panel shows the limits that hold for the shown image, where its maps are here, or else
    those of before; what it shows is what the next run uses.
    """

    def __init__(
        self,
        session: Session,
        controller: SegmentationController,
        panel: SegmentationPanel,
        settings: Settings,
        facts: Facts,
        messages: Messages,
    ) -> None:
        super().__init__()
        self._session, self._controller, self._panel = session, controller, panel
        self._settings, self._facts, self._messages = settings, facts, messages
        self.preview = PreviewActions(session, controller, panel)
        self._names: dict[int, str] = {}
        self._asked = self._ended = 0
        panel.adjust.set_limits(remembered(settings, panel.adjust.limits))
        self._connect()

    def set_networks(self, networks: Sequence[NetworkInfo]) -> None:
        """Offer these networks, the one that was used last first."""
        self._panel.set_networks(networks, self._settings.get(schema.NETWORK))
        self._facts.set_network(bool(self._panel.network))
        self._show_state()

    def segment(self) -> None:
        """Outline the objects of the shown image."""
        self._asked, self._ended = 1, 0
        self._controller.segment_current(self._panel.run_settings)

    def segment_all(self) -> None:
        self._asked, self._ended = len(self._session.records), 0
        self._controller.segment_all(self._panel.run_settings)

    def segment_planes(self) -> None:
        """Outline the objects of all planes of the shown file, also of those never looked at."""
        self._ended = 0
        self._asked = self._controller.segment_planes(self._panel.run_settings)
        if self._controller.busy:  # for the first one may have to be added
            self._facts.set_running(True)
            self._panel.run.show_progress(0, 0, self.tr("starting"))

    def show_network_input(self) -> None:
        """Show what the network sees of the shown image."""
        self.preview.show()

    def cancel(self) -> None:
        self._controller.cancel()

    def reset(self) -> None:
        """Back to the limits that the network recommends."""
        self._panel.adjust.reset()

    @property
    def running(self) -> bool:
        """Whether a network is at work."""
        return self._controller.busy

    def _connect(self) -> None:
        controller, panel = self._controller, self._panel
        controller.started.connect(self._on_started)
        controller.progressed.connect(self._on_progressed)
        controller.finished.connect(self._on_finished)
        controller.failed.connect(self._on_failed)
        controller.adjusting_failed.connect(self._on_adjusting_failed)
        controller.cancelled.connect(self._on_cancelled)
        controller.warned.connect(self._on_warned)
        controller.maps_available.connect(self._on_maps_available)
        panel.run.segment_asked.connect(self.segment)
        panel.run.segment_all_asked.connect(self.segment_all)
        panel.run.cancel_asked.connect(self.cancel)
        panel.run.preview_asked.connect(self.show_network_input)
        panel.network_chosen.connect(self._on_network_chosen)
        panel.channels_chosen.connect(self._on_channels_chosen)
        panel.adjust.adjusted.connect(self._on_adjusted)
        self._session.shown_changed.connect(self._on_shown_changed)
        self._session.calibrated.connect(self._on_shown_changed)
        self._session.project_changed.connect(self._on_project_changed)
        self._facts.changed.connect(self._show_state)

    def _name(self, image_id: int) -> str:
        """Of an image that was started; its project may be closed since."""
        return self._names.get(image_id, "")

    @Slot(int)
    def _on_started(self, image_id: int) -> None:
        self._names[image_id] = self._session.record(image_id).title
        self._facts.set_running(True)
        self._show_progress(image_id, 0, 0, self.tr("starting"))

    @Slot(int, int, int, str)
    def _on_progressed(self, image_id: int, done: int, total: int, stage: str) -> None:
        self._show_progress(image_id, done, total, stage)

    def _show_progress(self, image_id: int, done: int, total: int, stage: str) -> None:
        line = f"{self._name(image_id)}: {stage}" if stage else self._name(image_id)
        if self._asked > 1:
            line = self.tr("{} of {}, {}").format(self._ended + 1, self._asked, line)
        self._panel.run.show_progress(done, total, line)

    @Slot(int, int, float)
    def _on_finished(self, image_id: int, count: int, seconds: float) -> None:
        self._ended += 1
        self._tell(image_id, count, seconds)
        self._look_again()

    def _tell(self, image_id: int, count: int, seconds: float) -> None:
        name = self._name(image_id)
        if count == 0:
            text = self.tr("Nothing found in {}: try a lower threshold or another network.")
            self._messages.inform(text.format(name))
        elif count == 1:
            self._messages.inform(self.tr("1 object found in {} ({:.1f} s).").format(name, seconds))
        else:
            text = self.tr("{:,} objects found in {} ({:.1f} s).")
            self._messages.inform(text.format(count, name, seconds))

    @Slot(int, str)
    def _on_failed(self, image_id: int, problem: str) -> None:
        self._ended += 1
        self._messages.warn(problem)
        self._look_again()

    @Slot(int, str)
    def _on_warned(self, image_id: int, sentence: str) -> None:
        self._messages.warn(f"{self._name(image_id)}: {sentence}")

    @Slot(int, str)
    def _on_adjusting_failed(self, image_id: int, problem: str) -> None:
        self._messages.warn(problem)

    @Slot(int)
    def _on_cancelled(self, image_id: int) -> None:
        self._messages.inform(self.tr("Stopped; {} is as it was.").format(self._name(image_id)))
        self._look_again()

    def _look_again(self) -> None:
        """The controller starts the next image, if any, after it said that one has ended."""
        QTimer.singleShot(0, self, self._on_look_again)

    @Slot()
    def _on_look_again(self) -> None:
        if not self._controller.busy:
            self._facts.set_running(False)
            self._panel.run.show_idle()
            self._show_state()

    @Slot(int, bool)
    def _on_maps_available(self, image_id: int, available: bool) -> None:
        current = self._session.current
        if current and current.id == image_id:
            self._show_maps(image_id)

    @Slot()
    def _on_shown_changed(self) -> None:
        current = self._session.current
        self._panel.set_pixel_size(current.pixel_size_um if current else None)
        self._panel.set_image(self._session.image)
        self._show_maps(current.id if current else 0)

    def _show_maps(self, image_id: int) -> None:
        """What is known of the shown image from a run; 0: there is none."""
        limits, adjust = self._controller.limits(image_id), self._panel.adjust
        adjust.set_adjustable(limits is not None)
        self._facts.set_maps(limits is not None)
        measured = self._controller.measured_diameter(image_id)
        self._panel.run.size_box.show_measured(measured)
        if limits:
            adjust.set_limits(limits)

    @Slot(object, bool)
    def _on_adjusted(self, limits: SegmentConfig, final: bool) -> None:
        if final:
            remember(self._settings, limits)
        self._controller.adjust(limits, final)

    @Slot()
    def _on_project_changed(self) -> None:
        project = self._session.project
        self._panel.set_channels(channels_of(project.setting(CHANNELS)) if project else ())

    @Slot(tuple)
    def _on_channels_chosen(self, channels: tuple[int, ...]) -> None:
        if self._session.project and not self._session.project.read_only:
            self._session.write(lambda project: project.set_setting(CHANNELS, channels))

    @Slot(str)
    def _on_network_chosen(self, name: str) -> None:
        self._settings.set(schema.NETWORK, name)
        self._facts.set_network(bool(name))

    @Slot()
    def _show_state(self) -> None:
        """Which runs are possible, and why none is."""
        possible = self._session.current is not None and bool(self._panel.network)
        several = possible and len(self._session.records) > 1
        hint = self._panel.hint
        if self._session.current is None and self._panel.network:
            hint = self.tr("Open an image first.")
        self._panel.run.set_ready(possible, several, hint)
