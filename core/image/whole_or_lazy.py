"""Whether a plane comes into memory as a whole or stays in its file."""

from typing import Any

import numpy as np

from core.errors import ImageTooLarge
from core.image.budget import check_budget
from core.image.pixels import LAZY_FROM, LazyPixels, Pixels, Read

MOST_LAZY = 10**11
"""Pixels of a plane that is read in parts."""
MAX_PART = 16 * 2**20
"""Bytes up to which it is worth it to unpack them for a part."""


def whole_or_lazy(
    shape: tuple[int, int, int], dtype: np.dtype[Any], read: Read, part: int = 0
) -> Pixels:
    """The plane (H, W, C) that `read` reads, lazy from LAZY_FROM bytes on.

    part: bytes that have to be unpacked for the smallest part; when they are many, the whole plane
    is read once instead. Raises UnreadableImage and ImageTooLarge for sizes that no plane has,
    before anything is read.
    """
    height, width, channels = shape
    pixels = LazyPixels(shape, dtype, read)
    if pixels.nbytes < LAZY_FROM or part > MAX_PART or min(shape) < 1:
        check_budget(height, width, channels, dtype.itemsize)
        return read(0, height, 0, width)
    check_budget(1, 1, channels, dtype.itemsize)  # the number of channels alone
    check_lazy(height, width)
    return pixels


def check_lazy(height: int, width: int) -> None:
    """Refuse sizes that no microscope makes."""
    if height * width > MOST_LAZY:
        raise ImageTooLarge(
            f"it claims {width} x {height} pixels and at most {MOST_LAZY:.0e} are read; "
            "it is probably damaged, so copy it again from its source"
        )
