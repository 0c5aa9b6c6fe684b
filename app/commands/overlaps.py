"""Which proposals of a network lie on what a person has made."""

from collections.abc import Sequence

import numpy as np
import shapely

from core.annotation.geometry import to_shapely
from core.annotation.region import Region

MOST = 0.5
"""Share of a proposal's area that protected regions may cover."""


def without_overlaps(
    proposals: Sequence[Region], protected: Sequence[Region]
) -> tuple[Region, ...]:
    """The proposals that are other objects than the protected ones.

    Dropped is one with more than half of its area in protected regions, and one that has its
    middle in a protected region or the middle of one in it.
    """
    if not proposals or not protected:
        return tuple(proposals)
    new, old = _polygons(proposals), _polygons(protected)
    i, j = shapely.STRtree(old).query(new)
    same = shapely.contains(old[j], shapely.point_on_surface(new[i]))
    same |= shapely.contains(new[i], shapely.point_on_surface(old[j]))
    shared = shapely.area(shapely.intersection(new[i], old[j]))
    covered = np.bincount(i, shared, len(new)) > MOST * shapely.area(new)
    dropped = covered | (np.bincount(i, same, len(new)) > 0)
    return tuple(r for r, drop in zip(proposals, dropped, strict=True) if not drop)


def _polygons(regions: Sequence[Region]) -> np.ndarray:
    """Valid geometries; one outline that is not must not end the run."""
    polygons = np.array([to_shapely(region.rings) for region in regions])
    invalid = ~shapely.is_valid(polygons)
    polygons[invalid] = shapely.make_valid(polygons[invalid])
    return polygons
