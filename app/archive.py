"""Archive: the open project, its records and documents, and the way of every step to the disk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.document.classes import ClassTable
from app.document.document import Document
from app.documents import Documents
from app.record_list import RecordList, in_order
from app.steps import status_after, write_of
from app.tasks.opening import Contents, copy_to, read_contents, read_stored
from app.tasks.runner import Outcome, Runner, Then, Work
from app.tasks.writer import Write, Writer
from core.annotation.annotation_set import RunInfo
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.project.delta import Delta, Step
from core.project.records import STATUSES, ImageRecord, Status
from core.project.store import Project


class Archive(QObject):
    """Each image has one Document for as long as the project is open.

    images_changed: the list or a status. project_changed: another project, or another place of
    it. project_left: it and all its documents are about to go. saved: nothing is left to write.
    problem: one sentence for the person. pixel_size_changed: of images, ids.
    """

    images_changed = Signal()
    pixel_size_changed = Signal(frozenset)
    project_changed = Signal()
    project_left = Signal()
    saved = Signal()
    problem = Signal(str)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes = ClassTable()
        self.displays: dict[str, Any] = {}  # how a person wants to see files
        self._list = RecordList()
        self._runner = runner
        self._jobs: set[int] = set()
        self._counts: dict[int, int] = {}  # objects by image, when the project was opened
        self._writer: Writer | None = None
        self._documents = Documents(self.classes, self._on_step)

    @property
    def records(self) -> Sequence[ImageRecord]:
        """All images, as a person counts."""
        return self._list.all

    @property
    def has_planes(self) -> bool:
        """Whether any image is another plane of its file than the first."""
        return self._list.has_planes

    @property
    def project(self) -> Project | None:
        """The open project, for jobs that read from it."""
        return self._writer.project if self._writer else None

    @property
    def project_path(self) -> Path | None:
        return self.project.path if self.project else None

    @property
    def saving(self) -> bool:
        """Whether a change is not on the disk yet."""
        return self._writer is not None and self._writer.saving

    @property
    def documents(self) -> Mapping[int, Document]:
        """The documents in memory by image id; the other images are as the project has them."""
        return self._documents

    def record(self, image_id: int) -> ImageRecord:
        """The record of an image of the project; raises KeyError for another id."""
        return self._list[image_id]

    def count_of(self, image_id: int) -> int:
        """Number of objects of an image."""
        document = self._documents.get(image_id)
        return self._counts.get(image_id, 0) if document is None else len(document.regions)

    def largest_ids(self) -> dict[int, int]:
        """The largest number of an object of each image that has any."""
        stored = self.project.largest_ids() if self.project else {}
        return stored | {i: max(d.regions, default=0) for i, d in self._documents.items()}

    def document_of(self, image_id: int) -> Document:
        """The document of an image, read from the project when it is not in memory yet.

        Raises KeyError for an id that the project does not have, ProjectError when it is damaged.
        """
        record = self.record(image_id)
        if image_id not in self._documents and self.project:
            self._documents.add(record, read_stored(self.project, image_id))
        return self._documents[image_id]

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait for the disk, `timeout` seconds at most; whether everything is saved."""
        if self._writer is None:
            return True
        deadline = monotonic() + timeout
        flushed = self._writer.flush(timeout)
        return self._writer.flush(deadline - monotonic()) if self._write_anew() else flushed

    def wait_for_disk(self, timeout: float) -> bool:
        """The same in any thread: what does not fit the file is left to the window's."""
        writer = self._writer
        return writer is None or writer.flush(timeout)

    def save_project_as(self, path: Path) -> None:
        """Copy the project to `path` and go on there, also with what could not be written."""
        if writer := self._writer:
            self.start_job(lambda ticket: writer.move(partial(copy_to, path)), self._on_moved)
        else:
            self.problem.emit("There is no project to save; open an image first.")

    def set_status(self, image_id: int, status: Status) -> None:
        """How far the work on an image has come, as a person says."""
        record = self.record(image_id)
        if record.status != status:
            self.put_record(replace(record, status=status))
            self.write(lambda project: project.set_status(image_id, status))

    def set_pixel_size(self, image_ids: Collection[int], micrometres: float | None) -> None:
        """How large a pixel of these images is, as a person says; None: not known."""
        changed = [replace(self.record(i), pixel_size_um=micrometres) for i in image_ids]
        self._list.renew(changed)
        self.write(lambda project: project.set_pixel_size(image_ids, micrometres))
        self.images_changed.emit()
        self.pixel_size_changed.emit(frozenset(image_ids))

    def raise_status(self, image_id: int, status: Status) -> None:
        """The work on an image has come at least this far."""
        if STATUSES.index(status) > STATUSES.index(self.record(image_id).status):
            self.set_status(image_id, status)

    def record_run(
        self, image_id: int, info: RunInfo, weights_sha256: str, settings: Mapping[str, object]
    ) -> None:
        """Remember in the project that a network ran on an image, and how."""
        self.write(lambda project: project.record_run(image_id, info, weights_sha256, settings))
        self.raise_status(image_id, "segmented")

    def write(self, change: Write) -> None:
        """Change the project file after all that was changed before."""
        if self._writer:
            self._writer.put(change)

    def put_record(self, record: ImageRecord) -> None:
        """Add a record to the list, or put it in the place of its predecessor."""
        self._list.put(record)
        self.images_changed.emit()

    def put_new(self, records: Sequence[ImageRecord]) -> None:
        """Add records, in order, to the list."""
        self._list.put_new(records)
        self.images_changed.emit()

    def put_read(self, asked: int, record: ImageRecord, absorbed: Iterable[int]) -> None:
        """A file was read for the first time, or found in another place.

        asked: the id of the record that it was read for; that one and the absorbed ones go when
        another one has the image already.
        """
        for image_id in {asked, *absorbed} - {record.id}:
            self._list.drop(image_id)
        self.put_record(record)

    def start_job(self, work: Work, then: Then) -> int:
        """Run something in the background that is of no use without this project."""
        job = self._runner.start(work, partial(self._on_job_done, then))
        self._jobs.add(job)
        return job

    def replace_project(
        self, project: Project | None, timeout: float = 5.0, contents: Contents | None = None
    ) -> bool:
        """Work on another project from now on; whether the former was saved whole.

        contents: what is in it, where that was read already; it takes a while with many images.
        The new state is prepared whole before anything changes; raises ProjectError.
        """
        deadline = monotonic() + timeout
        if project and contents is None:
            contents = read_contents(project)
        self.project_left.emit()
        self._cancel_jobs()
        self.flush(timeout)  # as long as there are documents to write anew
        former, self._writer = self._writer, self._new_writer(project) if project else None
        self._list = contents.images if contents else RecordList()
        self._counts = contents.counts if contents else {}
        self.displays = contents.displays if contents else {}
        self._documents.clear()
        if contents:
            self.classes.start_with(contents.classes, contents.next_class_id)
        self.images_changed.emit()
        self.project_changed.emit()
        return former is None or former.close(deadline - monotonic())

    def _new_writer(self, project: Project) -> Writer:
        writer = Writer(project)
        writer.saved.connect(self.saved)
        writer.failed.connect(self._on_write_failed)
        writer.misfit.connect(self._write_anew)
        return writer

    def _cancel_jobs(self) -> None:
        for job in self._jobs:
            self._runner.cancel(job)
        self._jobs.clear()

    def _on_job_done(self, then: Then, outcome: Outcome) -> None:
        self._jobs.discard(outcome.job)
        then(outcome)

    def _on_step(self, image_id: int, delta: Delta, step: Step) -> None:
        self.write(write_of(image_id, delta, step))
        if step is Step.DO:
            self.raise_status(image_id, status_after(delta))

    def _on_write_failed(self, reason: str) -> None:
        self.problem.emit(
            f"Not saved yet: {reason} Your changes are kept and written as soon as that works; "
            "if it does not, save the project in another place."
        )

    def _write_anew(self) -> bool:
        """Write images whole of which a step did not fit the file; whether there were any.

        Their undo ends here: what was before is no longer the same in the file and in memory.
        """
        images = self._writer.take_misfits() if self._writer else set()
        for image_id in images & self._documents.keys():
            document = self._documents[image_id]
            document.drop_draft()
            document.stack.clear()
            regions, classes = dict(document.regions), {c.id: c for c in self.classes.all}
            self.write(_whole(image_id, regions, classes))
            self.problem.emit(
                f"A change of {self.record(image_id).name} did not fit the project file, so its "
                "objects are written anew as you see them; earlier steps cannot be undone now."
            )
        return bool(images)

    def _on_moved(self, outcome: Outcome) -> None:
        if outcome.problem:
            self.problem.emit(outcome.problem)
            return
        paths = outcome.value
        moved = (replace(r, path=paths[r.id]) for r in self.records)
        self._list = RecordList(in_order(moved))
        self.images_changed.emit()
        self.project_changed.emit()


def _whole(
    image_id: int, regions: Mapping[int, Region], classes: Mapping[int, LabelClass]
) -> Write:
    return lambda project: project.write_anew(image_id, regions, classes)
