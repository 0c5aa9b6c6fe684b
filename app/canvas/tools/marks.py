"""Marks: vertices of several regions that are chosen, to be moved or removed together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from app.canvas.tools.base import Point, Segment
from app.canvas.tools.carry import within
from app.canvas.tools.lines import vertices
from core.annotation.region import Region
from core.annotation.runs import Flags, Points
from core.annotation.vertices import (
    sparing_three,
    vertices_of,
    with_vertices_moved,
    with_vertices_removed,
)


@dataclass(frozen=True, eq=False)
class Chosen:
    """Vertices of a stored region. flags: (n,) of all its vertices, shell first."""

    region: Region
    flags: Flags

    @property
    def points(self) -> Points:
        return vertices_of(self.region)[self.flags]


class Marks:
    """A value: what changes it makes another one."""

    def __init__(self, chosen: Iterable[Chosen] = ()) -> None:
        self._of = {c.region.id: c for c in chosen if c.flags.any()}

    def __len__(self) -> int:
        """How many vertices there are."""
        return sum(int(np.count_nonzero(c.flags)) for c in self._of.values())

    @property
    def regions(self) -> tuple[Region, ...]:
        """Those that have marks, as they are stored."""
        return tuple(c.region for c in self._of.values())

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for c in self._of.values() for point in vertices(c.points))

    def has(self, region: Region, number: int) -> bool:
        chosen = self._of.get(region.id)
        return chosen is not None and chosen.region is region and bool(chosen.flags[number])

    def joined(self, others: "Marks") -> "Marks":
        return self._with(others, lambda region, a, b: a | b)

    def toggled(self, others: "Marks") -> "Marks":
        """Those in one of both only."""
        return self._with(others, lambda region, a, b: a ^ b)

    def swept(self, others: "Marks") -> "Marks":
        """Both, sparing three vertices of each shell."""
        return self._with(others, sparing_three)

    def still(self, regions: Mapping[int, Region], ids: frozenset[int]) -> "Marks":
        """Those of regions that are stored as they were, and among the ids."""
        return Marks(c for i, c in self._of.items() if i in ids and regions.get(i) is c.region)

    def on(self, regions: Mapping[int, Region]) -> "Marks":
        """The same vertices of the regions that are stored now, where they have as many."""
        pairs = ((regions.get(i), c.flags) for i, c in self._of.items())
        return Marks(Chosen(r, f) for r, f in pairs if r and len(vertices_of(r)) == len(f))

    def way(self, dx: float, dy: float, image_size: tuple[int, int]) -> tuple[float, float]:
        """As much of a way as leaves them in the image."""
        (x0, y0), (x1, y1) = (f(np.array(self.points), axis=0) for f in (np.min, np.max))
        width, height = image_size
        return within(dx, -x0, width - x1), within(dy, -y0, height - y1)

    def moved(self, dx: float, dy: float) -> tuple[Region, ...]:
        """The regions with them dx, dy px further; raises like `with_vertices_moved`."""
        return tuple(with_vertices_moved(c.region, c.flags, dx, dy) for c in self._of.values())

    def removed(self) -> tuple[Region, ...]:
        """The regions without them; raises like `with_vertices_removed`."""
        return tuple(with_vertices_removed(c.region, c.flags) for c in self._of.values())

    def _with(self, others: "Marks", combined: Callable[[Region, Flags, Flags], Flags]) -> "Marks":
        of = {**others._of, **self._of}
        none = {i: np.zeros(len(c.flags), bool) for i, c in of.items()}
        a, b = ({i: m._of[i].flags if i in m._of else none[i] for i in of} for m in (self, others))
        return Marks(Chosen(c.region, combined(c.region, a[i], b[i])) for i, c in of.items())


def one(region: Region, number: int) -> Marks:
    """A single vertex."""
    flags = np.zeros(sum(map(len, region.rings)), bool)
    flags[number] = True
    return Marks((Chosen(region, flags),))


def inside(regions: Iterable[Region], rectangle: Segment) -> Marks:
    """The vertices in a rectangle."""
    x0, y0, x1, y1 = rectangle
    chosen = []
    for region in regions:
        x, y = vertices_of(region).T
        chosen.append(Chosen(region, (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)))
    return Marks(chosen)


def passed(regions: Iterable[Region], way: tuple[Point, Point], reach: float) -> Marks:
    """The vertices within reach, in px, of the straight way from one point to another."""
    line = shapely.LineString(way)
    return Marks(
        Chosen(region, shapely.dwithin(shapely.points(vertices_of(region)), line, reach))
        for region in regions
    )
