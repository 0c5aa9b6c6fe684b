"""The one decoder: what canvas and network see of a file comes from here."""

import hashlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

import numpy as np

from core.errors import CellscribeError, ImageTooLarge, UnreadableImage, reason
from core.image.decoded import Decoded
from core.image.model import Image
from core.image.sniff import HEAD, kind_of

# Warning filters and the log of the TIFF library belong to the whole process, not to a thread.
_one_at_a_time = threading.Lock()


def read_image(path: Path) -> Image:
    """The first plane of a PNG, JPEG, BMP or TIFF file, whatever its name, in its own dtype.

    Bits become 0 and 255, palettes and CMYK become RGB, white-is-zero is inverted, EXIF and TIFF
    orientation are applied, transparency is dropped; `notes` says what a person should know.
    Raises UnreadableImage or ImageTooLarge; never returns a part of a picture as a whole one.
    """
    with _explained(path), _opened(path) as file:
        decoded = _decode(file)
        return Image(
            pixels=_settled(decoded.pixels),
            is_rgb=decoded.is_rgb,
            path=path,
            pixel_size_um=decoded.pixel_size_um,
            content_hash=_hash(file),
            notes=decoded.notes,
        )


def _decode(file: BufferedReader) -> Decoded:
    kind = kind_of(file.read(HEAD))
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind == "TIFF":
            from core.image.tiff import read_tiff

            return read_tiff(file)
        from core.image.raster_file import read_raster

        return read_raster(file, kind)


def _opened(path: Path) -> BufferedReader:
    if path.is_dir():
        raise UnreadableImage("it is a folder; choose an image in it")
    if not path.exists():
        raise UnreadableImage("there is no such file; it may have been moved or renamed")
    if not path.is_file():
        raise UnreadableImage("it is a device, not a file; choose an image")
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableImage(f"{reason(error)}; check who may read it") from error


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn whatever a decoder raises into one sentence about this file."""
    name = path.name.encode(errors="replace").decode()  # bytes that are no letters, as ?
    try:
        yield
    except CellscribeError as problem:
        raise type(problem)(f"Cannot open {name}: {problem}.") from problem
    except MemoryError as error:
        raise ImageTooLarge(
            f"Cannot open {name}: it needs more memory than there is; "
            "close other programs or cut it into smaller images."
        ) from error
    except Exception as error:  # decoders raise anything on damaged bytes
        raise UnreadableImage(
            f"Cannot open {name}: it is damaged, cut short or packed in an unknown way; "
            "copy it again from its source, or save it as an uncompressed TIFF."
        ) from error


def _settled(pixels: np.ndarray) -> np.ndarray:
    """C-contiguous, in the byte order of this machine, read-only."""
    pixels = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("="))
    pixels.setflags(write=False)
    return pixels


def _hash(file: BufferedReader) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
