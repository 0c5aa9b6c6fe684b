"""Outlines of the mask of one object, along the pixel edges."""

import numpy as np

from core.annotation.raster import Mask, region_mask, regions_from_labels
from core.annotation.region import Region, Ring, ring, ring_area
from core.errors import InvalidGeometry

MOST_EDGES = 4_000_000
"""Pixel edges around one object; more than these are noise and would take gigabytes."""


def outlines(mask: Mask, y0: int, x0: int) -> list[list[Ring]]:
    """Shell and holes of each connected part, the largest first, of a mask at row y0, column x0.

    Raises InvalidGeometry when the mask is empty, or so torn that it is noise.
    """
    edges = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    if edges > MOST_EDGES:
        raise InvalidGeometry(f"its mask has {edges:,} edges, as noise has")
    found = regions_from_labels(mask)
    if not found:
        raise InvalidGeometry("it covers no pixel")
    corner = np.array((x0, y0), np.float64)
    parts = [[ring(points + corner) for points in (o.shell, *o.holes)] for o in found]
    return sorted(parts, key=lambda rings: -_area(rings))


def covers(region: Region, mask: Mask, y0: int, x0: int, height: int, width: int) -> bool:
    """Whether `region` has just the pixels of a tight `mask` in an image (height, width)."""
    own, begin = region_mask(region, height, width)
    return begin == (y0, x0) and np.array_equal(own, mask)


def _area(rings: list[Ring]) -> float:
    return ring_area(rings[0]) - sum(map(ring_area, rings[1:]))
