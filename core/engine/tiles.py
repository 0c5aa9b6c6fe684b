"""Cutting an image into overlapping tiles and blending what comes back."""

from dataclasses import dataclass
from itertools import product

import numpy as np

TILE = 1088
"""Longest side of a tile, pixels: common cameras have 1024 or 1040 rows, which then stay whole."""
OVERLAP = 192
"""Pixels that neighbours share at least. Near a cut logits differ from those of the whole image;
with HRNet by less than 1e-3 only beyond 256 pixels. So the outer third of the overlap is not used
and the middle third is blended: probabilities at a seam then differ by 0.06 at most."""
GRAIN = 32
"""Tiles begin at multiples of this, the coarsest stride of the networks: on another grid they
answer differently, far from the cut too. Their sides are multiples as well."""


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


def overlap_of(tile: int) -> int:
    """Pixels that neighbours share when tiles have at most this side; small ones share less."""
    return min(OVERLAP, tile // 4)


def spans(length: int, tile: int = TILE) -> list[tuple[int, int]]:
    """Evenly spread windows that cover 0..length, each at most `tile` long."""
    if length <= tile:
        return [(0, length)]
    total, longest, shared = -(-length // GRAIN), tile // GRAIN, -(-overlap_of(tile) // GRAIN)
    count = -(-(total - shared) // (longest - shared))
    side = -(-(total + (count - 1) * shared) // count)
    starts = [GRAIN * (i * (total - side) // (count - 1)) for i in range(count)]
    return [(start, min(start + GRAIN * side, length)) for start in starts]


def plan_tiles(height: int, width: int, tile: int = TILE) -> list[Tile]:
    """The tiles of an image, row by row."""
    rows, columns = spans(height, tile), spans(width, tile)
    return [Tile(y0, y1, x0, x1) for (y0, y1), (x0, x1) in product(rows, columns)]


def _ramp(start: int, stop: int, length: int, overlap: int) -> np.ndarray:
    """Weights along one side: over the thirds of an overlap 0, rising, 1; elsewhere 1."""
    places = np.arange(stop - start, dtype=np.float32) + 0.5
    rise = np.clip(3 * places / overlap - 1, 0, 1)
    weight = np.ones_like(rise)
    if start > 0:
        weight *= rise
    if stop < length:
        weight *= rise[::-1]
    return weight


class Blend:
    """Weighted mean of tiles (C, h, w) into one map (C, H, W) float32."""

    def __init__(self, channels: int, height: int, width: int, tile: int = TILE) -> None:
        """tile: what the tiles were planned with."""
        self._overlap = overlap_of(tile)
        self._sum = np.zeros((channels, height, width), np.float32)
        self._weight = np.zeros((height, width), np.float32)

    def add(self, tile: Tile, values: np.ndarray) -> None:
        height, width = self._weight.shape
        weight = np.outer(
            _ramp(tile.y0, tile.y1, height, self._overlap),
            _ramp(tile.x0, tile.x1, width, self._overlap),
        )
        self._sum[:, *tile.window] += values * weight
        self._weight[tile.window] += weight

    def result(self) -> np.ndarray:
        """The blended map; every pixel has been covered by a tile."""
        self._sum /= self._weight
        return self._sum
