"""Which regions a loop drawn around them means."""

from collections.abc import Sequence

import numpy as np
import shapely

from core.annotation.region import Region
from core.annotation.runs import Points, firsts


def encircled(loop: Points, regions: Sequence[Region]) -> frozenset[int]:
    """Ids of the regions whose bounds have their centre inside the loop, even-odd.

    loop: (n, 2), closed by its last side. With fewer than three points nothing is inside.
    """
    if len(loop) < 3 or not regions:
        return frozenset()
    area = shapely.Polygon(loop)
    shapely.prepare(area)
    inside = shapely.contains_xy(area, _centres(regions))
    return frozenset(regions[i].id for i in np.flatnonzero(inside).tolist())


def _centres(regions: Sequence[Region]) -> Points:
    """(n, 2) centres of the bounds, of all at once: for 50,000 one by one would take a second."""
    shells = [region.shell for region in regions]
    starts = firsts(np.array([len(shell) for shell in shells]))
    points = np.concatenate(shells)
    lowest, highest = (f.reduceat(points, starts) for f in (np.minimum, np.maximum))
    centres: Points = (lowest + highest) / 2
    return centres
