"""Moving and removing vertices of a region, any number at once, and adding one.

Each function returns a new Region, the same object (id, uid) marked as edited. It may be invalid,
so that a drag can go through crossings; `geometry.repair` comes before it is stored. During a drag
start from the region before it: a ring's last vertex put exactly on its first one is dropped.
Vertices are numbered through all rings, shell first.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.annotation.region import Region, Ring, ring
from core.annotation.runs import Flags, Points
from core.errors import InvalidGeometry

FEWEST = 3  # vertices of a ring


def vertices_of(region: Region) -> Points:
    """(n, 2) of all rings."""
    return np.concatenate(region.rings)


def with_vertices_moved(region: Region, chosen: Flags, dx: float, dy: float) -> Region:
    """The region with the chosen vertices, (n,), dx, dy px further.

    Raises InvalidGeometry when dx or dy is not finite, or a ring would have fewer than three
    vertices left, because its last one came to lie on its first.
    """
    points = vertices_of(region)
    points[chosen] += dx, dy
    return _with_rings(region, [ring(part) for part in _split(points, region)])


def with_vertices_removed(region: Region, chosen: Flags) -> Region:
    """The region without the chosen vertices, (n,); a hole with fewer than three goes with them.

    Raises InvalidGeometry when the shell would have fewer than three.
    """
    kept = [points[~out] for points, out in zip(region.rings, _split(chosen, region), strict=True)]
    if len(kept[0]) < FEWEST:
        raise InvalidGeometry("An outline needs three points; delete the whole object instead.")
    return _with_rings(region, [ring(points) for points in kept if len(points) >= FEWEST])


def with_vertex_inserted(
    region: Region, ring_index: int, after_index: int, x: float, y: float
) -> Region:
    """A new vertex at x, y behind vertex `after_index` of ring `ring_index` (0 is the shell).

    Raises InvalidGeometry when x or y is not finite, IndexError for a vertex that does not exist.
    """
    rings = list(region.rings)
    points = rings[ring_index]
    place = range(len(points))[after_index] + 1
    rings[ring_index] = ring(np.insert(points, place, (x, y), axis=0))
    return _with_rings(region, rings)


def sparing_three(region: Region, chosen: Flags, more: Flags) -> Flags:
    """Both, but for the last of `more` where the shell would keep fewer than three vertices."""
    size = len(region.shell)
    fresh = np.flatnonzero(more[:size] & ~chosen[:size])
    room = max(size - FEWEST - np.count_nonzero(chosen[:size]), 0)
    together: Flags = chosen | more
    together[fresh[room:]] = False
    return together


def _split(values: np.ndarray, region: Region) -> list[np.ndarray]:
    """What belongs to each ring."""
    return np.split(values, np.cumsum([len(points) for points in region.rings])[:-1])


def _with_rings(region: Region, rings: Sequence[Ring]) -> Region:
    shell, *holes = rings
    return replace(region, shell=shell, holes=tuple(holes), edited=True)
