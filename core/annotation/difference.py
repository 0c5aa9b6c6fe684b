"""How far outlines are from what they were."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from core.annotation.geometry import to_shapely
from core.annotation.region import Region


@dataclass(frozen=True)
class Difference:
    """vertices: of all rings. deviation: the largest distance of a vertex of either outline from
    the other one, px. iou: area inside both over area inside either, 0..1."""

    vertices_before: int
    vertices: int
    deviation: float
    iou: float


def difference(before: Sequence[Region], after: Sequence[Region]) -> Difference:
    """Between regions and the same regions, in the same order, after an edit."""
    a, b = (np.array([to_shapely(r.rings) for r in side], object) for side in (before, after))
    apart = shapely.hausdorff_distance(shapely.boundary(a), shapely.boundary(b))
    common = shapely.area(shapely.intersection(a, b)).sum()
    either = shapely.area(a).sum() + shapely.area(b).sum() - common
    return Difference(
        _vertices(before),
        _vertices(after),
        float(apart.max(initial=0)),
        float(common / either) if either else 1.0,
    )


def _vertices(regions: Sequence[Region]) -> int:
    return sum(len(points) for region in regions for points in region.rings)
