"""Where a project lies, and where its images are now."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from platformdirs import user_data_dir

from core.errors import ProjectError, reason
from core.image.fingerprint import fingerprint_of
from core.image.folder import walked

SUFFIX = ".cellscribe"


def default_project_path(image_path: Path) -> Path:
    """The project file for an image, or for a folder of images: beside the image, in the folder.

    In a folder that cannot be written to, a file in the person's data folder instead, whose name
    tells equal names of different folders apart. Raises ProjectError when that fails too.
    """
    source = image_path.resolve()
    folder = source if source.is_dir() else source.parent
    stem = source.name if source.is_dir() else source.stem
    if is_writable(folder):
        return folder / f"{stem}{SUFFIX}"
    origin = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    return _projects_folder() / f"{stem}-{origin}{SUFFIX}"


def _projects_folder() -> Path:
    """The folder of the person's data that takes projects, made when it is missing."""
    projects = Path(user_data_dir("cellscribe", appauthor=False)) / "projects"
    try:
        projects.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(
            f"Cannot make the folder {projects} for projects: {reason(error)}."
        ) from error
    return projects


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in `folder`, found out by making one: rights alone do not tell."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def relative_path(file: Path, folder: Path) -> str:
    """`file` as seen from `folder`, with forward slashes; absolute when on another drive."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return file.resolve().as_posix()


def relative_paths(files: Iterable[Path], folder: Path) -> Iterator[str]:
    """The same for many files without links, quicker: those of one folder have much in common."""
    prefixes: dict[Path, str] = {}
    for file in files:
        parent = file.parent
        if parent not in prefixes:
            prefixes[parent] = "" if parent == folder else f"{relative_path(parent, folder)}/"
        yield prefixes[parent] + file.name


def find_by_hash(folder: Path, size: int, content_hash: str) -> Path | None:
    """The file below `folder` with this size (bytes) and content, None when there is none."""
    candidates = (p for p in _files(folder) if file_size(p) == size)
    return next((p for p in candidates if fingerprint_of(p) == content_hash), None)


def find_by_name(folder: Path, name: str, size: int) -> Path | None:
    """The file below `folder` with this name and size (bytes), None when there is none."""
    return next((p for p in _files(folder) if p.name == name and file_size(p) == size), None)


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in walked(folder):
        yield from (root / name for name in names)


def file_size(path: Path) -> int:
    """Bytes of a file, -1 when there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return -1
