"""The edges of a region as arrays, for questions that concern all of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.annotation.region import Ring
from core.annotation.runs import Ints, Points, positions


class Edges(NamedTuple):
    """Edges of all rings: from start (n, 2) to end (n, 2).

    ring: (n,) number of the ring. vertex: (n,) number of the start in it. size: (n,) how many
    edges that ring has.
    """

    start: Points
    end: Points
    ring: Ints
    vertex: Ints
    size: Ints

    def take(self, numbers: Ints) -> "Edges":
        """Those edges only, in that order."""
        start, end, ring, vertex, size = self
        return Edges(start[numbers], end[numbers], ring[numbers], vertex[numbers], size[numbers])


def edges_of(rings: Sequence[Ring]) -> Edges:
    """The edges of `rings`, in order; the last of each ring closes it."""
    sizes = np.array([len(points) for points in rings])
    end = np.concatenate([np.roll(points, -1, axis=0) for points in rings])
    number = np.repeat(np.arange(len(rings)), sizes)
    return Edges(np.concatenate(rings), end, number, positions(sizes), np.repeat(sizes, sizes))
