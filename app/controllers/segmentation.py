"""SegmentationController: asks the engine, and puts what it found into the right document."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.commands.proposals import Basis, fitted
from app.controllers.draft import Draft
from app.controllers.live_threshold import LiveThreshold, Wish
from app.controllers.map_store import CachedRun, MapStore
from app.session import Session
from app.settings.run import RunSettings
from app.tasks.engine_worker import EngineWorker
from app.tasks.opening import Added, Loaded, add_plane
from app.tasks.runner import Outcome, Runner
from core.annotation.annotation_set import RunInfo
from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.fit import Fit
from core.engine.result import Maps, SegmentationResult, resolved
from core.errors import UsageError
from core.image.model import Image
from core.image.source import PROJECTION, Plane, Scene
from core.measure.prediction import Prediction
from core.progress import Ticket
from core.project.delta import Delta, Step
from core.project.records import ImageRecord
from core.weights import NetworkInfo, networks


@dataclass(eq=False)
class Run:
    """One image on its way: its pixels are read, the network runs, the regions are placed.

    plane: which the project does not have yet; until it is added, image_id is that of another
    plane of its file.
    """

    image_id: int
    settings: RunSettings
    plane: Plane | None = None
    config: SegmentConfig = field(default_factory=SegmentConfig)  # for this image, once it starts
    reading: int = 0  # jobs of the runner
    placing: int = 0
    inference: int = 0  # job of the engine worker

    def is_of(self, image_id: int) -> bool:
        return self.image_id == image_id and self.plane is None


@dataclass(frozen=True)
class Placed:
    """The regions of a result, fitted to the document as it was then.

    warning: when the objects could not be shown to the network in the size that it knows.
    """

    proposals: Mapping[int, Region]
    basis: Basis
    title: str
    warning: str = ""


class SegmentationController(QObject):
    """One image at a time; a result goes to the document of the image it was made from.

    started, cancelled: image id. progressed: image id, done, total, stage. finished: image id,
    number of regions, seconds. failed: image id, a sentence. maps_available: image id, whether
    other limits act at once; also when undo brings limits back. drafted: image id, number of
    regions shown under a moving slider. adjusted: image id, number of regions made when it was
    let go. adjusting_failed: image id, a sentence. warned: image id, a sentence about its objects.
    """

    started = Signal(int)
    progressed = Signal(int, int, int, str)
    finished = Signal(int, int, float)
    failed = Signal(int, str)
    cancelled = Signal(int)
    maps_available = Signal(int, bool)
    drafted = Signal(int, int)
    adjusted = Signal(int, int)
    adjusting_failed = Signal(int, str)
    warned = Signal(int, str)

    def __init__(
        self,
        session: Session,
        runner: Runner,
        worker: EngineWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._worker = session, runner, worker
        self._run: Run | None = None
        self._waiting: deque[Run] = deque()
        self._advancing = False
        self._maps = MapStore(parent=self)
        self._watched: set[int] = set()  # documents with maps, whose undo the sliders follow
        self._live = LiveThreshold(session, runner, self)
        self._connect()

    @property
    def busy(self) -> bool:
        """Whether an image is on its way or waiting."""
        return self._run is not None

    @property
    def waiting(self) -> int:
        """The number of images that wait for the one under way."""
        return len(self._waiting)

    def limits(self, image_id: int) -> SegmentConfig | None:
        """The settings that hold for the regions of this image; None without its maps."""
        cached = self._maps.get(image_id)
        return cached.config if cached else None

    def measured_diameter(self, image_id: int) -> float | None:
        """What the last run measured, pixels; None when it did not, or its maps are gone."""
        cached = self._maps.get(image_id)
        return cached.measured if cached else None

    def prediction(self, image_id: int) -> Prediction | None:
        """What the network saw of an image, and the threshold that holds; None without maps."""
        cached = self._maps.get(image_id)
        if cached is None or cached.config.threshold is None:
            return None
        return Prediction(cached.maps.foreground, cached.config.threshold)

    def shown_probability(self) -> np.ndarray | None:
        """(H, W) of 0..1, that a pixel of the shown image belongs to an object; None without
        maps."""
        record = self._session.current
        cached = self._maps.get(record.id) if record else None
        return cached.maps.foreground if cached else None

    def segment_current(self, settings: RunSettings) -> None:
        """Segment the image that is shown, next; an earlier run of it is given up."""
        if record := self._session.current:
            if self._run and self._run.is_of(record.id):
                self._give_up(self._run)
            others = (run for run in self._waiting if not run.is_of(record.id))
            self._waiting = deque([Run(record.id, settings), *others])
            self._advance()

    def segment_all(self, settings: RunSettings) -> None:
        """Segment all images of the project, one after the other; a bad one does not stop it."""
        self.cancel()
        self._waiting.extend(Run(record.id, settings) for record in self._session.records)
        self._advance()

    def segment_planes(self, settings: RunSettings) -> int:
        """Segment all planes of the file that is shown, and add those that the project does not
        have; returns how many. They are projections if the shown one is."""
        record, image = self._session.current, self._session.image
        if record is None or image is None:
            return 0
        self.cancel()
        known = {r.plane: r.id for r in self._session.records if r.is_of_file(record)}
        for plane in planes_like(image):
            is_new = plane not in known
            self._waiting.append(
                Run(known.get(plane, record.id), settings, plane if is_new else None)
            )
        count = len(self._waiting)
        self._advance()
        return count

    def cancel(self) -> None:
        """Stop the run under way and forget those that wait; nothing changes any more."""
        self._waiting.clear()
        if self._run:
            self._give_up(self._run)

    def adjust(self, limits: SegmentConfig, final: bool) -> None:
        """Show the regions of the current image for other limits; make them when `final`.

        What the maps were made with stays: network, object size and channels. Without maps nothing
        happens.
        """
        record = self._session.current
        cached = self._maps.get(record.id) if record else None
        if record is None or cached is None:
            return
        made = cached.config
        config = replace(limits, model=made.model, diameter=made.diameter, channels=made.channels)
        if final:
            self._maps.set_config(record.id, config)
        self._live.ask(Wish(record.id, cached.maps, config, final))

    def _connect(self) -> None:
        self._worker.progressed.connect(self._on_worker_progressed)
        self._worker.finished.connect(self._on_worker_finished)
        self._worker.failed.connect(self._on_worker_failed)
        self._session.shown_changed.connect(self._on_session_shown_changed)
        self._session.project_left.connect(self._on_session_project_left)
        self._maps.available_changed.connect(self.maps_available)
        self._live.drafted.connect(self.drafted)
        self._live.failed.connect(self.adjusting_failed)
        self._live.committed.connect(self._on_live_committed)

    def _give_up(self, run: Run) -> None:
        """End what is under way; its late results find no run."""
        self._run = None
        self._runner.cancel(run.reading)
        self._runner.cancel(run.placing)
        self._worker.cancel(run.inference)
        self.cancelled.emit(run.image_id)

    def _advance(self) -> None:
        """Begin what is next; many that fail at once follow each other without nesting."""
        if self._advancing:
            return
        self._advancing = True
        while self._run is None and self._waiting:
            self._run = run = self._waiting.popleft()
            if run.plane is None:
                self._begin(run)
            else:
                self._add(run, run.plane, self._session.record(run.image_id))
        self._advancing = False

    def _add(self, run: Run, plane: Plane, sibling: ImageRecord) -> None:
        project = self._session.project
        assert project is not None  # it has the record
        run.reading = self._session.start_job(
            lambda ticket: add_plane(project, sibling, plane, ticket), partial(self._on_added, run)
        )

    def _on_added(self, run: Run, outcome: Outcome) -> None:
        if run is not self._run:
            return
        if outcome.problem:
            self._fail(run, outcome.problem)
            return
        added: Added = outcome.value
        self._session.put_added(added)
        run.image_id, run.plane = added.record.id, None
        self._begin(run)

    def _begin(self, run: Run) -> None:
        self.started.emit(run.image_id)
        run.reading = self._session.fetch(run.image_id, partial(self._on_read, run))

    def _end(self) -> None:
        self._run = None
        self._advance()

    def _fail(self, run: Run, problem: str) -> None:
        self.failed.emit(run.image_id, problem)
        self._end()

    def _on_read(self, run: Run, outcome: Outcome) -> None:
        if run is not self._run:
            return
        if outcome.problem:
            self._fail(run, outcome.problem)
            return
        loaded: Loaded = outcome.value
        record = self._session.record(run.image_id)
        if loaded.image.content_hash != record.content_hash:
            self._fail(run, _changed_file(loaded.image.name))
            return
        try:  # its pixel size may only be known now
            run.config = run.settings.for_image(record.name, record.pixel_size_um)
        except UsageError as error:
            self._fail(run, str(error))
            return
        run.inference = self._worker.submit(loaded.image, run.config)

    def _run_of(self, job: int) -> Run | None:
        """The run that waits for this job of the worker; None for one that was given up."""
        return self._run if self._run and self._run.inference == job else None

    def _on_worker_progressed(self, job: int, done: int, total: int, stage: str) -> None:
        if run := self._run_of(job):
            self.progressed.emit(run.image_id, done, total, stage)

    def _on_worker_failed(self, job: int, problem: str) -> None:
        if run := self._run_of(job):
            self._fail(run, problem)

    def _on_worker_finished(self, job: int, result: SegmentationResult) -> None:
        run = self._run_of(job)
        if run is None:
            return
        if result.content_hash == self._session.record(run.image_id).content_hash:
            self._place(run, result)
        else:
            self._fail(run, _changed_file(self._session.record(run.image_id).name))

    def _place(self, run: Run, result: SegmentationResult) -> None:
        draft = Draft(self._session.document_of(run.image_id))
        run.placing = self._runner.start(
            partial(place, result, draft.basis), partial(self._on_placed, run, result, draft)
        )

    def _on_placed(
        self, run: Run, result: SegmentationResult, draft: Draft, outcome: Outcome
    ) -> None:
        if outcome.problem:
            self._fail(run, outcome.problem)
            return
        placed: Placed = outcome.value
        if placed.basis != draft.basis:
            self._place(run, result)  # a person changed something meanwhile
            return
        draft.commit(placed.proposals, f"Segment with {placed.title}")
        self._record(run.image_id, result.maps, result.config, result.processing_time_ms)
        self._live.forget(run.image_id)
        self._keep_maps(run, result)
        seconds = result.processing_time_ms / 1000
        self.finished.emit(run.image_id, len(placed.proposals), seconds)
        if placed.warning:
            self.warned.emit(run.image_id, placed.warning)
        self._end()

    def _keep_maps(self, run: Run, result: SegmentationResult) -> None:
        measured = result.maps.diameter if run.config.diameter is None else None
        self._maps.put(run.image_id, CachedRun(result.maps, result.config, measured))
        if run.image_id not in self._watched:
            self._watched.add(run.image_id)
            document = self._session.document_of(run.image_id)
            document.applied.connect(partial(self._on_document_applied, run.image_id))

    def _record(self, image_id: int, maps: Maps, config: SegmentConfig, ms: float) -> None:
        config = resolved(config, maps)
        info = RunInfo(maps.model, config.threshold or 0.0, ms)
        self._session.record_run(image_id, info, maps.weights_sha256, asdict(config))

    def _on_live_committed(self, wish: Wish, count: int, seconds: float) -> None:
        self._record(wish.image_id, wish.maps, wish.config, 1000 * seconds)
        self.adjusted.emit(wish.image_id, count)

    def _on_document_applied(self, image_id: int, delta: Delta, step: Step) -> None:
        """Regions know their threshold; when undo brings one back, it holds again."""
        limits = self.limits(image_id)
        brought = (r.origin.threshold for r in delta.after.values() if not r.protected)
        threshold = next(brought, None)
        if step is not Step.DO and limits and threshold not in (None, limits.threshold):
            self._maps.set_config(image_id, replace(limits, threshold=threshold))
            self.maps_available.emit(image_id, True)

    def _on_session_shown_changed(self) -> None:
        self._live.take_back()
        if record := self._session.current:
            self.maps_available.emit(record.id, record.id in self._maps)

    def _on_session_project_left(self) -> None:
        self.cancel()
        self._live.reset()
        self._maps.clear()
        self._watched.clear()


def planes_like(image: Image) -> list[Plane]:
    """All planes of the file of an image, or all of its projections if the image is one."""
    return [
        Plane(number, t, z)
        for number, scene in enumerate(image.scenes)
        for t in range(scene.times)
        for z in _depths(scene, image.plane)
    ]


def _depths(scene: Scene, like: Plane) -> Sequence[int]:
    return [PROJECTION] if like.is_projection and scene.depths > 1 else range(scene.depths)


def place(result: SegmentationResult, basis: Basis, ticket: Ticket) -> Placed:
    """Fit a result to a document, in a thread."""
    proposals = fitted(result.regions, basis)
    info = _network(result.config.model)
    title = info.title if info else result.config.model
    known = info.entry.diameter if info and info.entry else result.maps.diameter
    return Placed(proposals, basis, title, Fit(result.maps.diameter, known).warning)


def _network(name: str) -> NetworkInfo | None:
    return next((info for info in networks() if info.name == name), None)


def _changed_file(name: str) -> str:
    return (
        f"{name} was changed after it was added to the project, so it was not segmented: open the "
        "file to add it as a new image."
    )
