"""Cutting an image into overlapping tiles and blending what comes back."""

from dataclasses import dataclass
from itertools import product

import numpy as np

TILE = 640
"""Longest side of a tile, pixels: about a second on two cores, so that cancelling feels prompt."""
OVERLAP = 96
"""Pixels that neighbours share; further away one object hardly influences another's outline."""
GRAIN = 32
"""Tile sides are multiples of this, the coarsest stride of the networks."""


@dataclass(frozen=True)
class Tile:
    """A window of the image: rows y0..y1, columns x0..x1."""

    y0: int
    y1: int
    x0: int
    x1: int

    @property
    def window(self) -> tuple[slice, slice]:
        return slice(self.y0, self.y1), slice(self.x0, self.x1)


def spans(length: int, tile: int = TILE, overlap: int = OVERLAP) -> list[tuple[int, int]]:
    """Evenly spread windows that cover 0..length, each at most `tile` long."""
    if length <= tile:
        return [(0, length)]
    count = -(-(length - overlap) // (tile - overlap))
    side = -(-(length + (count - 1) * overlap) // count)
    side = min(tile, -(-side // GRAIN) * GRAIN)
    starts = [round(i * (length - side) / (count - 1)) for i in range(count)]
    return [(start, start + side) for start in starts]


def plan_tiles(height: int, width: int, tile: int = TILE) -> list[Tile]:
    """The tiles of an image, row by row."""
    rows, columns = spans(height, tile), spans(width, tile)
    return [Tile(y0, y1, x0, x1) for (y0, y1), (x0, x1) in product(rows, columns)]


def _ramp(start: int, stop: int, length: int) -> np.ndarray:
    """Weights along one side: rising over the overlap, except at the edge of the image."""
    weight = np.ones(stop - start, np.float32)
    rise = (np.arange(OVERLAP, dtype=np.float32) + 0.5)[: len(weight)] / OVERLAP
    if start > 0:
        weight[: len(rise)] *= rise
    if stop < length:
        weight[len(weight) - len(rise) :] *= rise[::-1]
    return weight


class Blend:
    """Weighted mean of tiles (C, h, w) into one map (C, H, W) float32."""

    def __init__(self, channels: int, height: int, width: int) -> None:
        self._sum = np.zeros((channels, height, width), np.float32)
        self._weight = np.zeros((height, width), np.float32)

    def add(self, tile: Tile, values: np.ndarray) -> None:
        height, width = self._weight.shape
        weight = np.outer(_ramp(tile.y0, tile.y1, height), _ramp(tile.x0, tile.x1, width))
        self._sum[:, *tile.window] += values * weight
        self._weight[tile.window] += weight

    def result(self) -> np.ndarray:
        """The blended map; every pixel has been covered by a tile."""
        self._sum /= self._weight
        return self._sum
