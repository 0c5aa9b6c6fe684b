"""Pyramid: an image at halved sizes, so that a zoomed-out view reads few pixels. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import cv2
import numpy as np

from app.canvas.tiles import TILE, TileKey
from core.image.pixels import LazyPixels, Pixels

SHRINKABLE = (np.uint8, np.uint16, np.int16, np.float32, np.float64)  # what OpenCV averages
MOST_KEPT = 512 * 2**20  # bytes of a level that is made once and kept
BAND = 512  # rows of a level that are made at a time
QUICK_PIXELS = 4_000_000  # images up to this size are halved at once, others in the worker


@dataclass(frozen=True, eq=False)
class Pyramid:
    """levels: (h, w, C), each half as large as the one before; the first is the image.

    Large ones may be read, or made of the finer one, when they are asked for. A pixel of level n
    covers exactly 2**n x 2**n image px; where the image has an odd size the
    last one reaches beyond it.
    """

    levels: tuple[Pixels, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image."""
        height, width = self.levels[0].shape[:2]
        return width, height

    @property
    def top(self) -> int:
        """Number of the coarsest level."""
        return len(self.levels) - 1

    def region(self, level: int, x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
        """A view of the pixels [x0, x1) x [y0, y1) of a level, cut to what it has."""
        part = self.levels[level][max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
        return np.asarray(part)

    def tile(self, key: TileKey) -> np.ndarray:
        """The pixels of a tile; fewer at the right and lower edge."""
        x, y = key.column * TILE, key.row * TILE
        return self.region(key.level, x, y, x + TILE, y + TILE)


def build_pyramid(pixels: Pixels, stored: Sequence[Pixels] = ()) -> Pyramid:
    """All levels of (H, W, C) down to one that fits into a tile.

    stored: smaller sizes that the file has; those that are no halves are not used.
    """
    sizes = {level.shape[:2]: level for level in stored}
    levels: list[Pixels] = [pixels]
    while max(levels[-1].shape[:2]) > TILE:
        finer = levels[-1]
        half = _half_of(finer.shape)
        if half[:2] in sizes:
            levels.append(sizes.pop(half[:2]))
        elif _is_kept(half, finer, sizes):
            levels.append(_halved_in_bands(finer))
        else:
            levels.append(LazyPixels(half, _half_dtype(finer.dtype), partial(_half_part, finer)))
    return Pyramid(tuple(levels))


def _half_of(shape: tuple[int, ...]) -> tuple[int, int, int]:
    return (shape[0] + 1) // 2, (shape[1] + 1) // 2, shape[2]


def _is_kept(
    half: tuple[int, ...], finer: Pixels, stored: Mapping[tuple[int, ...], Pixels]
) -> bool:
    """Whether a level is made once and stays in memory; else it is made of the finer one as it is
    needed, because it is too large, or because the file has a smaller one."""
    if not isinstance(finer, LazyPixels):
        return True
    too_large = prod(half) * finer.dtype.itemsize > MOST_KEPT
    return not too_large and not any(size < half[:2] for size in stored)


def _half_part(finer: Pixels, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
    return _halved(np.asarray(finer[2 * y0 : 2 * y1, 2 * x0 : 2 * x1]))


def _halved_in_bands(finer: Pixels) -> np.ndarray:
    """The whole level, made of a few rows at a time."""
    if not isinstance(finer, LazyPixels):
        return _halved(np.asarray(finer))
    height, width, channels = _half_of(finer.shape)
    half = np.empty((height, width, channels), _half_dtype(finer.dtype))
    for y in range(0, height, BAND):
        half[y : y + BAND] = _half_part(finer, y, min(y + BAND, height), 0, width)
    return half


def _half_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype in SHRINKABLE else np.dtype(np.float32)


def _halved(pixels: np.ndarray) -> np.ndarray:
    """The mean of each 2 x 2 pixels; an odd last row or column is repeated before."""
    if pixels.dtype not in SHRINKABLE:
        pixels = pixels.astype(np.float32)
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = ((width + 1) // 2, (height + 1) // 2)
    half = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return half.reshape(size[1], size[0], -1)
