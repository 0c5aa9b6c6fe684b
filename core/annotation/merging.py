"""Merging regions that touch into one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.annotation.geometry import from_shapely, to_shapely
from core.annotation.pairs import pairs_within
from core.annotation.region import Region, Ring, ring
from core.annotation.runs import Ints
from core.errors import InvalidGeometry
from core.progress import Ticket

GAP = 1.0  # px; closer regions touch, as do those with a line of one pixel between them
NECK = 2.0  # px around the place where regions meet in a point
ROUNDING = 1e-6  # px
GRID = 2.0**-30  # px; what is nearer is the same place. A power of two leaves pixel corners alone.
STEPS = 4  # that are reported

APART = "The objects lie apart; only objects that touch can be merged."


def merged(regions: Sequence[Region], ticket: Ticket | None = None) -> Region:
    """One region that covers all the given ones; the largest of them stays the same object.

    Gaps of up to one px between them are closed; holes are kept. Raises InvalidGeometry for fewer
    than two regions and for such as lie apart.
    """
    if len(regions) < 2:
        raise InvalidGeometry("Select two or more objects that touch to merge them.")
    ticket = ticket or Ticket()
    ticket.step(0, STEPS, "merging")
    polygons = np.array([to_shapely(region.rings) for region in regions])
    tree = shapely.STRtree(polygons)
    first, _ = pairs_within(polygons, tree, GAP + ROUNDING)
    if np.bincount(first).min() < 2:  # quickly, for someone may have selected all
        raise InvalidGeometry(APART)
    ticket.step(1, STEPS, "merging")
    closed = _closed(tree)
    ticket.step(2, STEPS, "merging")
    parts = from_shapely(_bridged(closed))
    if len(parts) > 1:
        raise InvalidGeometry(APART)
    ticket.step(3, STEPS, "merging")
    shell, *holes = (_straightened(points, tree) for points in parts[0].rings)
    largest = max(regions, key=lambda region: region.area)
    return replace(largest, shell=shell, holes=tuple(holes), edited=True)


def _closed(tree: shapely.STRtree) -> BaseGeometry:
    """The union, with the gaps between the polygons filled but not those within one of them."""
    union = shapely.union_all(tree.geometries, grid_size=GRID)
    radius = GAP / 2 + ROUNDING
    wide = shapely.buffer(union, radius, join_style="mitre")
    back = shapely.buffer(wide, -radius, join_style="mitre")
    narrows = shapely.get_parts(shapely.difference(back, union, grid_size=GRID))
    part, _ = pairs_within(narrows, tree, ROUNDING)
    between = narrows[np.bincount(part, minlength=len(narrows)) > 1]
    return shapely.union_all([union, *between], grid_size=GRID)


def _bridged(union: BaseGeometry) -> BaseGeometry:
    """The union, its parts joined where they touch in a point or nearly so."""
    parts = shapely.get_parts(union)
    near = pairs_within(parts, shapely.STRtree(parts), GAP + ROUNDING)
    necks = [_neck(parts[i], parts[j]) for i, j in zip(*near, strict=True) if i < j]
    return shapely.union_all([union, *necks], grid_size=GRID) if necks else union


def _neck(a: shapely.Polygon, b: shapely.Polygon) -> BaseGeometry:
    """The hull of what lies around the place where two polygons are nearest."""
    middle = shapely.shortest_line(a, b).interpolate(0.5, normalized=True)
    ends = shapely.intersection([a, b], shapely.buffer(middle, NECK))
    return shapely.convex_hull(shapely.GeometryCollection(list(ends)))


def _straightened(points: Ring, tree: shapely.STRtree) -> Ring:
    """The ring without the ends of seams, vertices on a straight stretch where polygons met."""
    vertex, _ = pairs_within(shapely.points(points), tree, GAP + ROUNDING)
    met = np.bincount(vertex, minlength=len(points)) > 1
    kept = ~met
    kept[_corners(points)] = True
    return ring(points[kept]) if kept.sum() > 2 else points


def _corners(points: Ring) -> Ints:
    """Numbers of the vertices without which the ring would run elsewhere."""
    farthest = int(np.hypot(*(points - points.mean(axis=0)).T).argmax())  # certainly a corner
    order = np.roll(np.arange(len(points)), -farthest)
    order = np.append(order, farthest)
    line = shapely.LineString(np.column_stack((points[order], order)))
    left = shapely.simplify(line, ROUNDING, preserve_topology=False)
    numbers: Ints = shapely.get_coordinates(left, include_z=True)[:, 2].astype(np.int64)
    return numbers
