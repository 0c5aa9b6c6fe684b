"""Session: the project a person works on and the image that is shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.archive import Archive
from app.document.document import Document
from app.document.selection import Selection
from app.folder_watch import FolderWatch
from app.tasks.opener import Opener
from app.tasks.opening import (
    SHOWN,
    Added,
    Contents,
    Loaded,
    Plan,
    Request,
    add_plane,
    load_document,
    load_image,
)
from app.tasks.runner import Outcome, Runner, Then
from core.byte_cache import ByteCache
from core.errors import ProjectError
from core.image.model import Image
from core.image.source import Plane
from core.project.records import ImageRecord
from core.project.store import Project

IMAGE_CACHE = 512 * 2**20
"""Bytes of pixels that are kept for going back and forth."""


class Session(Archive):
    """The open project, and which of its images is shown.

    shown_changed: (Image | None) `current`, `image` and `document` are set. loading: (ImageRecord)
    its pixels are being read; shown_changed or problem follows. opening: whether a person waits for
    files to be opened. adding: files looked at, and in all, while a folder is listed. calibrated:
    (Image) `image` is the same one with another pixel size. news: a sentence for the person that
    needs no answer.
    """

    shown_changed = Signal(object)
    loading = Signal(object)
    opening = Signal(bool)
    adding = Signal(int, int)
    calibrated = Signal(object)
    news = Signal(str)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(runner, parent)
        self.selection = Selection()
        self.image: Image | None = None
        self.document: Document | None = None
        self._images: ByteCache[Image] = ByteCache(IMAGE_CACHE)
        self._reading = 0  # the job that reads what is to be shown
        self._wanted = 0  # the image that is to be shown
        self._refused = 0  # the one that was to be shown last and could not be read
        self._unreadable: dict[int, str] = {}
        self._walk: Callable[[], Sequence[int]] | None = None
        self._watch = FolderWatch(self)
        self._watch.changed.connect(self._on_folder_changed)
        self._opener = Opener(runner, lambda: self.project, self)
        self._opener.planned.connect(self._on_planned)
        self._opener.added.connect(self._on_added)
        self._opener.busy_changed.connect(self.opening)
        self._opener.progressed.connect(self.adding)
        self._opener.problem.connect(self.problem)
        self.project_left.connect(self._on_project_left)
        self.pixel_size_changed.connect(self._on_pixel_size_changed)

    @property
    def current(self) -> ImageRecord | None:
        """The record of the image that is shown."""
        return self.record(self.document.image_id) if self.document else None

    @property
    def wanted(self) -> int:
        """The id of the image that is shown, or is once it is read; 0 without one."""
        return self._wanted

    def open_paths(self, paths: Iterable[Path]) -> None:
        """Open images, folders and a project; images go into the project that is open.

        Several are only listed: each is read when it is shown. Images that come into a folder
        later are listed as well.
        """
        self._opener.open(Request(tuple(paths)))

    def open_project(self, path: Path, take_over: bool = False) -> None:
        """Open another project; take_over: although another computer seems to have it open."""
        self._opener.open(Request((path,), take_over))

    def cancel_opening(self) -> None:
        """Stop adding images; those that were added stay."""
        self._opener.cancel()

    def why_unreadable(self, image_id: int) -> str:
        """What was wrong when an image was to be read last, "" for nothing."""
        return self._unreadable.get(image_id, "")

    def walk_along(self, ids: Callable[[], Sequence[int]]) -> None:
        """Let next and previous follow a list that leaves some images out."""
        self._walk = ids

    def save_project_as(self, path: Path) -> None:
        """Copy the project to `path` and go on there; not while images are added to it."""
        if self._opener.busy:
            self.problem.emit("Images are still being added; save a copy when they are all there.")
        else:
            super().save_project_as(path)

    def close(self, timeout: float = 5.0) -> bool:
        """Stop reading, save, let go of the project; whether everything was saved.

        What could not be saved is lost, so ask the person when `flush` says no.
        """
        self._opener.cancel()
        return self.replace_project(None, timeout)

    def show(self, image_id: int) -> None:
        """Show an image once its pixels are read; the last wish counts.

        A list that is looked through may still hold one that is gone: nothing happens then.
        """
        self._refused = 0
        if image_id == self._wanted or image_id not in self._list:
            return
        record = self.record(image_id)
        self._wanted = image_id
        self._runner.cancel(self._reading)
        if image_id not in self._images or image_id not in self._documents:
            self.loading.emit(record)
        self._reading = self.fetch(image_id, partial(self._on_fetched, image_id))

    def show_next(self) -> None:
        """Show the image after the one that is shown."""
        self._show_neighbour(1)

    def show_previous(self) -> None:
        """Show the image before the one that is shown."""
        self._show_neighbour(-1)

    def show_plane(self, plane: Plane) -> None:
        """Show another plane of the file that is shown; it becomes an image of the project."""
        current, project = self.current, self.project
        if current is None or project is None or plane == current.plane:
            return
        same = (r.id for r in self.records if r.is_of_file(current) and r.plane == plane)
        if known := next(same, 0):
            self.show(known)
            return
        self._runner.cancel(self._reading)
        self._wanted = current.id  # what was on its way is given up
        self._reading = self.start_job(
            lambda ticket: add_plane(project, current, plane, ticket), self._on_plane_added
        )

    def fetch(self, image_id: int, then: Then) -> int:
        """Read what is not in memory of an image and its document, in the background.

        `then` gets a Loaded; it is called at once when both are there. Returns the job, or 0.
        """
        record, project, image = self.record(image_id), self.project, self._images.get(image_id)
        is_new = image_id not in self._documents
        if image is not None and not is_new:
            then(Outcome(0, Loaded(image, None)))
            return 0
        assert project is not None  # it has the record
        if image is None:
            work = partial(load_image, project, record, is_new)
        else:  # its pixels were read when it was added
            work = partial(load_document, project, record, image)
        return self.start_job(work, partial(self._on_loaded, record, then))

    def put_added(self, added: Added) -> None:
        """An image came into the project, and its pixels into memory."""
        self._images.put(added.record.id, added.image, added.image.held_bytes)
        self.put_record(added.record)

    def _on_loaded(self, asked: ImageRecord, then: Then, outcome: Outcome) -> None:
        self._mark_unreadable(asked.id, outcome.problem)
        if outcome.problem:
            then(outcome)
            return
        loaded: Loaded = outcome.value
        record = self._settle(asked.id, loaded)
        self._images.put(record.id, loaded.image, loaded.image.held_bytes)
        if loaded.stored:
            self._documents.add(record, loaded.stored)
        if record.id == asked.id:
            then(outcome)
            return
        if self._wanted == asked.id:
            self.show(record.id)
        then(Outcome(outcome.job, problem=f"{asked.name} is in the list already: it was moved."))

    def _settle(self, asked: int, loaded: Loaded) -> ImageRecord:
        """The record of what was read; what the file told is in it from now on."""
        if loaded.record is None:
            return self.record(asked)
        record = loaded.record
        if record.id in self._list:  # what a person said may not be on the disk yet
            said = self.record(record.id)
            size = said.pixel_size_um or record.pixel_size_um
            record = replace(record, status=said.status, pixel_size_um=size)
        self.put_read(asked, record, loaded.absorbed)
        return record

    def _mark_unreadable(self, image_id: int, problem: str) -> None:
        if problem != self.why_unreadable(image_id):
            self._unreadable[image_id] = problem
            self.images_changed.emit()

    def _on_fetched(self, image_id: int, outcome: Outcome) -> None:
        if image_id != self._wanted:
            return  # it turned out to be another one
        if outcome.problem:
            self._wanted = self.document.image_id if self.document else 0
            self._refused = image_id
            self.problem.emit(outcome.problem)
            return
        loaded: Loaded = outcome.value
        self.image = self._calibrated(image_id, loaded.image)
        self.document = self._documents[image_id]
        self.selection.clear()
        self.selection.hover(0)
        self.shown_changed.emit(self.image)
        if loaded.note:
            self.problem.emit(loaded.note)
        if self.project and not self.project.read_only:
            self.write(lambda project: project.set_setting(SHOWN, image_id))

    def _calibrated(self, image_id: int, image: Image) -> Image:
        """The image with the pixel size of its record, which a person may have changed."""
        size = self.record(image_id).pixel_size_um
        if size != image.pixel_size_um:
            image = replace(image, pixel_size_um=size)
            self._images.put(image_id, image, image.held_bytes)
        return image

    def _on_pixel_size_changed(self, image_ids: frozenset[int]) -> None:
        if self.image and self.document and self.document.image_id in image_ids:
            self.image = self._calibrated(self.document.image_id, self.image)
            self.calibrated.emit(self.image)

    def _on_plane_added(self, outcome: Outcome) -> None:
        if outcome.problem:
            self.problem.emit(outcome.problem)
            return
        added: Added = outcome.value
        self.put_added(added)
        self.show(added.record.id)

    def _show_neighbour(self, step: int) -> None:
        ids = list(self._walk()) if self._walk else [record.id for record in self.records]
        here = self._refused or self._wanted  # past what cannot be read
        if here in ids:
            self.show(ids[min(max(ids.index(here) + step, 0), len(ids) - 1)])
        elif ids:
            self.show(ids[0])

    def _on_planned(self, request: Request, plan: Plan) -> None:
        if plan.project and not self._adopt(plan.project, plan.contents):
            return
        if plan.listed and not plan.contents:
            self.put_new(plan.listed)
        for folder in plan.folders:
            self._watch.watch(folder)
        if plan.note:
            self.problem.emit(plan.note)
        if not request.watched:
            self._show_first(plan)
        elif plan.listed:
            self.news.emit(_came(plan.listed, request.paths[0]))

    def _show_first(self, plan: Plan) -> None:
        """What a person wants to see after opening something; a single image is read first."""
        if plan.file:
            return
        if plan.listed and not plan.known:
            self.show(plan.listed[0].id)
        elif self._wanted == 0 and len(plan.known) != 1:
            self._show_where_work_stopped(plan.contents.shown if plan.contents else 0)
        elif plan.known:
            self.show(plan.known[0].id)

    def _show_where_work_stopped(self, shown: int) -> None:
        if shown in self._list:
            self.show(shown)
        elif self.records:
            self.show(self.records[0].id)

    def _on_added(self, added: Added) -> None:
        if self._adopt(added.project):
            self.put_added(added)
            self.show(added.record.id)

    def _on_folder_changed(self, folder: Path) -> None:
        if self.project and not self.project.read_only:
            self._opener.open(Request((folder,), watched=True))

    def _adopt(self, project: Project, contents: Contents | None = None) -> bool:
        """Work on `project` from now on; not while changes of the present one are unsaved."""
        if project is self.project:
            return True
        try:
            if self.flush():
                self.replace_project(project, contents=contents)
                return True
            reason = "its changes could not be saved; save it in another place first"
            self.problem.emit(f"{self.project_path} stays open because {reason}.")
        except ProjectError as error:
            self.problem.emit(str(error))
        self._opener.cancel()
        project.close()
        return False

    def _on_project_left(self) -> None:
        """Nothing may show a document that goes."""
        self.image, self.document = None, None
        self._reading = self._wanted = self._refused = 0
        self._images.clear()
        self._unreadable.clear()
        self._watch.clear()
        self._opener.forget_watched()
        self.selection.clear()
        self.shown_changed.emit(None)


def _came(records: Sequence[ImageRecord], folder: Path) -> str:
    if len(records) == 1:
        return f"{records[0].name} came into {folder.name} and is in the list now."
    return f"{len(records):,} images came into {folder.name} and are in the list now."
