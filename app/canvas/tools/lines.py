"""Lines as a sketch shows them, out of arrays."""

import numpy as np
import shapely

from app.canvas.tools.base import Point, Segment
from core.annotation.region import Ring
from core.annotation.runs import Floats, Points


def vertices(points: Points) -> tuple[Point, ...]:
    """The rows of (n, 2)."""
    return tuple((x, y) for x, y in points.tolist())


def closed(ring: Ring) -> tuple[Point, ...]:
    """The outline from its first vertex back to that."""
    return vertices(np.vstack((ring, ring[:1])))


def segments(ends: Floats) -> tuple[Segment, ...]:
    """The rows of (n, 4)."""
    return tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in ends.tolist())


def ends_of(line: Points) -> Floats:
    """(n - 1, 4) x0, y0, x1, y1 of the segments of an open polyline (n, 2)."""
    return np.hstack((line[:-1], line[1:]))


def as_lines(ends: Floats) -> np.ndarray:
    """The segments (n, 4) as n geometries."""
    made: np.ndarray = shapely.linestrings(ends.reshape(-1, 2, 2))
    return made


def crossings(line: tuple[Point, ...]) -> tuple[Segment, ...]:
    """The segments of an open polyline that cross another one."""
    ends = ends_of(np.array(line))
    lines = as_lines(ends)
    found = np.unique(shapely.STRtree(lines).query(lines, predicate="crosses"))
    return segments(ends[found])
