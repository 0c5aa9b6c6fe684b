"""Which objects lie over each other, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from core.annotation.geometry import SMALLEST_AREA, to_shapely
from core.annotation.pairs import pairs_within
from core.annotation.region import Region


@dataclass(frozen=True, eq=False)
class Overlap:
    """What two regions share. area: square pixels."""

    loser: Region
    winner: Region
    area: float


def overlaps(losers: Sequence[Region], winners: Sequence[Region]) -> list[Overlap]:
    """What a loser and a winner share, for all such pairs, the largest first; borders that touch
    share nothing."""
    if not losers or not winners:
        return []
    one, two = (np.array([to_shapely(r.rings) for r in side]) for side in (losers, winners))
    i, j = pairs_within(one, shapely.STRtree(two), 0)
    shared = shapely.area(shapely.intersection(one[i], two[j]))
    order = np.argsort(-shared, kind="stable")
    found = order[shared[order] > SMALLEST_AREA].tolist()
    return [Overlap(losers[i[k]], winners[j[k]], float(shared[k])) for k in found]
