"""Pixels that lie in memory, or in a file until they are asked for."""

from collections.abc import Callable
from math import prod
from typing import Any, Protocol, TypeAlias

import numpy as np

LAZY_FROM = 128 * 2**20
"""Bytes of a plane from which on it stays in its file, where the format allows that."""
SAMPLE_SIDE = 1024
"""A sample of a plane has about the square of this as values a channel."""
_PATCH = 64

Read: TypeAlias = Callable[[int, int, int, int], np.ndarray]
"""(y0, y1, x0, x1) -> (y1 - y0, x1 - x0, C)."""


class Pixels(Protocol):
    """What arrays and LazyPixels have in common: (H, W, C), read-only."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    @property
    def size(self) -> int: ...

    @property
    def nbytes(self) -> int: ...

    def __getitem__(self, key: Any, /) -> Any: ...


class LazyPixels:
    """(H, W, C) of which each part is read when it is asked for, by slices and numbers.

    Reading may take long and raise what the decoder raises: not in the window's thread.
    """

    def __init__(self, shape: tuple[int, int, int], dtype: np.dtype[Any], read: Read) -> None:
        self.shape: tuple[int, ...] = shape
        self.dtype = dtype
        self.owner: object = None  # what must stay open
        self._read = read

    @property
    def size(self) -> int:
        """Number of values."""
        return prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of all values, of which none are kept."""
        return self.size * self.dtype.itemsize

    def __getitem__(self, key: Any) -> Any:
        rows, columns, channels = _three(key)
        (y0, y1, rows), (x0, x1, columns) = (
            _stretch(part, length)
            for part, length in zip((rows, columns), self.shape[:2], strict=True)
        )
        if y0 == y1 or x0 == x1:
            part = np.empty((y1 - y0, x1 - x0, self.shape[2]), self.dtype)
        else:
            part = self._read(y0, y1, x0, x1)
        rows_of_part = part[rows] if isinstance(rows, slice) else part[rows][None]
        picked = rows_of_part[:, columns, channels]
        return picked if isinstance(rows, slice) else picked[0]

    def first_channels(self, count: int) -> "LazyPixels":
        """The same with the first channels only."""
        height, width, _ = self.shape
        first = LazyPixels(
            (height, width, count), self.dtype, lambda *box: self._read(*box)[..., :count]
        )
        first.owner = self.owner
        return first


def _three(key: Any) -> tuple[Any, Any, Any]:
    """Rows, columns and channels of an index, as numbers and slices."""
    parts = key if isinstance(key, tuple) else (key,)
    everything = slice(None)
    if Ellipsis in parts:
        at = parts.index(Ellipsis)
        parts = (*parts[:at], *(everything,) * (4 - len(parts)), *parts[at + 1 :])
    filled = [*parts, *(everything,) * (3 - len(parts))]
    return filled[0], filled[1], filled[2]


def _stretch(part: Any, length: int) -> tuple[int, int, Any]:
    """First and last + 1 of what must be read, and the index within that."""
    if not isinstance(part, slice):
        number = range(length)[int(part)]  # raises IndexError beyond the ends
        return number, number + 1, 0
    start, stop, step = part.indices(length)
    if step < 1:
        raise IndexError("Pixels are read forwards.")
    stop = max(start, stop)
    return start, stop, slice(None, None, step)


def sample(pixels: Pixels) -> np.ndarray:
    """(h, w, C) of values spread evenly over the plane, about SAMPLE_SIDE² of them, or all.

    For percentiles: of pixels in memory each n-th, of a file a grid of small patches.
    """
    if isinstance(pixels, LazyPixels):
        return _patches(pixels)
    height, width = pixels.shape[:2]
    step = max(1, int((height * width) ** 0.5 / SAMPLE_SIDE))
    return np.asarray(pixels[::step, ::step])


def _patches(pixels: LazyPixels) -> np.ndarray:
    rows, columns = (_starts(length) for length in pixels.shape[:2])
    return np.concatenate(
        [
            np.concatenate([pixels[y : y + _PATCH, x : x + _PATCH] for x in columns], axis=1)
            for y in rows
        ]
    )


def _starts(length: int) -> list[int]:
    """Where patches begin along a side, evenly spread."""
    count = max(1, min(SAMPLE_SIDE // _PATCH, length // _PATCH))
    return [int(start) for start in np.linspace(0, max(0, length - _PATCH), count)]
