"""ExportController: annotation files out of the project, and into its documents."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.commands.change_regions import perform
from app.document.snapshot import import_delta, snapshot
from app.session import Session
from app.tasks.importing import AnnotationFile, Choice, Preview, chosen, named_like
from app.tasks.runner import Outcome, Runner
from core.annotation.annotation_set import AnnotationSet, run_behind
from core.errors import Cancelled, CellscribeError
from core.export.plan import Target, targets_of
from core.export.record import ExportReport
from core.export.request import ExportRequest
from core.export.source import picture_of
from core.export.writing import write_all
from core.formats.picture import Picture, Rgb8
from core.image.model import Image
from core.progress import Ticket
from core.project.records import ImageRecord, RunRecord
from core.project.store import Project

Render = Callable[[Image], Rgb8]


@dataclass(frozen=True)
class Refusal:
    """A file that could not be read, in one sentence."""

    path: Path
    sentence: str


class ExportController(QObject):
    """One export at a time; files are written from a snapshot, so that work can go on.

    progressed, reading: files done, in all, name. exported: (ExportReport). exists: (ExportRequest,
    tuple of paths) nothing was written; ask, then export again with `overwrite`. previewed: (list
    of Preview, list of Refusal) what files hold; ask, then `take`. imported: name of the file,
    (Report), number of regions taken. failed: a sentence. cancelled: the export under way was given
    up.
    """

    progressed = Signal(int, int, str)
    reading = Signal(int, int, str)
    exported = Signal(object)
    exists = Signal(object, object)
    previewed = Signal(object, object)
    imported = Signal(str, object, int)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, session: Session, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._job = self._reading = 0
        self._render: Callable[[int], Render | None] = lambda image_id: None
        session.project_left.connect(self._on_project_left)

    @property
    def busy(self) -> bool:
        """Whether an export is under way."""
        return self._job != 0

    def show_as(self, render: Callable[[int], Render | None]) -> None:
        """How the person sees an image, by its id, for formats that are pictures."""
        self._render = render

    def export(self, request: ExportRequest) -> None:
        """Write files; an export that is under way is given up."""
        if self._session.project is None:
            self.failed.emit("There is nothing to export; open an image first.")
            return
        records = list(self._session.records)
        try:
            targets = targets_of(request, records)
        except CellscribeError as error:
            self.failed.emit(str(error))
            return
        self.cancel()
        source = SessionSource(self._session, self._render)
        self._job = self._runner.start(
            partial(self._write, request, targets, records, source),
            partial(self._on_exported, request),
            self.progressed.emit,
        )

    def cancel_reading(self) -> None:
        """Stop reading files; nothing of them is taken."""
        self._runner.cancel(self._reading)
        self._reading = 0

    def cancel(self) -> None:
        """Stop the export under way; it leaves no file."""
        if self._job:
            self._runner.cancel(self._job)
            self._job = 0
            self.cancelled.emit()

    def read(self, paths: Sequence[Path], format_name: str = "") -> None:
        """Read annotation files, for `previewed`; nothing changes.

        One file is for the shown image, or for those that it names if it is for many; each of
        several is for the one whose name it has.
        format_name: of a codec; without it the one that fits the ending.
        """
        current = self._session.current
        if current is None or self._session.project is None:
            self.failed.emit(f"{paths[0].name} needs an image to belong to; open that first.")
            return
        aims = self._aims(paths, current)
        source = SessionSource(self._session, self._render)
        self.cancel_reading()
        self._reading = self._runner.start(
            partial(_previews, aims, source, format_name),
            self._on_read,
            self.reading.emit,
        )

    def take(self, previews: Sequence[Preview], choice: Choice) -> None:
        """Add what the files hold, one undoable step for each image."""
        self._take_next(deque(previews), choice)

    def _aims(
        self, paths: Sequence[Path], current: ImageRecord
    ) -> list[tuple[Path, ImageRecord | None]]:
        """The image that each file is for, as far as its name tells."""
        if len(paths) == 1:
            return [(paths[0], current)]
        return list(zip(paths, named_like(paths, self._session.records), strict=True))

    def _write(
        self,
        request: ExportRequest,
        targets: list[Target],
        records: list[ImageRecord],
        source: "SessionSource",
        ticket: Ticket,
    ) -> ExportReport:
        """In a thread."""
        self._session.wait_for_disk(2.0)  # so that the project knows the last run of each image
        return write_all(targets, request, records, source, ticket)

    def _on_exported(self, request: ExportRequest, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self.failed.emit(outcome.problem)
            return
        report: ExportReport = outcome.value
        if report.existing:
            self.exists.emit(request, report.existing)
        else:
            self.exported.emit(report)

    def _on_read(self, outcome: Outcome) -> None:
        self._reading = 0
        if outcome.problem:
            self.failed.emit(outcome.problem)
            return
        self.previewed.emit(*outcome.value)

    def _take_next(self, waiting: deque[Preview], choice: Choice) -> None:
        """The document of an image that was not shown yet is read first."""
        while waiting:
            next_one = waiting.popleft()
            if next_one.image_id not in self._session.documents:
                then = partial(self._on_document, next_one, waiting, choice)
                self._session.fetch(next_one.image_id, then)
                return
            self._take_one(next_one, choice)

    def _on_document(
        self, read: Preview, waiting: deque[Preview], choice: Choice, outcome: Outcome
    ) -> None:
        if outcome.problem:
            self.failed.emit(outcome.problem)
        else:
            self._take_one(read, choice)
        self._take_next(waiting, choice)

    def _take_one(self, read: Preview, choice: Choice) -> None:
        document = self._session.document_of(read.image_id)
        classes = document.classes
        if not set(read.classes) <= set(classes.all):
            name = read.path.name
            self.failed.emit(f"The classes changed while {name} was read; import it again.")
            return
        annotations = chosen(read, choice, classes.all, classes.next_id)
        if annotations.regions:
            perform(document, import_delta(document, annotations, read.path.name))
        self.imported.emit(read.path.name, read.report, len(annotations.regions))

    def _on_project_left(self) -> None:
        self.cancel_reading()
        self.cancel()


def _previews(
    aims: Sequence[tuple[Path, ImageRecord | None]],
    source: "SessionSource",
    format_name: str,
    ticket: Ticket,
) -> tuple[list[Preview], list[Refusal]]:
    """In a thread."""
    previews: list[Preview] = []
    refusals: list[Refusal] = []
    for number, (path, record) in enumerate(aims):
        ticket.step(number, len(aims), path.name)
        file = AnnotationFile(path, format_name)
        found = file.images_for(record, source.records)
        refusals += [] if found else [Refusal(path, _no_image(path))]
        for place, one in enumerate(found):
            done, total = number * len(found) + place, len(aims) * len(found)
            ticket.step(done, total, f"{path.name}: {one.name}")
            try:
                previews.append(file.preview(one.id, source.annotations(one.id), ticket))
            except CellscribeError as error:
                refusals.append(Refusal(path, str(error)))
    return previews, refusals


def _no_image(path: Path) -> str:
    return (
        f"{path.name} was not read because no image in the list is called like it; show its image "
        "and import it alone."
    )


class SessionSource:
    """The annotations of any image of the project, for a thread, as they are when it is made."""

    def __init__(self, session: Session, render: Callable[[int], Render | None]) -> None:
        self._session = session
        self._classes = session.classes.all  # the disk may be a step behind
        self._open: Mapping[int, AnnotationSet] = {
            image_id: snapshot(document, session.record(image_id))
            for image_id, document in session.documents.items()
        }
        self.records = list(session.records)
        self._records = {record.id: record for record in self.records}
        self._renders = {image_id: render(image_id) for image_id in self._open}
        folder = session.project.folder if session.project else Path()
        self.originals = [folder / record.path for record in self.records if record.path]

    def annotations(self, image_id: int) -> AnnotationSet:
        """From memory or, for an image that was not opened, from the project; runs are there."""
        if image_id not in self._open:
            return replace(self._project.annotations(image_id), classes=self._classes)
        annotations = self._open[image_id]
        if not self._records[image_id].is_read:  # its file says how large it is
            known = self._project.annotations(image_id)
            annotations = replace(known, regions=annotations.regions, classes=self._classes)
        runs = [run.info for run in self.runs(image_id)]
        return replace(annotations, run=run_behind(annotations.regions, runs))

    def runs(self, image_id: int) -> Sequence[RunRecord]:
        return self._project.runs(image_id)

    def picture(self, image_id: int) -> Picture | None:
        picture = picture_of(self._project, self._records[image_id])
        return picture and replace(picture, render=self._renders.get(image_id))

    @property
    def _project(self) -> Project:
        project = self._session.project
        if project is None:
            raise Cancelled
        return project
