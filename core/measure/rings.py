"""All rings of some regions in flat arrays, for arithmetic on all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.annotation.region import Region
from core.annotation.runs import Floats, Ints, Points, firsts


@dataclass(frozen=True, eq=False)
class Rings:
    """points: (N, 2), ring after ring. lengths: (r,) points of each ring."""

    points: Points
    lengths: Ints

    @cached_property
    def first(self) -> Ints:
        """(r,) index of the first point of each ring."""
        return firsts(self.lengths)

    @cached_property
    def following(self) -> Ints:
        """(N,) index of the next point of the ring."""
        following = np.arange(1, len(self.points) + 1)
        following[self.first + self.lengths - 1] = self.first
        return following

    @cached_property
    def local(self) -> Points:
        """(2, N) x and y from the first point of the ring, where products keep their digits."""
        origin = np.repeat(self.points[self.first], self.lengths, axis=0)
        return np.ascontiguousarray((self.points - origin).T)

    @cached_property
    def cross(self) -> Floats:
        """(N,) twice the area that each edge sweeps, seen from the first point of the ring."""
        x, y = self.local
        cross: Floats = x * y[self.following] - x[self.following] * y
        return cross

    @cached_property
    def area(self) -> Floats:
        """(r,) positive for rings that run clockwise on the screen."""
        return self.sums(self.cross) / 2

    @cached_property
    def perimeter(self) -> Floats:
        """(r,) length of all edges."""
        x, y = self.local
        return self.sums(np.hypot(x[self.following] - x, y[self.following] - y))

    def sums(self, of_points: Floats) -> Floats:
        """(r,) sum over the points of each ring."""
        return np.add.reduceat(of_points, self.first) if len(self.lengths) else np.zeros(0)


def shells_of(regions: Sequence[Region]) -> Rings:
    """One ring for each region; there must be one."""
    shells = [region.shell for region in regions]
    return Rings(np.concatenate(shells), np.fromiter(map(len, shells), np.int64, len(shells)))


def holes_of(regions: Sequence[Region]) -> tuple[Rings, Ints]:
    """All holes, and the place of the region that each one is in."""
    holes = [hole for region in regions for hole in region.holes]
    points = np.concatenate(holes) if holes else np.empty((0, 2))
    owner = np.repeat(np.arange(len(regions)), [len(region.holes) for region in regions])
    return Rings(points, np.fromiter(map(len, holes), np.int64, len(holes))), owner
