"""Magic wand: the pixels around a point that are like the one there and connected with it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.annotation.contour import smooth_outline
from core.annotation.region import Ring, ring
from core.image.pixels import Pixels

SIDE = 512  # px of the window around the point; a larger one would not follow the pointer
MIN_HOLE = 8.0  # square px; smaller ones are filled
SPECK = 3  # px of the square whose majority counts
FILL = 4 | cv2.FLOODFILL_MASK_ONLY | 1 << 8  # over sides, not corners; 1 into the mask

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Grown:
    """What the wand took. cut: whether it would go on beyond the window."""

    shell: Ring
    holes: tuple[Ring, ...]
    cut: bool


@dataclass(frozen=True, eq=False)
class Likeness:
    """How unlike a point the pixels around it are.

    difference: (h, w) float32 >= 0 of a window whose first pixel is left, top in an image of
    width x height. point: column and row of the point in the window.
    """

    difference: npt.NDArray[np.float32]
    left: int
    top: int
    point: tuple[int, int]
    width: int
    height: int

    def grown(self, tolerance: float) -> Grown:
        """The pixels that differ by `tolerance` at most and are connected with the point; the
        border runs where the difference, between two pixels, passes the tolerance.

        Specks and threads of a pixel, such as noise makes, are left out, unless the point is one.
        """
        taken = self._connected((self.difference <= tolerance).astype(np.uint8))
        calm = np.asarray(cv2.medianBlur(taken, SPECK), np.uint8)
        column, row = self.point
        if calm[row, column]:
            taken = self._connected(calm)
        x, y, width, height = cv2.boundingRect(taken)
        x0, y0 = max(x - 1, 0), max(y - 1, 0)  # a margin where there is one
        crop = slice(y0, y + height + 1), slice(x0, x + width + 1)
        negative, inside = -self.difference[crop], taken[crop].astype(bool)
        found = smooth_outline(negative, inside, -tolerance, min_hole_area=MIN_HOLE)
        assert found is not None  # the point is like itself
        place = np.array((self.left + x0, self.top + y0))
        shell, *holes = (ring(points + place) for points in (found[0], *found[1]))
        return Grown(shell, tuple(holes), self._is_cut(x, y, x + width, y + height))

    def _connected(self, like: Bytes) -> Bytes:
        """Those of the pixels with 1 that are connected with the point."""
        filled = np.zeros(np.add(like.shape, 2), np.uint8)
        cv2.floodFill(like, filled, self.point, 0, flags=FILL)
        return np.ascontiguousarray(filled[1:-1, 1:-1])

    def _is_cut(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        """Whether these pixels reach an edge of the window that is none of the image."""
        rows, columns = self.difference.shape
        before = (x0 == 0 < self.left) or (y0 == 0 < self.top)
        right, bottom = self.left + columns, self.top + rows
        behind = (x1 == columns and right < self.width) or (y1 == rows and bottom < self.height)
        return before or behind


def likeness(values: Pixels, x: float, y: float, span: float) -> Likeness:
    """How unlike the pixel at x, y, a point of the image, those around it are, in parts of `span`.

    values: (H, W), or (H, W, C) of which the channel that differs most counts; any dtype.
    """
    height, width = values.shape[:2]
    column, row = min(int(x), width - 1), min(int(y), height - 1)
    left, top = _start(column, width), _start(row, height)
    window = np.array(values[top : top + SIDE, left : left + SIDE], np.float32)  # of its own
    planes: np.ndarray = window.reshape(*window.shape[:2], -1)
    np.nan_to_num(planes, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    point = column - left, row - top
    difference = np.abs(planes - planes[point[1], point[0]]).max(axis=2) / np.float32(span)
    return Likeness(difference, left, top, point, width, height)


def _start(pixel: int, size: int) -> int:
    """First pixel of the window around a pixel, along one axis of the image."""
    return min(max(pixel - SIDE // 2, 0), max(size - SIDE, 0))
