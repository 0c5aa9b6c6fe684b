"""Shapes: outlines for the tile renderer, as arrays that nobody writes any more. No Qt."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.annotation.runs import Flags, Floats, Ints, positions


@dataclass(frozen=True, eq=False)
class Shapes:
    """Some regions in drawing order.

    points: (P, 2) vertices of all rings there are. starts, sizes: first point and number of points
    of each of these rings. first, count: (n,) first ring and number of rings of each region, its
    rings and their points lying one behind the other. paint: (n,) key of the colour or MARKED.
    extent: (n,) width plus height of its bounds, longest: (n,) length of its longest edge, both in
    image px.
    """

    points: npt.NDArray[np.float32]
    starts: Ints
    sizes: Ints
    first: Ints
    count: Ints
    paint: Ints
    extent: Floats
    longest: Floats

    def __len__(self) -> int:
        return len(self.first)

    def take(self, which: Ints | Flags) -> "Shapes":
        """Some of the regions, in the same order."""
        return replace(
            self,
            first=self.first[which],
            count=self.count[which],
            paint=self.paint[which],
            extent=self.extent[which],
            longest=self.longest[which],
        )

    @property
    def rings(self) -> Ints:
        """Numbers of all rings of these regions."""
        return np.repeat(self.first, self.count) + positions(self.count)

    def vertices(self) -> tuple[npt.NDArray[np.float32], Ints]:
        """All vertices (k, 2), region after region, and how many each ring has."""
        rings = self.rings
        sizes = self.sizes[rings]
        return self.points[np.repeat(self.starts[rings], sizes) + positions(sizes)], sizes
