"""Reshaping: a stretch of a ring takes another way."""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from core.annotation.geometry import is_valid, to_shapely
from core.annotation.region import Region, Ring, ring, ring_area
from core.annotation.runs import Floats, Points
from core.errors import InvalidGeometry

SAME = 1e-6  # px; what is nearer lies on the ring, or at its vertex


@dataclass(frozen=True, eq=False)
class Arc:
    """A region, perhaps invalid, in which a path has taken the place of a stretch of a ring: of
    `replaced`, (n, 2) with the ends that both share."""

    region: Region
    replaced: Points


def arcs(region: Region, ring_index: int, path: Points) -> tuple[Arc, Arc]:
    """Both ways to let a path take the place of a stretch of a ring; the ring has two between the
    ends of the path.

    path: (n, 2) of x, y in px, n >= 2. When it meets the ring several times only what lies between
    the first and the last of these places counts; an end that does not meet it is led to the
    nearest point of the ring. The first result is a valid one if there is any, and changes less of
    the region. What the path does not replace stays as it is, but holes that end up outside or in
    a larger hole are gone. Raises InvalidGeometry when the path ends where it starts.
    """
    border = _Border(region.rings[ring_index])
    way = border.joined(_between_meetings(border.line, path))
    if _gaps(way[:1], way[-1]) < SAME:
        raise InvalidGeometry("The line ends where it starts; end it at another place.")
    found = []
    for line in (way, way[::-1]):
        kept, left = border.between(line[-1], line[0]), border.between(line[0], line[-1])
        replaced = np.concatenate((line[:1], left, line[-1:]))
        after = _with_ring(region, ring_index, ring(np.concatenate((line, kept))))
        # A path that crosses what it replaces crosses nothing else, so no area cancels another
        # where both results are valid.
        changed = ring_area(np.concatenate((line, replaced[::-1])))
        found.append((not is_valid(after), changed, Arc(after, replaced)))
    (*_, first), (*_, second) = sorted(found, key=lambda choice: choice[:2])
    return first, second


class _Border:
    """A ring and how far from its first vertex each one lies along it."""

    def __init__(self, points: Ring) -> None:
        self.line = shapely.LinearRing(points)
        self._points = points
        self._along = _along(points)

    def joined(self, way: Points) -> Points:
        """The way, begun and ended with the points of the ring that are nearest to its ends."""
        start, end = self._nearest(way[0]), self._nearest(way[-1])
        inner = (_gaps(way, start) > SAME) & (_gaps(way, end) > SAME)
        return np.concatenate(([start], way[inner], [end]))

    def between(self, start: Points, end: Points) -> Points:
        """The vertices that one passes from one point of the ring to another, in its direction."""
        length = self.line.length
        begin, finish = shapely.line_locate_point(self.line, shapely.points((start, end)))
        ahead = (self._along - begin) % length
        order = np.argsort(ahead)
        passed = (ahead > SAME) & (ahead < (finish - begin) % length - SAME)
        vertices: Points = self._points[order[passed[order]]]
        return vertices

    def _nearest(self, point: Points) -> Points:
        """The nearest point of the ring; that of a vertex is exact."""
        foot = _at(self.line, float(self.line.project(shapely.Point(point))))
        gaps = _gaps(self._points, foot)
        i = int(gaps.argmin())
        return self._points[i] if gaps[i] < SAME else foot


def _between_meetings(border: shapely.LinearRing, path: Points) -> Points:
    """The path from the first to the last place where it meets the border; where there is but one,
    the shorter end is cut off."""
    line = shapely.LineString(path)
    met = shapely.points(shapely.get_coordinates(line.intersection(border)))
    ends = shapely.dwithin(shapely.points(path[[0, -1]]), border, SAME)
    places = [*shapely.line_locate_point(line, met), *np.array((0, line.length))[ends]]
    first, last = min(places, default=0.0), max(places, default=line.length)
    if last - first < SAME:
        first, last = (first, line.length) if first < line.length / 2 else (0.0, last)
    along = _along(path)
    inner = path[(along > first) & (along < last)]
    return np.concatenate(([_at(line, first)], inner, [_at(line, last)]))


def _with_ring(region: Region, ring_index: int, points: Ring) -> Region:
    """The region with one ring replaced, without the holes that have no place any more."""
    outline = to_shapely((points,))
    goes = outline.covers if ring_index else outline.disjoint
    is_simple = outline.is_valid
    shell, *holes = (
        points if i == ring_index else other
        for i, other in enumerate(region.rings)
        if i in (0, ring_index) or not (is_simple and goes(to_shapely((other,))))
    )
    return replace(region, shell=shell, holes=tuple(holes), edited=True)


def _along(points: Points) -> Floats:
    """How far from the first point each one lies along the path."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate(([0.0], np.cumsum(steps)))


def _at(line: shapely.LineString, distance: float) -> Points:
    x, y = shapely.get_coordinates(shapely.line_interpolate_point(line, distance))[0]
    return np.array((x, y))


def _gaps(points: Points, point: Points) -> Floats:
    gaps: Floats = np.hypot(*(points - point).T)
    return gaps
