"""The images of a folder, in the order in which a person counts."""

import re
from pathlib import Path

from core.errors import UnreadableImage

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".bmp", ".tif", ".tiff", ".btf", ".tf8"})


def is_image_name(path: Path) -> bool:
    """Whether a file of this name is offered as an image; its bytes decide what it is."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def list_images(folder: Path) -> list[Path]:
    """Images directly in `folder`, img2 before img10, without hidden files.

    Raises UnreadableImage when the folder cannot be read or holds none.
    """
    try:
        images = [path for path in folder.iterdir() if is_image_name(path) and path.is_file()]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableImage(
            f"Cannot list the images in {folder}: {reason}; choose another folder."
        ) from error
    if not images:
        raise UnreadableImage(
            f"There is no image in {folder}; choose a folder with TIFF, PNG, JPEG or BMP files."
        )
    return sorted(images, key=_natural)


def _natural(path: Path) -> tuple[list[int | str], str]:
    """Runs of digits compare as numbers; the name itself decides between 1 and 01."""
    parts: list[int | str] = list(re.split(r"([0-9]+)", path.stem.casefold()))
    parts[1::2] = map(int, parts[1::2])  # text and digits take turns, text comes first
    return parts, path.name
