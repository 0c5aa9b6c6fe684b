"""ExportController: annotation files out of the project, and into the shown document."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.commands.change_regions import perform
from app.document.document import Document
from app.document.snapshot import import_delta, snapshot
from app.session import Session
from app.tasks.exporting import (
    ExportReport,
    ExportRequest,
    Target,
    targets_of,
    write_all,
)
from app.tasks.importing import read_annotations
from app.tasks.runner import Outcome, Runner
from core.annotation.annotation_set import AnnotationSet, run_behind
from core.errors import Cancelled, CellscribeError
from core.formats.base import Reading
from core.progress import Ticket


class ExportController(QObject):
    """One export at a time; files are written from a snapshot, so that work can go on.

    progressed: files done, in all, name. exported: (ExportReport). exists: (ExportRequest, tuple
    of paths) nothing was written; ask, then export again with `overwrite`. imported: name of the
    file, (Report). failed: a sentence. cancelled: the export under way was given up.
    """

    progressed = Signal(int, int, str)
    exported = Signal(object)
    exists = Signal(object, object)
    imported = Signal(str, object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, session: Session, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._job = 0
        session.project_left.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether an export is under way."""
        return self._job != 0

    def export(self, request: ExportRequest) -> None:
        """Write files; an export that is under way is given up."""
        if self._session.project is None:
            self.failed.emit("There is nothing to export; open an image first.")
            return
        try:
            targets = targets_of(request, self._session.records)
        except CellscribeError as error:
            self.failed.emit(str(error))
            return
        self.cancel()
        self._job = self._runner.start(
            partial(self._write, request, targets, Source(self._session)),
            partial(self._on_exported, request),
            self.progressed.emit,
        )

    def cancel(self) -> None:
        """Stop the export under way; it leaves no file."""
        if self._job:
            self._runner.cancel(self._job)
            self._job = 0
            self.cancelled.emit()

    def import_file(self, path: Path, format_name: str = "") -> None:
        """Add the regions in a file to the shown image, in one undoable step.

        format_name: of a codec; without it the one that fits the ending.
        """
        document, record = self._session.document, self._session.current
        if document is None or record is None:
            self.failed.emit(f"{path.name} needs an image to belong to; open that first.")
            return
        image = snapshot(document, record)
        self._session.start_job(
            partial(read_annotations, path, image, format_name),
            partial(self._on_read, document, image, path, format_name),
        )

    def _write(
        self, request: ExportRequest, targets: list[Target], source: "Source", ticket: Ticket
    ) -> ExportReport:
        """In a thread."""
        self._session.flush(2.0)  # so that the project knows the last run of each image
        return write_all(targets, request, source, source.images, ticket)

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

    def _on_read(
        self,
        document: Document,
        image: AnnotationSet,
        path: Path,
        format_name: str,
        outcome: Outcome,
    ) -> None:
        if outcome.problem:
            self.failed.emit(outcome.problem)
            return
        if document.classes.all != image.classes:  # the file was read with other classes
            self.failed.emit(f"The classes changed while {path.name} was read; import it again.")
            return
        reading: Reading = outcome.value
        if reading.annotations.regions:
            perform(document, import_delta(document, reading.annotations, path.name))
        self.imported.emit(path.name, reading.report)


class Source:
    """The annotations of any image of the project, for a thread, as they are when it is made."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: Mapping[int, AnnotationSet] = {
            image_id: snapshot(document, session.record(image_id))
            for image_id, document in session.documents.items()
        }
        folder = session.project.folder if session.project else Path()
        self.images = [folder / record.path for record in session.records if record.path]

    def __call__(self, image_id: int) -> AnnotationSet:
        """From memory or, for an image that was not opened, from the project; runs are there."""
        project = self._session.project
        if project is None:
            raise Cancelled
        if image_id not in self._open:
            return project.annotations(image_id)
        annotations = self._open[image_id]
        runs = [run.info for run in project.runs(image_id)]
        return replace(annotations, run=run_behind(annotations.regions, runs))
