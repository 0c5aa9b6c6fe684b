"""The images of a folder, in the order in which a person counts."""

import os
from collections.abc import Iterator
from pathlib import Path

from core.errors import UnreadableImage, reason
from core.image.zarr_metadata import is_zarr
from core.order import natural_key
from core.progress import Ticket

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".bmp", ".webp", ".gif", ".tif", ".tiff", ".btf", ".tf8"}
    | {".stk", ".lsm", ".svs", ".scn", ".ndpi", ".qptiff"}  # TIFF under names of vendors
    | {".czi", ".lif", ".nd2"}
)

FOLDER_SUFFIX = ".zarr"
"""The end of the name of folders that are images."""

MOST_NAMES = 20_000
"""Of files that are looked at below a folder."""

RESULT_TAGS = ("_labels", "_mask", "_classes", "_overlay")
"""What follows the name of an image in the name of a picture made of its objects."""


def is_image_name(path: Path) -> bool:
    """Whether a file of this name is offered as an image; its bytes decide what it is."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def is_image_folder(path: Path) -> bool:
    """Whether a folder is offered as one image: what it holds decides whether it is."""
    named = path.suffix.lower() == FOLDER_SUFFIX and not path.name.startswith(".")
    return named and path.is_dir()


def list_images(folder: Path, ticket: Ticket | None = None) -> list[Path]:
    """Images directly in `folder`, img2 before img10, without hidden files and our own results.

    A folder that is an image itself, as OME-Zarr is, is the only one. Raises UnreadableImage when
    the folder cannot be read or holds none, Cancelled when the ticket says so.
    """
    if is_zarr(folder):
        return [folder]
    try:
        found = _images_in(folder, ticket or Ticket())
    except OSError as error:
        raise UnreadableImage(
            f"Cannot list the images in {folder}: {reason(error)}; choose another folder."
        ) from error
    images = _without_results(found)
    if not images:
        raise UnreadableImage(
            f"There is no image in {folder}; choose a folder with TIFF, PNG, JPEG or BMP files."
        )
    return sorted(images, key=lambda path: (natural_key(path.stem), path.name))


def images_below(folder: Path) -> list[Path]:
    """Images in `folder` and below, in order; folders that may not be looked into are left out."""
    if is_zarr(folder):
        return [folder]
    images: list[Path] = []
    for root, folders, names in walked(folder):
        inside = [name for name in folders if Path(name).suffix.lower() == FOLDER_SUFFIX]
        images += [root / name for name in inside]
        images += [path for name in names if is_image_name(path := root / name)]
        folders[:] = [name for name in folders if name not in inside]
    return sorted(images)


def walked(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Each folder from this one down, with the names of the folders and files in it; what is taken
    off the list of folders is not walked.

    The first MOST_NAMES files count: somebody may have named a whole disk.
    """
    left = MOST_NAMES
    for root, folders, names in os.walk(folder):
        yield Path(root), folders, sorted(names)[:left]
        left -= len(names)
        if left <= 0:
            return


def _images_in(folder: Path, ticket: Ticket) -> list[Path]:
    found = []
    for path in folder.iterdir():
        ticket.check()
        if _is_image(path):
            found.append(path)
    return found


def _is_image(path: Path) -> bool:
    """A link to where we may not look is offered by its name: opening it says why it fails.

    Raises PermissionError where the folder itself may not be entered.
    """
    try:
        return is_image_folder(path) or (is_image_name(path) and path.is_file())
    except PermissionError:
        if path.is_symlink():
            return True
        raise


def _without_results(paths: list[Path]) -> list[Path]:
    """Without label images and masks that were exported beside their image."""
    stems = {_stem(path) for path in paths}
    results = {stem + tag for stem in stems for tag in RESULT_TAGS}
    return [path for path in paths if _stem(path) not in results]


def _stem(path: Path) -> str:
    """The name without its ending, which may have two parts, as .ome.tif."""
    return path.stem.removesuffix(".ome")
