"""Which geometries lie near each other, found without holding up other threads."""

import numpy as np
import numpy.typing as npt
import shapely

from core.annotation.runs import Ints

AT_ONCE = 128  # geometries; a query keeps the interpreter to itself until it is done


def pairs_within(
    geometries: npt.NDArray[np.object_], tree: shapely.STRtree, distance: float
) -> tuple[Ints, Ints]:
    """Numbers of geometries and of those in the tree that are at most `distance` px apart, sorted
    by the first."""
    starts = range(0, len(geometries), AT_ONCE)
    found = [_pairs(geometries[start : start + AT_ONCE], tree, distance) for start in starts]
    one = [pair[0] + start for start, pair in zip(starts, found, strict=True)]
    none: Ints = np.zeros(0, np.int64)
    return np.concatenate([none, *one]), np.concatenate([none, *(pair[1] for pair in found)])


def _pairs(some: npt.NDArray[np.object_], tree: shapely.STRtree, distance: float) -> Ints:
    """(2, n); touching is asked for without a distance, which is three times as fast."""
    if distance:
        found: Ints = tree.query(some, predicate="dwithin", distance=distance)
        return found
    touching: Ints = tree.query(some, predicate="intersects")
    return touching
