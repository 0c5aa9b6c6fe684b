"""Moving, adding and removing single vertices.

Each function returns a new Region, the same object (id, uid) marked as edited. It may be invalid,
so that a drag can go through crossings; `geometry.repair` comes before it is stored. During a drag
start from the region before it: a ring's last vertex put exactly on its first one is dropped.
"""

from dataclasses import replace

import numpy as np

from core.annotation.region import Region, Ring, ring
from core.errors import InvalidGeometry


def with_vertex_moved(
    region: Region, ring_index: int, vertex_index: int, x: float, y: float
) -> Region:
    """Vertex `vertex_index` of ring `ring_index` (0 is the shell) put at x, y.

    Raises InvalidGeometry when x or y is not finite, IndexError for a vertex that does not exist.
    """
    points = region.rings[ring_index].copy()
    points[vertex_index] = x, y
    return _with_ring(region, ring_index, ring(points))


def with_vertex_inserted(
    region: Region, ring_index: int, after_index: int, x: float, y: float
) -> Region:
    """A new vertex at x, y behind vertex `after_index` of ring `ring_index`.

    Raises InvalidGeometry when x or y is not finite, IndexError for a vertex that does not exist.
    """
    points = region.rings[ring_index]
    place = range(len(points))[after_index] + 1
    return _with_ring(region, ring_index, ring(np.insert(points, place, (x, y), axis=0)))


def with_vertex_removed(region: Region, ring_index: int, vertex_index: int) -> Region:
    """The region without that vertex; a hole of three vertices goes with it.

    Raises InvalidGeometry when the shell has only three, IndexError for a vertex that does not
    exist.
    """
    points = region.rings[ring_index]
    place = range(len(points))[vertex_index]
    if len(points) > 3:
        return _with_ring(region, ring_index, ring(np.delete(points, place, axis=0)))
    if ring_index % len(region.rings) == 0:
        raise InvalidGeometry("An outline needs three points; delete the whole object instead.")
    return _with_ring(region, ring_index, None)


def _with_ring(region: Region, ring_index: int, points: Ring | None) -> Region:
    """The region with one ring replaced, or dropped when there are no points."""
    rings: list[Ring | None] = list(region.rings)
    rings[ring_index] = points
    shell, *holes = (r for r in rings if r is not None)
    return replace(region, shell=shell, holes=tuple(holes), edited=True)
