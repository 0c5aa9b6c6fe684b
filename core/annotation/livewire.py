"""Live wire: paths from a point that follow the edges of an image.

A pixel is cheap where the gradient is strong beside what is usual around it. One search finds the
cheapest paths from a seed to all pixels of a window; after that, a path is only read off. (Of two
libraries with such a search this one takes half the time, and a tenth to read a path off.)
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.annotation.runs import Points
from core.annotation.simplify import simplify_paths
from core.image.pixels import Pixels

SIDE = 320  # px of the window; the search takes about 30 ms
MARGIN = 16  # px of the window that are left beyond the seed
SMOOTHING = 1.0  # px
AROUND = 65  # px over which the usual gradient is taken
STRONG = 4.0  # times the usual gradient: such a pixel costs a quarter
TOLERANCE = 0.7  # px; half a pixel's diagonal, which takes out the staircase
TINY = 1e-6
# Of the search's three costs only this one: that of the direction pulls paths 0.6 px to one side.
WEIGHTS = {"weight_non_edge": 0, "weight_gradient_direction": 0, "weight_gradient_magnitude": 1}

Grey = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Paths:
    """The cheapest paths from a seed to every pixel of a window; elsewhere they are straight.

    seed: x, y. left, top, width, height: the window in the image.
    """

    seed: tuple[float, float]
    left: int
    top: int
    width: int
    height: int
    search: cv2.segmentation.IntelligentScissorsMB

    def reaches(self, x: float, y: float) -> bool:
        """Whether the point is in the window."""
        column, row = x - self.left, y - self.top
        return 0 <= column <= self.width and 0 <= row <= self.height

    def to(self, x: float, y: float) -> Points:
        """(n, 2) from the seed to the point, n >= 2, through pixel centres in between."""
        ends = np.array((self.seed, (x, y)))
        if not self.reaches(x, y):
            return ends
        pixels = self.search.getContour(self.pixel(x, y)).reshape(-1, 2)
        centres = pixels[1:-1] + np.array((self.left + 0.5, self.top + 0.5))
        path = np.concatenate((ends[:1], centres, ends[1:]))
        length, tolerance = np.array([len(path)]), np.array([TOLERANCE])
        return simplify_paths(path, length, np.zeros(1, bool), tolerance)[0]

    def pixel(self, x: float, y: float) -> tuple[int, int]:
        """Column and row in the window of the pixel at a point of it."""
        column = min(int(x - self.left), self.width - 1)
        return column, min(int(y - self.top), self.height - 1)


def is_near(seed: tuple[float, float], x: float, y: float) -> bool:
    """Whether one window holds both points."""
    return max(abs(x - seed[0]), abs(y - seed[1])) < SIDE - 2 * MARGIN


def paths_from(values: Pixels, seed: tuple[float, float], towards: tuple[float, float]) -> Paths:
    """The paths from `seed` in a window that reaches as far towards a point as it can.

    values: (H, W) or (H, W, C) of the image or of a probability, any dtype; `seed` lies in it.
    """
    height, width = values.shape[:2]
    left, columns = _stretch(seed[0], towards[0], width)
    top, rows = _stretch(seed[1], towards[1], height)
    search = cv2.segmentation.IntelligentScissorsMB()
    search.setWeights(**WEIGHTS)
    _apply(search, _grey(np.asarray(values[top : top + rows, left : left + columns])))
    paths = Paths(seed, left, top, columns, rows, search)
    search.buildMap(paths.pixel(*seed))
    return paths


def _stretch(seed: float, towards: float, size: int) -> tuple[int, int]:
    """First pixel and number of pixels of the window, along one axis of the image."""
    count = min(SIDE, size)
    ahead = SIDE / 2 - MARGIN
    centre = seed + min(max(towards - seed, -ahead), ahead)
    return min(max(round(centre - SIDE / 2), 0), size - count), count


def _grey(values: np.ndarray) -> Grey:
    """(H, W) float32 of 0..1: the mean of the channels, without what is not finite."""
    planes = values.reshape(*values.shape[:2], -1).mean(axis=2, dtype=np.float64)
    finite = np.where(np.isfinite(planes), planes, 0)
    low, high = finite.min(), finite.max()
    grey: Grey = ((finite - low) / max(high - low, TINY)).astype(np.float32)
    return grey


def _apply(search: cv2.segmentation.IntelligentScissorsMB, grey: Grey) -> None:
    """Tell the search what pixels and steps cost."""
    smooth = cv2.GaussianBlur(grey, (0, 0), SMOOTHING)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    gradient = cv2.magnitude(dx, dy)
    usual = STRONG * cv2.blur(gradient, (AROUND, AROUND)) + TINY
    cost = (usual / (usual + gradient)) ** 2
    unused = np.zeros(grey.shape, np.uint8)
    search.applyImageFeatures(unused, cv2.merge((grey, grey)), cost)
