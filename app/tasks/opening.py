"""What is read when files are opened: plain functions for the runner, without Qt."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.annotation.region import Region
from core.errors import ProjectError, UnreadableImage
from core.image.folder import list_images
from core.image.model import Image
from core.image.read import read_image
from core.image.source import Plane
from core.progress import Ticket
from core.project.copy import copy_project
from core.project.delta import Delta
from core.project.locate import SUFFIX, default_project_path, file_size
from core.project.records import ImageRecord
from core.project.store import Project


@dataclass(frozen=True)
class Plan:
    """What to do with the paths that a person chose.

    project: the one that the images go into; None when it is to be made at `project_path` once
    the first image was read. files: images to read. known: those that the project has already.
    note: what a person should know, "" for nothing.
    """

    project: Project | None
    project_path: Path
    files: tuple[Path, ...] = ()
    known: tuple[ImageRecord, ...] = ()
    note: str = ""


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

    moved: its new record when its file was found in another place.
    """

    image: Image
    stored: StoredDocument | None
    note: str = ""
    moved: ImageRecord | None = None


def plan_opening(
    paths: Iterable[Path], current: Project | None, take_over: bool, ticket: Ticket
) -> Plan:
    """Find the images in files and folders, and the project for them, which is opened.

    current: the project that is open; images go into it unless a project is among the paths.
    Raises UnreadableImage when there is nothing to open, ProjectError for a project that cannot be.
    """
    paths = [path.resolve() for path in paths]
    chosen = next((path for path in paths if path.suffix == SUFFIX), None)
    files = tuple(_expanded([path for path in paths if path.suffix != SUFFIX]))
    ticket.check()
    if chosen is None and current is not None:
        return _sorted_out(current, files)
    path = chosen or _project_beside(paths, files)
    if current is not None and path == current.path.resolve():
        return _sorted_out(current, files)
    if chosen is None and not path.exists():
        return Plan(None, path, files)
    project, note = open_for_work(path, take_over)
    return _sorted_out(project, files, note)


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
    project = project or Project.create(project_path)
    return Added(project, project.add_image(image), image)


def add_plane(project: Project, sibling: ImageRecord, plane: Plane, ticket: Ticket) -> Added:
    """Read another plane of a file into the project; raises what `load_image` raises."""
    image = read_image(_place_of(project, sibling), plane, ticket)
    ticket.check()
    if image.content_hash != sibling.content_hash:
        raise UnreadableImage(
            f"{sibling.name} was changed after it was added to the project: open the file to add it "
            "as a new image."
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
    stored = read_stored(project, record.id) if with_document else None
    moved = None if path == project.folder / record.path else _recorded(project, record, image)
    return Loaded(image, stored, _change_of(record, image), moved)


def _place_of(project: Project, record: ImageRecord) -> Path:
    """Where the file of an image is now; raises UnreadableImage when it is gone."""
    path = project.locate_image(record)
    if path is None:
        raise UnreadableImage(
            f"Cannot find {record.path}: it was moved, renamed or deleted. Put it back, or move it "
            f"to {project.folder} or below; its objects are kept."
        )
    return path


def _recorded(project: Project, record: ImageRecord, image: Image) -> ImageRecord | None:
    """The record with the new place of its file, when the project can be told of it."""
    if project.read_only:
        return None
    with suppress(ProjectError):  # the next time it is searched for again
        moved = project.add_image(image)
        return moved if moved.id == record.id else None
    return None


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


def _expanded(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        yield from list_images(path) if path.is_dir() else [path]


def _project_beside(paths: list[Path], files: tuple[Path, ...]) -> Path:
    """The project of these files: one that is there already, else where a new one belongs."""
    if not files:
        raise UnreadableImage("There is nothing to open; choose images, a folder or a project.")
    of_folder = default_project_path(files[0].parent)
    alone = len(paths) == 1 and not paths[0].is_dir()
    candidates = [default_project_path(files[0]), of_folder] if alone else [of_folder]
    return next((path for path in candidates if path.exists()), candidates[0])


def _sorted_out(project: Project, files: tuple[Path, ...], note: str = "") -> Plan:
    """Tell the files that the project has already, by path and size, from new ones."""
    # The first plane of a file stands for it.
    planes = sorted(
        (r for r in project.images() if r.path), key=lambda r: r.plane.order, reverse=True
    )
    records = {(project.folder / r.path).resolve(): r for r in planes}
    known = {f: r for f in files if (r := records.get(f)) and r.file_size == file_size(f)}
    new = tuple(file for file in files if file not in known)
    return Plan(project, project.path, new, tuple(known.values()), note)
