"""Convex hulls, and how wide they are: rotating calipers for all of them at once."""

from typing import NamedTuple

import numpy as np
import shapely

from core.annotation.runs import Floats, Ints
from core.measure.moments import screen_degrees
from core.measure.rings import Rings

_NEAR = 1e-9
"""Pixels: corners that are nearer to each other make an edge without a direction."""
_TURN = 8.0
"""More than a full turn: keeps the angles of one hull apart from those of the next."""


class Ferets(NamedTuple):
    """(n,) each: largest and smallest caliper width, degrees of the largest one."""

    largest: Floats
    smallest: Floats
    angle: Floats


def hulls(rings: Rings) -> Rings:
    """The convex hull of each ring, without points on straight edges or beside each other; a line
    has two points."""
    owner = np.repeat(np.arange(len(rings.lengths)), rings.lengths)
    found = shapely.convex_hull(shapely.linearrings(rings.points, indices=owner))
    points, owner = shapely.get_coordinates(found, return_index=True)
    lengths = np.bincount(owner, minlength=len(rings.lengths))
    closing = np.cumsum(lengths)[lengths > 3] - 1  # of a polygon the first point comes again
    near = (np.hypot(*np.diff(points, axis=0).T) < _NEAR) & (owner[1:] == owner[:-1])
    keep = np.append(True, ~near)
    keep[closing - 1] &= ~near[closing - 1]
    keep[closing] = False
    return Rings(points[keep], np.bincount(owner[keep], minlength=len(rings.lengths)))


def ferets(hulls: Rings) -> Ferets:
    """Exact: each edge with the corner opposite to it, which the turning calipers reach with it."""
    x, y = hulls.local
    end = hulls.following
    edge_x, edge_y = x[end] - x, y[end] - y
    width, reach, angle = (np.zeros(len(x)) for _ in range(3))
    for corner in _opposite(hulls):
        dx, dy = x[corner] - x, y[corner] - y
        np.maximum(width, np.abs(dx * edge_y - dy * edge_x), out=width)
        for line in ((dx, dy), (dx - edge_x, dy - edge_y)):
            _keep_longer(reach, angle, *line)
    with np.errstate(divide="ignore", invalid="ignore"):
        width /= np.hypot(edge_x, edge_y)
    largest = np.maximum.reduceat(reach, hulls.first)
    degrees = screen_degrees(angle[_first_with(reach, largest, hulls)])
    degrees[largest == 0] = np.nan
    return Ferets(np.sqrt(largest), np.fmin.reduceat(width, hulls.first), degrees)


def _keep_longer(reach: Floats, angle: Floats, dx: Floats, dy: Floats) -> None:
    """Squares of lengths, and directions, of the longest lines so far."""
    square = dx**2 + dy**2
    longer = np.flatnonzero(square > reach)
    reach[longer] = square[longer]
    angle[longer] = np.arctan2(dy[longer], dx[longer])


def _opposite(hulls: Rings) -> list[Ints]:
    """For each edge the corner that is farthest from its line, and those before and after it, one
    of which may be as far."""
    x, y = hulls.local
    turn = np.repeat(np.where(hulls.area < 0, -1.0, 1.0), hulls.lengths)
    angle = np.arctan2((y[hulls.following] - y) * turn, x[hulls.following] - x)
    ring = np.repeat(np.arange(len(hulls.lengths)), hulls.lengths)
    since_first = (angle - angle[hulls.first][ring]) % (2 * np.pi)
    since_first[hulls.first] = 0
    key = np.maximum.accumulate(ring * _TURN + since_first)
    half = (since_first + np.pi) % (2 * np.pi)
    at = np.searchsorted(key, ring * _TURN + half) - hulls.first[ring]
    first, length = hulls.first[ring], hulls.lengths[ring]
    return [first + (at + step) % length for step in (-1, 0, 1)]


def _first_with(values: Floats, wanted: Floats, rings: Rings) -> Ints:
    """Of each ring the index of the first point with the wanted value."""
    ring = np.repeat(np.arange(len(rings.lengths)), rings.lengths)
    found = np.flatnonzero(values == wanted[ring])
    return found[np.unique(ring[found], return_index=True)[1]]
