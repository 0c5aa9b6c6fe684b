"""The images that annotation files are for: some formats show or hold their pixels."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.tasks.importing import image_for
from core.annotation.annotation_set import AnnotationSet
from core.errors import CellscribeError, UsageError
from core.formats.base import Codec
from core.image.folder import images_below, list_images
from core.image.seen import is_seen_folder
from core.project.image_search import ImageSearch
from core.project.records import ImageRecord

_TOLD = 10
"""So many files without an image are named, the rest is counted."""


@dataclass(frozen=True)
class AnnotatedFile:
    """A file of annotations, and what is in it."""

    path: Path
    annotations: AnnotationSet


def images_for(
    files: Mapping[int, AnnotatedFile], folder: Path | None, codecs: Sequence[Codec]
) -> dict[int, Path]:
    """The images of those files that have one, by number; none when no format has a use for them.

    folder: where they are, or below it; else each is looked for beside its file. Raises UsageError
    that names the files without an image when a format cannot do without.
    """
    if not any(codec.wants_pictures for codec in codecs):
        return {}
    search_for = _searches(folder)
    found: dict[int, Path] = {}
    lost: list[str] = []
    for number, file in files.items():
        search = search_for(file.path)
        images = _images_of(file, search)
        if len(images) == 1:
            found[number] = images[0]
        else:
            lost.append(_trouble(file, len(images), search))
    if lost and any(codec.needs_pictures for codec in codecs):
        raise UsageError(_refusal(lost, folder))
    return found


def _searches(folder: Path | None) -> Callable[[Path], ImageSearch]:
    """What to search for the image of a file of annotations."""
    if folder is None:
        of_folder = cache(_beside)
        return lambda path: of_folder(path.parent)
    if not is_seen_folder(folder):
        raise UsageError(f"There is no folder {folder}: name that of the images with --images.")
    below = ImageSearch(images_below(folder))
    return lambda path: below


def _beside(folder: Path) -> ImageSearch:
    """The images of one folder: it may be that of a person's whole work, so not those below."""
    images: list[Path] = []
    with suppress(CellscribeError):  # there are none
        images = list_images(folder)
    return ImageSearch(images)


def _images_of(file: AnnotatedFile, search: ImageSearch) -> list[Path]:
    """By content where the file tells it, else by name, as an import does."""
    known = file.annotations
    if known.content_hash:
        found = search.with_content(known.content_hash, known.image_name)
        return [found] if found else []
    others = [path for path in search.called(known.image_name) if path != file.path]
    return others or _called_like(file.path, search.paths)


def _called_like(path: Path, images: Sequence[Path]) -> list[Path]:
    """The image whose name is the beginning of that of the file."""
    records = [ImageRecord(n, image.name, "", -1, 0, 0) for n, image in enumerate(images)]
    found = image_for(path, records)
    return [images[found.id]] if found else []


def _trouble(file: AnnotatedFile, count: int, search: ImageSearch) -> str:
    """A file and its image, and why that is none of the images."""
    name = file.annotations.image_name
    if count:
        return f"{file.path.name} ({count} images are called {name})"
    if file.annotations.content_hash and search.called(name):
        return f"{file.path.name} ({name} is there with another content)"
    return f"{file.path.name} ({name})"


def _refusal(lost: Sequence[str], folder: Path | None) -> str:
    named = ", ".join(lost[:_TOLD])
    more = f" and {len(lost) - _TOLD} more" if len(lost) > _TOLD else ""
    if folder is None:
        do = "name the folder of the images with --images"
        return f"The image was not found beside {named}{more}: {do}."
    do = "put it there, or name another folder with --images"
    return f"Neither {folder} nor a folder below holds the image of {named}{more}: {do}."
