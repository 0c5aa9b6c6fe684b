"""How much detail outlines have: regions simplified, alone and with their neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import numpy.typing as npt
import shapely

from core.annotation.geometry import SMALLEST_AREA, to_shapely
from core.annotation.pairs import pairs_within
from core.annotation.region import Region, ring
from core.annotation.runs import Flags, Ints, Points
from core.annotation.shared_arcs import arcs_of, simplify_rings
from core.progress import Ticket

FINEST = 1 / 32  # of the tolerance; what still crosses itself then stays as it was

Polygons = npt.NDArray[np.object_]


def simplified(
    regions: Sequence[Region],
    tolerance: float,
    neighbours: Sequence[Region] = (),
    ticket: Ticket | None = None,
) -> list[Region]:
    """The regions without the vertices that are nearer than `tolerance` px to what remains.

    Each keeps its area, and what two of them share stays shared: no gap and no overlap appears.
    neighbours: regions that stay as they are; what they share with `regions` stays, too. Less is
    taken away where an outline would come to cross itself or another one.
    """
    if tolerance <= 0 or not regions:
        return list(regions)
    every = (*regions, *neighbours)
    rings = [points for region in every for points in region.rings]
    sizes = [len(region.rings) for region in every]
    arcs, before = arcs_of(rings), np.array([to_shapely(region.rings) for region in every])
    limits = np.repeat(np.repeat((tolerance, 0.0), (len(regions), len(neighbours))), sizes)
    spoilt = limits > 0
    while spoilt.any():
        if ticket:
            ticket.check()
        left = simplify_rings(rings, arcs, limits)
        spoilt = _spoilt(before, left, sizes) & (limits > 0)
        finer = np.where(limits > FINEST * tolerance, limits / 2, 0)
        limits = np.where(spoilt, finer, limits)
    return [_with_rings(*pair) for pair in zip(regions, _grouped(left, sizes), strict=False)]


def _spoilt(before: Polygons, left: list[Points], sizes: list[int]) -> Flags:
    """Whether each ring is none any more, or of a region that is not valid, or comes to
    overlap another one."""
    few = np.array([len(points) < 3 for points in left])
    if few.any():
        return few
    made = np.array([to_shapely(own) for own in _grouped(left, sizes)])
    bad = ~shapely.is_valid(made)
    good = np.flatnonzero(~bad)
    bad[good[_overlapping(made[good], before[good])]] = True
    return np.repeat(bad, sizes)


def _overlapping(made: Polygons, before: Polygons) -> Ints:
    """Numbers of the polygons that have come to overlap another one."""
    one, two = pairs_within(made, shapely.STRtree(made), 0)
    one, two = one[one < two], two[one < two]
    now, then = (shapely.area(shapely.intersection(p[one], p[two])) for p in (made, before))
    new = (now > SMALLEST_AREA) & (then <= SMALLEST_AREA)
    return np.union1d(one[new], two[new])


def _grouped(rings: list[Points], sizes: list[int]) -> Iterator[list[Points]]:
    """The rings of each region, given how many it has."""
    rest = iter(rings)
    return (list(islice(rest, size)) for size in sizes)


def _with_rings(region: Region, rings: Sequence[Points]) -> Region:
    shell, *holes = map(ring, rings)
    return replace(region, shell=shell, holes=tuple(holes), edited=True)
