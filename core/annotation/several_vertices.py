"""Moving and removing several vertices of a region at once.

Vertices are numbered through all rings, shell first. As with single ones (vertices.py) a new
Region may be invalid, so that a drag can go through crossings.
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

    Raises InvalidGeometry when a ring would have fewer than three vertices left, because its last
    one came to lie on its first.
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
