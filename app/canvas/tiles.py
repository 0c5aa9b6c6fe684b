"""The grid of tiles: squares of TILE px at power-of-two levels. No Qt."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from app.canvas.viewport import Bounds

TILE = 512


class TileKey(NamedTuple):
    """One tile. At level n one of its pixels covers 2**n image px; overlays have negative levels
    too, finer than the image."""

    level: int
    column: int
    row: int

    @property
    def step(self) -> float:
        """Image px per pixel of the tile."""
        return 2.0**self.level

    @property
    def bounds(self) -> Bounds:
        side = TILE * self.step
        return (
            self.column * side,
            self.row * side,
            (self.column + 1) * side,
            (self.row + 1) * side,
        )

    @property
    def parent(self) -> "TileKey":
        """The tile of the next coarser level that covers this one."""
        return TileKey(self.level + 1, self.column // 2, self.row // 2)

    @property
    def children(self) -> tuple["TileKey", ...]:
        """The four tiles of the next finer level."""
        column, row = 2 * self.column, 2 * self.row
        return tuple(TileKey(self.level - 1, column + i, row + j) for j in (0, 1) for i in (0, 1))


def level_for(scale: float) -> int:
    """The level nearest to `scale` device px per image px: drawn at 0.71 to 1.41 of its size."""
    return round(-math.log2(scale))


def tiles_in(level: int, bounds: Bounds) -> Iterator[TileKey]:
    """The tiles of a level that have a part of `bounds`, row by row."""
    side = TILE * 2.0**level
    x0, y0, x1, y1 = bounds
    for row in range(math.floor(y0 / side), math.ceil(y1 / side)):
        for column in range(math.floor(x0 / side), math.ceil(x1 / side)):
            yield TileKey(level, column, row)


def overlap(a: Bounds, b: Bounds) -> Bounds | None:
    """The common part of two rectangles, None when they have none."""
    x0, y0, x1, y1 = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def joined(*all_bounds: Bounds) -> Bounds:
    """The smallest rectangle around some rectangles."""
    x0, y0, x1, y1 = zip(*all_bounds, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def padded(bounds: Bounds, by: float) -> Bounds:
    return bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by
