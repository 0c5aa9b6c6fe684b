"""The part of a long outline that a rectangle shows; Qt takes milliseconds for what it cuts off.
No Qt."""

import numpy as np

from app.canvas.viewport import Bounds
from core.annotation.runs import Flags, Points


def nearby_outline(points: Points, box: Bounds) -> Points:
    """Fewer corners (m, 2) of a closed outline (n, 2) that look the same inside the rectangle,
    filled and as a line: those go that lie on one side of it together with both neighbours."""
    x, y = points.T
    side = np.zeros(len(points), np.int8)
    for number, beyond in enumerate((x < box[0], x > box[2], y < box[1], y > box[3]), 1):
        side[beyond & (side == 0)] = number
    kept: Flags = (side == 0) | (side != np.roll(side, 1)) | (side != np.roll(side, -1))
    return points[kept]


def nearby_points(points: Points, box: Bounds) -> Points:
    """Those (m, 2) of some points (n, 2) that lie in the rectangle."""
    x, y = points.T
    inside: Flags = (x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])
    return points[inside]
