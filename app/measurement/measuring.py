"""Measures images in the background: the shown one, or all of the project."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from weakref import ref

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.session import Session
from app.tasks.runner import Outcome, Runner
from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region
from core.errors import CellscribeError
from core.image.model import Image
from core.image.read import read_image
from core.measure.measured import Measured, measure_image
from core.measure.prediction import Prediction
from core.progress import Ticket
from core.project.records import ImageRecord
from core.project.store import Project


@dataclass(frozen=True, eq=False)
class _Wish:
    """One image to measure. annotations, image: None where they have to be read first."""

    record: ImageRecord
    annotations: AnnotationSet | None
    image: Image | None
    prediction: Prediction | None


@dataclass(frozen=True, eq=False)
class _Known:
    """What was measured last of an image, and of what; the map of the network is not kept alive."""

    regions: tuple[Region, ...]
    record: ImageRecord
    foreground: Callable[[], np.ndarray | None]
    threshold: float | None
    has_pixels: bool
    measured: Measured

    def holds_for(self, wish: _Wish, regions: tuple[Region, ...]) -> bool:
        return (
            self.has_pixels
            and _pixels_of(self.record) == _pixels_of(wish.record)
            and self._saw(wish.prediction)
            and len(regions) == len(self.regions)
            and all(a is b for a, b in zip(regions, self.regions, strict=True))
        )

    def _saw(self, prediction: Prediction | None) -> bool:
        if prediction is None:
            return self.threshold is None
        return self.foreground() is prediction.foreground and self.threshold == prediction.threshold


@dataclass(frozen=True)
class Measurements:
    """Of the images that could be measured; problems: a sentence for what was left out."""

    images: tuple[Measured, ...] = ()
    problems: tuple[str, ...] = ()


class Measuring(QObject):
    """One job at a time; what did not change since is not measured again.

    measured: (Measurements). progressed: images done, in all, name. failed: a sentence.
    stopped: the job was given up.
    """

    measured = Signal(object)
    progressed = Signal(int, int, str)
    failed = Signal(str)
    stopped = Signal()

    def __init__(
        self,
        session: Session,
        runner: Runner,
        prediction_of: Callable[[int], Prediction | None],
    ) -> None:
        super().__init__()
        self._session, self._runner = session, runner
        self._prediction_of = prediction_of
        self._job = 0
        self._known: dict[int, _Known] = {}
        session.project_left.connect(self._on_project_left)

    @property
    def busy(self) -> bool:
        return self._job != 0

    def measure_shown(self) -> None:
        """The shown image as it is now."""
        record = self._session.current
        self._start([record] if record else [])

    def measure_all(self) -> None:
        """All images of the project, as they are now."""
        self._start(self._session.records)

    def cancel(self) -> None:
        """Give up the job under way."""
        if self._job:
            self._runner.cancel(self._job)
            self._job = 0
            self.stopped.emit()

    def _start(self, records: Sequence[ImageRecord]) -> None:
        self._runner.cancel(self._job)
        self._job = 0
        project = self._session.project
        if not records or project is None:
            self.measured.emit(Measurements())
            return
        work = partial(_measured, project, list(map(self._wish, records)), dict(self._known))
        self._job = self._runner.start(work, self._on_done, self.progressed.emit)

    def _wish(self, record: ImageRecord) -> _Wish:
        document = self._session.documents.get(record.id)
        is_shown = self._session.document is not None and document is self._session.document
        return _Wish(
            record,
            _as_shown(document, record) if document else None,
            self._session.image if is_shown else None,
            self._prediction_of(record.id),
        )

    def _on_done(self, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self.failed.emit(outcome.problem)
            return
        known, problems = outcome.value
        self._known |= known
        self.measured.emit(Measurements(tuple(k.measured for k in known.values()), problems))

    def _on_project_left(self) -> None:
        self.cancel()
        self._known.clear()


def _as_shown(document: Document, record: ImageRecord) -> AnnotationSet:
    """What the canvas shows now; a draft stays one, as a slider may still move it."""
    regions = document.regions
    return AnnotationSet(
        record.name,
        record.width,
        record.height,
        tuple(regions[i] for i in sorted(regions)),
        document.classes.all,
        record.pixel_size_um,
        record.content_hash,
    )


def _measured(
    project: Project, wishes: Sequence[_Wish], known: dict[int, _Known], ticket: Ticket
) -> tuple[dict[int, _Known], tuple[str, ...]]:
    """In a thread: by image id; and what went wrong."""
    found: dict[int, _Known] = {}
    problems: list[str] = []
    for number, wish in enumerate(wishes):
        ticket.step(number, len(wishes), wish.record.title)
        alone = ticket if len(wishes) == 1 else ticket.quiet()
        try:
            one, problem = _measure_one(project, wish, known.get(wish.record.id), alone)
        except CellscribeError as error:
            problems.append(f"{wish.record.title} was left out: {error}")
            continue
        found[wish.record.id] = one
        problems += [problem] if problem else []
    ticket.step(len(wishes), len(wishes))
    return found, tuple(problems)


def _measure_one(
    project: Project, wish: _Wish, known: _Known | None, ticket: Ticket
) -> tuple[_Known, str]:
    annotations = wish.annotations or project.annotations(wish.record.id)
    name, size = wish.record.title, annotations.pixel_size_um
    if known and known.holds_for(wish, annotations.regions):
        same = replace(known.measured, name=name, pixel_size_um=size)
        return replace(known, record=wish.record, measured=same), ""
    image, problem = _image(project, wish)
    named = replace(annotations, image_name=name)
    measured = measure_image(named, image, wish.prediction, ticket, wish.record.id)
    seen, has_pixels = wish.prediction, image is not None
    foreground = ref(seen.foreground) if seen else lambda: None
    threshold = seen.threshold if seen else None
    regions = annotations.regions
    return _Known(regions, wish.record, foreground, threshold, has_pixels, measured), problem


def _image(project: Project, wish: _Wish) -> tuple[Image | None, str]:
    """The pixels, or why there are none."""
    if wish.image is not None:
        return wish.image, ""
    title = wish.record.title
    path = project.locate_image(wish.record)
    if path is None:
        return (
            None,
            f"{title} was not found, so its brightness is missing; put it back and measure.",
        )
    try:
        return read_image(path, wish.record.plane), ""
    except CellscribeError as error:
        return None, f"The brightness of {title} is missing: {error}"


def _pixels_of(record: ImageRecord) -> object:
    """What the numbers in pixels depend on: neither the scale nor how far the work has come."""
    return record.content_hash, record.plane, record.width, record.height
