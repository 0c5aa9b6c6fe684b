"""What a hand meant with a line that it drew.

A mouse tells whole screen pixels, so a drawn line is a staircase. Measured on circles and
rectangles: evened out over EVENED px it needs half as many vertices as simplified alone, does not
turn the wrong way, and is 0.6 px off at most, but for corners that are rounded by 1.3.
"""

import numpy as np
import shapely

from core.annotation.region import Ring, ring
from core.annotation.runs import Points
from core.annotation.simplify import simplify_ring

EVENED = 1.5  # screen px, standard deviation
TOLERANCE = 0.5  # screen px
REACH = 5  # steps of a screen px that are weighed in on either side
WEIGHTS = np.exp(-((np.arange(-REACH, REACH + 1) / EVENED) ** 2) / 2)
WEIGHTS /= WEIGHTS.sum()


def drawn_outline(line: Points, pixel: float, image_size: tuple[int, int]) -> Ring:
    """The outline of an object that was encircled, inside the image.

    line: (n, 2) of x, y. pixel: the size of a screen pixel. Both in image px.
    """
    even = _evened(np.vstack((line, line[:1])), pixel, closed=True)
    return ring(np.clip(simplify_ring(even, TOLERANCE * pixel), 0, image_size))


def drawn_path(line: Points, pixel: float) -> Points:
    """The path (m, 2) from the first to the last point of a line, at steps of a screen pixel."""
    even = _evened(line, pixel, closed=False)
    even[[0, -1]] = line[[0, -1]]
    return even


def simple_path(path: Points, pixel: float) -> Points:
    """The path with few vertices."""
    return np.array(shapely.simplify(shapely.LineString(path), TOLERANCE * pixel).coords)


def _evened(line: Points, pixel: float, closed: bool) -> Points:
    """At even steps, each point the weighted mean of those around it."""
    along = np.append(0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    steps = max(int(along[-1] / pixel), 8)
    places = np.linspace(0, along[-1], steps + (not closed), endpoint=not closed)
    points = np.column_stack([np.interp(places, along, axis) for axis in line.T])
    padded = np.pad(points, ((REACH, REACH), (0, 0)), "wrap" if closed else "edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, len(WEIGHTS), axis=0)
    return np.asarray(around @ WEIGHTS, np.float64)
