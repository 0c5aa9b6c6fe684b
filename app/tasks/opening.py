"""What is read when files are opened: plain functions for the runner, without Qt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from os.path import normpath
from pathlib import Path
from typing import Any

from app.record_list import RecordList, in_order
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.errors import ProjectError, UnreadableImage, reason
from core.image.folder import list_images
from core.image.model import Image
from core.image.read import read_image
from core.image.source import Plane
from core.progress import Ticket
from core.project.copy import copy_project
from core.project.delta import Delta
from core.project.images import Taken
from core.project.locate import SUFFIX, default_project_path, file_size
from core.project.records import ImageRecord
from core.project.store import Project

SHOWN = "shown_image"
"""The setting of a project that remembers where the work stopped."""
DISPLAY = "display "
"""Settings that begin with this remember how a file is shown."""


@dataclass(frozen=True)
class Contents:
    """What a session needs to know of a project to begin; shown: id of the image shown last.

    displays: how a person wants to see files, as the panel wrote it.
    """

    images: RecordList
    counts: dict[int, int]
    classes: dict[int, LabelClass]
    next_class_id: int
    shown: int
    displays: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What became of the paths that a person chose.

    project: the one that the images are in; None when it is to be made at `project_path` once
    `file` was read. contents: what is in it, None for the one that was open before. file: the only
    image, to be read at once. listed: new images, which are read when they are needed. known: those
    that the project had already. folders: those that were chosen as a whole. note: what a person
    should know, "" for nothing.
    """

    project: Project | None
    project_path: Path
    contents: Contents | None = None
    file: Path | None = None
    listed: tuple[ImageRecord, ...] = ()
    known: tuple[ImageRecord, ...] = ()
    folders: tuple[Path, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Request:
    """What to open. take_over: a project although another computer seems to have it open.

    watched: a folder, of which only files are added that were never in the list.
    """

    paths: tuple[Path, ...]
    take_over: bool = False
    watched: bool = False
    left_out: frozenset[Path] = frozenset()


@dataclass(frozen=True)
class Added:
    """An image that is now in the project, with its pixels."""

    project: Project
    record: ImageRecord
    image: Image


@dataclass(frozen=True)
class StoredDocument:
    """What a project holds of one image: the objects, and the steps that led to them."""

    regions: dict[int, Region]
    done: list[Delta]
    undone: list[Delta]
    next_id: int


@dataclass(frozen=True)
class Loaded:
    """An image that was read to be shown; `note` says what a person should know, "" for nothing.

    record: its new record when it was read for the first time, or found in another place; another
    one than was asked for when the project had the image already. absorbed: ids of records that
    turned out to be of the same file.
    """

    image: Image
    stored: StoredDocument | None
    note: str = ""
    record: ImageRecord | None = None
    absorbed: frozenset[int] = frozenset()


def plan_opening(request: Request, current: Project | None, ticket: Ticket) -> Plan:
    """Find the images in files and folders, and the project for them, which is opened.

    Several images are listed in it; a single one is to be read first. current: the project that is
    open; images go into it unless a project is among the paths. Raises UnreadableImage when there
    is nothing to open or one may not look, ProjectError for a project that cannot be.
    """
    try:
        return _planned(request, current, ticket)
    except PermissionError as error:
        where = error.filename or request.paths[0]
        raise UnreadableImage(
            f"Cannot open {where}: {reason(error)}; check who may read it."
        ) from error


def _planned(request: Request, current: Project | None, ticket: Ticket) -> Plan:
    """As `plan_opening`, which tells in a sentence what may not be read."""
    paths = [path.resolve() for path in request.paths]
    chosen = next((path for path in paths if path.suffix == SUFFIX), None)
    files = _expanded([path for path in paths if path.suffix != SUFFIX], ticket)
    ticket.check()
    path = current.path if current and not chosen else chosen or _project_beside(paths, files)
    if current is not None and path == current.path.resolve():
        plan = Plan(current, path)
    elif chosen is None and not path.exists():
        plan = Plan(None, path)
    else:
        project, note = open_for_work(path, request.take_over)
        plan = Plan(project, path, note=note)
    folders = tuple(path for path in paths if path.is_dir() and path not in files)
    try:
        plan = _with_files(replace(plan, folders=folders), files, request, ticket)
        if plan.project and plan.project is not current:
            plan = replace(plan, contents=read_contents(plan.project))
    except BaseException:
        if plan.project and plan.project is not current:
            plan.project.close()
        raise
    return plan


def read_contents(project: Project) -> Contents:
    """Raises ProjectError."""
    return Contents(
        RecordList(in_order(project.images())),
        project.counts(),
        {c.id: c for c in project.classes()},
        project.next_class_id(),
        project.setting(SHOWN, 0),
        project.settings(DISPLAY),
    )


def open_for_work(path: Path, take_over: bool = False) -> tuple[Project, str]:
    """The project at `path`, read-only when it cannot be had for writing; then why, else "".

    take_over: although another computer seems to have it open. Raises ProjectError.
    """
    try:
        return Project.open(path, take_over=take_over), ""
    except ProjectError as refusal:
        with suppress(ProjectError):
            project = Project.open(path, read_only=True)
            return project, f"{path.name} was opened only for reading: {refusal}"
        raise


def add_image(project: Project | None, project_path: Path, file: Path, ticket: Ticket) -> Added:
    """Read `file` into the project, which is made when there is none yet.

    Raises UnreadableImage or ImageTooLarge; then nothing was written.
    """
    image = read_image(file, ticket=ticket)
    ticket.check()
    with _made(project, project_path) as made:
        return Added(made, made.add_image(image), image)


@contextmanager
def _made(project: Project | None, path: Path) -> Iterator[Project]:
    """The project, made at `path` when there is none; a new one is let go of when that fails which
    it was made for."""
    made = project or Project.create(path)
    try:
        yield made
    except BaseException:
        if made is not project:
            made.close()
        raise


def add_plane(project: Project, sibling: ImageRecord, plane: Plane, ticket: Ticket) -> Added:
    """Read another plane of a file into the project; raises what `load_image` raises."""
    image = read_image(_place_of(project, sibling), plane, ticket)
    ticket.check()
    if image.content_hash != sibling.content_hash:
        raise UnreadableImage(
            f"{sibling.name} was changed after it was added to the project: open the file to add "
            "it as a new image."
        )
    return Added(project, project.add_image(image), image)


def load_image(
    project: Project, record: ImageRecord, with_document: bool, ticket: Ticket
) -> Loaded:
    """The pixels of an image of the project and, if asked for, its objects.

    Raises UnreadableImage when the file is gone or has become another image.
    """
    path = _place_of(project, record)
    image = read_image(path, record.plane, ticket)
    ticket.check()
    taken = Taken(record)
    if not record.is_read or path != project.folder / record.path:
        taken = _taken(project, record, image)
    stored = read_stored(project, taken.record.id) if with_document else None
    note = _change_of(record, image) if record.is_read else ""
    new = None if taken.record == record else taken.record
    return Loaded(image, stored, note, new, taken.absorbed)


def load_document(project: Project, record: ImageRecord, image: Image, ticket: Ticket) -> Loaded:
    """The objects of an image whose pixels are known; raises ProjectError."""
    return Loaded(image, read_stored(project, record.id))


def _place_of(project: Project, record: ImageRecord) -> Path:
    """Where the file of an image is now; raises UnreadableImage when it is gone."""
    path = project.locate_image(record)
    if path is None:
        raise UnreadableImage(
            f"Cannot find {record.path}: it was moved, renamed or deleted. Put it back, or move it "
            f"to {project.folder} or below; its objects are kept."
        )
    return path


def _taken(project: Project, record: ImageRecord, image: Image) -> Taken:
    """The record with what is known of its file now, in the project when that can be told."""
    if not project.read_only:
        with suppress(ProjectError):  # the next time it is searched for again
            taken = project.take(image, 0 if record.is_read else record.id)
            if not record.is_read or taken.record.id == record.id:
                return taken
    return Taken(record if record.is_read else _filled(record, image))


def _filled(record: ImageRecord, image: Image) -> ImageRecord:
    return replace(
        record,
        content_hash=image.content_hash,
        width=image.width,
        height=image.height,
        pixel_size_um=record.pixel_size_um or image.pixel_size_um,
    )


def read_stored(project: Project, image_id: int) -> StoredDocument:
    """The objects of an image, with their history; raises ProjectError."""
    done, undone = project.journal(image_id)
    return StoredDocument(project.regions(image_id), done, undone, project.next_region_id(image_id))


def copy_to(path: Path, project: Project) -> Project:
    """A copy of the project at `path`, open; raises ProjectError or CannotWrite."""
    copy_project(project.path, path)
    return Project.open(path)


def _change_of(record: ImageRecord, image: Image) -> str:
    """A note when the file is no longer the one that was outlined."""
    if image.content_hash == record.content_hash:
        return ""
    if (image.width, image.height) != (record.width, record.height):
        raise UnreadableImage(
            f"{record.name} is now {image.width} x {image.height} pixels and was "
            f"{record.width} x {record.height}: its objects are kept, open the file to add it as a "
            "new image."
        )
    return (
        f"{record.name} was changed after it was added to the project: check that its objects "
        "still fit, or open the file to add it as a new image."
    )


def _expanded(paths: Iterable[Path], ticket: Ticket) -> tuple[Path, ...]:
    """Files, and the images of folders, each once and without links."""
    files: list[Path] = []
    for path in paths:
        files += list_images(path, ticket) if path.is_dir() else [path]
    return tuple(dict.fromkeys(f.resolve() if f.is_symlink() else f for f in files))


def _project_beside(paths: list[Path], files: tuple[Path, ...]) -> Path:
    """The project of these files: one that is there already, else where a new one belongs."""
    if not files:
        raise UnreadableImage("There is nothing to open; choose images, a folder or a project.")
    of_folder = default_project_path(files[0].parent)
    alone = len(paths) == 1 and not paths[0].is_dir()
    candidates = [default_project_path(files[0]), of_folder] if alone else [of_folder]
    return next((path for path in candidates if path.exists()), candidates[0])


def _with_files(plan: Plan, files: tuple[Path, ...], request: Request, ticket: Ticket) -> Plan:
    """The plan with what is new of the files, listed in the project, and what is not."""
    sizes = _sizes(files, ticket)
    known = _known(plan.project, sizes, request.watched) if plan.project else {}
    new = [file for file in files if file not in known and file not in request.left_out]
    plan = replace(plan, known=tuple(known.values()))
    if len(files) == 1 and not plan.folders:
        return replace(plan, file=new[0] if new else None)
    if not new:
        return plan
    with _made(plan.project, plan.project_path) as project:
        listed = in_order(project.add_files(new, [sizes[file] for file in new]))
        return replace(plan, project=project, listed=tuple(listed))


def _sizes(files: Sequence[Path], ticket: Ticket) -> dict[Path, int]:
    """Bytes of each file."""
    sizes = {}
    for number, file in enumerate(files):
        if number % 500 == 0:
            ticket.step(number, len(files))
        sizes[file] = file_size(file)
    ticket.step(len(files), len(files))
    return sizes


def _known(project: Project, sizes: Mapping[Path, int], any_size: bool) -> dict[Path, ImageRecord]:
    """The records that the project has of these files already, by path and size.

    A file that was listed and never read may have grown meanwhile; any_size: so may all others.
    """
    # The first plane of a file stands for it.
    planes = sorted(
        (r for r in project.images() if r.path), key=lambda r: r.plane.order, reverse=True
    )
    records = {normpath(project.folder / r.path): r for r in planes}
    found = ((file, records.get(str(file)), size) for file, size in sizes.items())
    return {
        file: record
        for file, record, size in found
        if record and (any_size or not record.is_read or record.file_size == size)
    }
