"""Pyramid: an image at halved sizes, so that a zoomed-out view reads few pixels. No Qt.

What an image in its file has in memory was chosen by memory and time. All levels from the first
one on that takes at most MOST_KEPT are made once, in one pass through the file, and kept: together
a third more. Finer ones that the file lacks are made tile by tile of the level before, as they are
looked at: that reads four times the pixels of a tile, or sixteen times at the second such level,
which only images of 32,000 px and more a side have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import prod

import numpy as np

from app.canvas.filling import Filling
from app.canvas.halving import half_dtype, half_of, halved
from app.canvas.tiles import TILE, TileKey
from core.image.pixels import LazyPixels, Pixels

MOST_KEPT = 128 * 2**20  # bytes of the finest level that is kept
QUICK_PIXELS = 4_000_000  # values that are halved at once; more by the worker


@dataclass(frozen=True, eq=False)
class Pyramid:
    """levels: (h, w, C), each half as large as the one before; the first is the image.

    Those that are LazyPixels are read, or made of the finer one, when they are asked for; the
    coarsest one is not. A pixel of level n covers exactly 2**n x 2**n image px; where the image
    has an odd size the last one reaches beyond it. filling: makes the last levels, if that
    takes a while.
    """

    levels: tuple[Pixels, ...]
    filling: Filling | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image."""
        height, width = self.levels[0].shape[:2]
        return width, height

    @property
    def top(self) -> int:
        """Number of the coarsest level."""
        return len(self.levels) - 1

    @property
    def first_sketched(self) -> int:
        """Number of the first level that always has something to be shown."""
        return self._first_filled + self.filling.sketched if self.filling else self.top

    def is_read(self, level: int) -> bool:
        """Whether a level lies in the file: its tiles are for a worker, and may fail."""
        return isinstance(self.levels[level], LazyPixels)

    def has(self, key: TileKey) -> bool:
        """Whether a tile of a level in memory is what it should be."""
        number = key.level - self._first_filled
        if self.filling is None or number < 0:
            return True
        rows = min((key.row + 1) * TILE, self.levels[key.level].shape[0])
        return self.filling.has(number, rows)

    def region(self, level: int, x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
        """The pixels [x0, x1) x [y0, y1) of a level, cut to what it has: a view, or read."""
        part = self.levels[level][max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
        return np.asarray(part)

    def tile(self, key: TileKey) -> np.ndarray:
        """The pixels of a tile; fewer at the right and lower edge."""
        x, y = key.column * TILE, key.row * TILE
        return self.region(key.level, x, y, x + TILE, y + TILE)

    def tile_size(self, key: TileKey) -> tuple[int, int]:
        """Height and width of a tile."""
        height, width = self.levels[key.level].shape[:2]
        return min(height - key.row * TILE, TILE), min(width - key.column * TILE, TILE)

    @property
    def _first_filled(self) -> int:
        return len(self.levels) - (len(self.filling.levels) if self.filling else 0)


def build_pyramid(pixels: Pixels, stored: Sequence[Pixels] = ()) -> Pyramid:
    """All levels of (H, W, C) down to one that fits into a tile.

    stored: smaller sizes that the file has; those that are no halves are not used.
    """
    levels: list[Pixels] = [pixels]
    coarser = _coarser(pixels.shape)
    found = [_fitting(stored, shape) for shape in coarser]
    last = max((number for number, level in enumerate(found, 1) if level is not None), default=0)
    for level in found[:last]:
        levels.append(_half_on_demand(levels[-1]) if level is None else level)
    base = levels[-1]
    if isinstance(base, LazyPixels) and base.size > QUICK_PIXELS:
        return _filled_later(levels, coarser[last:])
    if isinstance(base, LazyPixels):
        levels[-1] = np.asarray(base[:])
    for _ in coarser[last:]:
        levels.append(halved(np.asarray(levels[-1])))
    return Pyramid(tuple(levels))


def _filled_later(levels: list[Pixels], shapes: list[tuple[int, int, int]]) -> Pyramid:
    """The levels so far, with coarser ones of these shapes that are made of the last one."""
    base = levels[-1]
    assert isinstance(base, LazyPixels)
    itemsize = half_dtype(base.dtype).itemsize
    skipped = sum(prod(shape) * itemsize > MOST_KEPT for shape in shapes)
    for _ in range(skipped):
        levels.append(_half_on_demand(levels[-1]))
    filling = Filling(base, skipped, shapes[skipped:])
    return Pyramid((*levels, *filling.levels), filling)


def _coarser(shape: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """The shapes of all levels after the first."""
    shapes = []
    while max(shape[:2]) > TILE:
        shape = half_of(shape)
        shapes.append(shape)
    return shapes


def _fitting(stored: Sequence[Pixels], shape: tuple[int, int, int]) -> Pixels | None:
    """A stored level of this shape, if need be with its last row or column once more: many
    programs leave out an odd one."""
    for level in stored:
        if all(0 <= ours - theirs <= 1 for ours, theirs in zip(shape, level.shape, strict=True)):
            return level if level.shape == shape else _extended(level, shape)
    return None


def _extended(level: Pixels, shape: tuple[int, int, int]) -> LazyPixels:
    """A level with its last row and column repeated where the shape has one more."""
    height, width = level.shape[:2]

    def read(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        part = level[min(y0, height - 1) : y1, min(x0, width - 1) : x1]
        rows, columns = y1 - y0 - part.shape[0], x1 - x0 - part.shape[1]
        return np.pad(part, ((0, rows), (0, columns), (0, 0)), "edge")

    return LazyPixels(shape, level.dtype, read)


def _half_on_demand(finer: Pixels) -> LazyPixels:
    return LazyPixels(half_of(finer.shape), half_dtype(finer.dtype), partial(_half_part, finer))


def _half_part(finer: Pixels, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
    return halved(np.asarray(finer[2 * y0 : 2 * y1, 2 * x0 : 2 * x1]))
