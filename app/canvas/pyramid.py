"""Pyramid: an image at halved sizes, so that a zoomed-out view reads few pixels. No Qt."""

from dataclasses import dataclass

import cv2
import numpy as np

from app.canvas.tiles import TILE, TileKey

SHRINKABLE = (np.uint8, np.uint16, np.int16, np.float32, np.float64)  # what OpenCV averages
QUICK_PIXELS = 4_000_000  # images up to this size are halved at once, others in the worker


@dataclass(frozen=True, eq=False)
class Pyramid:
    """levels: (h, w, C) arrays, each half as large as the one before; the first is the image.

    A pixel of level n covers exactly 2**n x 2**n image px; where the image has an odd size the
    last one reaches beyond it.
    """

    levels: tuple[np.ndarray, ...]

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
        return self.levels[level][max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]

    def tile(self, key: TileKey) -> np.ndarray:
        """The pixels of a tile; fewer at the right and lower edge."""
        x, y = key.column * TILE, key.row * TILE
        return self.region(key.level, x, y, x + TILE, y + TILE)


def build_pyramid(pixels: np.ndarray) -> Pyramid:
    """All levels of (H, W, C) down to one that fits into a tile."""
    levels = [pixels]
    while max(levels[-1].shape[:2]) > TILE:
        levels.append(_halved(levels[-1]))
    return Pyramid(tuple(levels))


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
