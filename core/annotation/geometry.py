"""Valid polygons: what is one, and how to make one of what is not.

A stored outline is always valid: rings do not cross or touch themselves, holes lie in the shell,
the inside is one piece. While a vertex is dragged a Region may be invalid; `repair` comes before
it is stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.annotation.region import Region, Ring, ring, ring_area
from core.errors import InvalidGeometry

# Square pixels; a smaller piece is what rounding leaves over, not something that a person drew.
SMALLEST_AREA = 1e-6
# px; beyond it products of coordinates lose the digits that decide what crosses what.
LARGEST_COORDINATE = 1e7


class Part(NamedTuple):
    """One connected polygon."""

    shell: Ring
    holes: tuple[Ring, ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Shell first, then the holes."""
        return (self.shell, *self.holes)

    @property
    def area(self) -> float:
        """Square pixels enclosed by the shell, less the holes."""
        return ring_area(self.shell) - sum(map(ring_area, self.holes))


def to_shapely(rings: Sequence[Ring]) -> shapely.Polygon:
    """The polygon with the first ring as shell and the others as holes, valid or not."""
    return shapely.Polygon(rings[0], rings[1:])


def from_shapely(geometry: BaseGeometry) -> list[Part]:
    """The polygons in a geometry of any kind, the largest first; points and lines are dropped."""
    parts = [Part(*_rings(piece)) for piece in _polygons(geometry)]
    return sorted((p for p in parts if p.area > SMALLEST_AREA), key=lambda p: -p.area)


def is_valid(region: Region) -> bool:
    """Whether the region is a simple polygon with an area, fit to be stored."""
    return _is_sane(region.rings) and _is_polygon(to_shapely(region.rings))


def repair_parts(rings: Sequence[Ring]) -> list[Part]:
    """The valid polygons that shell and holes, crossing or not, enclose; the largest first.

    Both lobes of a bow-tie are parts. Raises InvalidGeometry when nothing with an area is left.
    """
    if not _is_sane(rings):
        raise InvalidGeometry("The outline lies far outside any image; draw it again.")
    return _parts(_cleaned(to_shapely(rings)))


def repair(region: Region) -> Region:
    """The region itself when valid, else the largest part of what it encloses.

    Raises InvalidGeometry when nothing with an area is left.
    """
    if is_valid(region):
        return region
    return _with_part(region, repair_parts(region.rings)[0])


def clip_to_image(region: Region, width: float, height: float) -> Region:
    """The largest valid part of the region that lies in the image.

    Raises InvalidGeometry when no part does.
    """
    region = repair(region)
    x0, y0, x1, y1 = region.bounds
    if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
        return region
    inside = shapely.intersection(to_shapely(region.rings), shapely.box(0, 0, width, height))
    try:
        return _with_part(region, _parts(inside)[0])
    except InvalidGeometry as error:
        raise InvalidGeometry("The outline lies outside the image; draw it inside.") from error


def shifted(region: Region, dx: float, dy: float) -> Region:
    """The region in a frame that begins dx, dy px further left and up; it is not edited by that.

    Raises InvalidGeometry for a shift that is not finite.
    """
    return _shifted(region, dx, dy, region.edited)


def moved(region: Region, dx: float, dy: float) -> Region:
    """The region carried dx, dy px further by a person; raises like `shifted`."""
    return _shifted(region, dx, dy, edited=True)


def touches_border(region: Region, width: float, height: float) -> bool:
    """Whether the region reaches the centres of the image's outermost pixels, or beyond: then part
    of the object may lie outside the image."""
    x0, y0, x1, y1 = region.bounds
    return x0 < 0.5 or y0 < 0.5 or x1 > width - 0.5 or y1 > height - 0.5


def _shifted(region: Region, dx: float, dy: float, edited: bool) -> Region:
    way = np.array((dx, dy))
    shell, *holes = (ring(points + way) for points in region.rings)
    return replace(region, shell=shell, holes=tuple(holes), edited=edited)


def _with_part(region: Region, part: Part) -> Region:
    return replace(region, shell=part.shell, holes=part.holes, edited=True)


def _is_sane(rings: Sequence[Ring]) -> bool:
    return all(bool((np.abs(points) <= LARGEST_COORDINATE).all()) for points in rings)


def _is_polygon(geometry: BaseGeometry) -> bool:
    return bool(geometry.is_valid and geometry.area > SMALLEST_AREA)


def _polygons(geometry: BaseGeometry) -> Iterator[shapely.Polygon]:
    for piece in shapely.get_parts(geometry):
        if isinstance(piece, shapely.Polygon) and not piece.is_empty:
            yield piece
        elif isinstance(piece, shapely.MultiPolygon):
            yield from _polygons(piece)


def _rings(polygon: shapely.Polygon) -> tuple[Ring, tuple[Ring, ...]]:
    """Shell and holes; a hole that only rounding has left open is closed."""
    holes = (ring(shapely.get_coordinates(hole)) for hole in polygon.interiors)
    kept = tuple(hole for hole in holes if ring_area(hole) > SMALLEST_AREA)
    return ring(shapely.get_coordinates(polygon.exterior)), kept


def _cleaned(polygon: shapely.Polygon) -> BaseGeometry:
    """A valid geometry; `make_valid` alone may return parts that share an edge, hence the union."""
    made = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
    return shapely.union_all(list(_polygons(made)))


def _parts(geometry: BaseGeometry) -> list[Part]:
    """The parts of a geometry, those that are valid; raises InvalidGeometry when there are none."""
    parts = [part for part in from_shapely(geometry) if _is_polygon(to_shapely(part.rings))]
    if not parts:
        raise InvalidGeometry("The outline encloses no area; draw it again.")
    return parts
