"""Cutting holes into a region, and filling them."""

from dataclasses import replace

import shapely

from core.annotation.geometry import from_shapely, repair_parts, to_shapely
from core.annotation.nearest import contains
from core.annotation.region import Region, Ring, ring_area
from core.errors import InvalidGeometry


def with_hole(region: Region, ring: Ring) -> Region:
    """The region less what the ring encloses, as one more hole or merged with those it meets.

    ring: may cross itself; then the largest of its loops counts. Raises InvalidGeometry when the
    hole would touch or cross the shell, or has no area.
    """
    hole = shapely.Polygon(repair_parts((ring,))[0].shell)
    if not to_shapely((region.shell,)).contains_properly(hole):
        raise InvalidGeometry("The hole crosses the outline; draw it within the object.")
    others = [to_shapely((points,)) for points in region.holes]
    joined = shapely.union_all([hole, *(other for other in others if other.intersects(hole))])
    # What is left of the region within a joined hole hangs on nothing, so only its shell counts.
    shells = [part.shell for part in from_shapely(joined)]
    gone = shapely.union_all([to_shapely((shell,)) for shell in shells])
    inner = [gone.contains(other.representative_point()) for other in others]
    apart = (points for points, is_gone in zip(region.holes, inner, strict=True) if not is_gone)
    return replace(region, holes=(*apart, *shells), edited=True)


def without_hole(region: Region, ring_index: int) -> Region:
    """The region with one of its holes filled.

    ring_index: as in `Region.rings`, 1 or more. Raises IndexError for one that is not a hole.
    """
    if not 1 <= ring_index <= len(region.holes):
        raise IndexError(ring_index)
    kept = (points for i, points in enumerate(region.holes, 1) if i != ring_index)
    return replace(region, holes=tuple(kept), edited=True)


def filled(region: Region, largest: float | None = None) -> Region:
    """The region without its holes of up to `largest` square px, None for all of them; itself when
    it has none of these."""
    kept = tuple(r for r in region.holes if largest is not None and ring_area(r) > largest)
    return region if len(kept) == len(region.holes) else replace(region, holes=kept, edited=True)


def hole_at(region: Region, x: float, y: float) -> int:
    """The ring_index of the hole that contains the point, 0 for none."""
    found = (i for i, points in enumerate(region.holes, 1) if contains(Region(0, points), x, y))
    return next(found, 0)
