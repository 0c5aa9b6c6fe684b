"""Telling files apart by what is in them."""

import hashlib
import os
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from core.image.zarr_metadata import NAMES

WHOLE = 64 * 2**20
"""Files up to this many bytes are read from end to end."""
_PIECES, _PIECE = 64, 2**18


def fingerprint(file: BufferedReader) -> str:
    """SHA-256 of a file, hex; of a large one, of its size and pieces spread evenly over it.

    A microscope file of 40 GB would take minutes to read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size <= WHOLE:
        return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256(b"%d" % size)
    for number in range(_PIECES):
        file.seek(number * (size - _PIECE) // (_PIECES - 1))
        digest.update(file.read(_PIECE))
    return digest.hexdigest()


def folder_fingerprint(folder: Path) -> str:
    """The same of an image that is a folder: of the names and sizes of its files, of its metadata,
    and of pieces of files spread evenly over it."""
    files = sorted(_files(folder))
    digest = hashlib.sha256()
    for name, size in files:
        digest.update(f"{name}\0{size}\0".encode(errors="surrogateescape"))
    for name, size in files:
        if size <= WHOLE and name.rpartition("/")[2] in NAMES:
            digest.update((folder / name).read_bytes())
    for name, _ in files[:: max(1, len(files) // _PIECES)]:
        with (folder / name).open("rb") as file:
            digest.update(file.read(_PIECE))
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    """Names with forward slashes, as seen from the folder, and bytes; links are not followed."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            if not path.is_symlink() and path.is_file():
                yield path.relative_to(folder).as_posix(), path.stat().st_size


def fingerprint_of(path: Path) -> str:
    """The same of a file or folder by its path, "" for one that cannot be read."""
    try:
        if path.is_dir():
            return folder_fingerprint(path)
        with path.open("rb") as file:
            return fingerprint(file)
    except OSError:
        return ""
