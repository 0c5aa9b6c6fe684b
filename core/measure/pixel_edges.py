"""Outlines that run along pixel edges, as of an imported label image, are not as long as they look.

The stairs of a disc are 4/π times as long as its circle. Here the corners of the pixels are
averaged along the outline, twice over five of them, and the result is scaled to the area of the
pixels: discs of a radius of 5 px and more get a circularity of 0.99 to 1.00. A corner between two
straight runs of three pixels or more is taken to be one of the object and stays, so a square keeps
its perimeter. Outlines that do not follow pixel edges are not touched.
"""

import numpy as np

from core.annotation.runs import Flags, Ints, firsts, positions
from core.measure.rings import Rings

STRAIGHT = 3
"""Pixels of a run on both sides of a corner that is one of the object."""
SMALL = 9
"""A ring of fewer pixel edges is averaged over three corners, not five."""


def smoothed(rings: Rings) -> Rings:
    """The rings without stairs, each with the area that it had; themselves where there are none."""
    straight = _along_pixels(rings)
    stairs = straight & straight[_before(rings)]
    steep = np.logical_or.reduceat(stairs, rings.first)
    if not steep.any():
        return rings
    chosen = np.repeat(steep, rings.lengths)
    part = Rings(rings.points[chosen], rings.lengths[steep])
    smooth = _same_area(_averaged(*_by_pixel(part, straight[chosen])), part)
    return _put(rings, steep, smooth)


def _before(rings: Rings) -> Ints:
    """(N,) index of the point before."""
    before = np.arange(-1, len(rings.points) - 1)
    before[rings.first] += rings.lengths
    return before


def _along_pixels(rings: Rings) -> Flags:
    """(N,) whether the edge from each point runs along pixel edges, between corners of pixels."""
    whole = (rings.points == np.rint(rings.points)).all(axis=1)
    level = (rings.points == rings.points[rings.following]).sum(axis=1) == 1
    along: Flags = whole & whole[rings.following] & level
    return along


def _by_pixel(rings: Rings, straight: Flags) -> tuple[Rings, Flags]:
    """The rings with a point at each corner of a pixel, and which points must stay."""
    step = rings.points[rings.following] - rings.points
    run = np.where(straight, np.abs(step).sum(axis=1), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(run)), run)
    along = positions(run) / run[edge]
    points = rings.points[edge] + along[:, None] * step[edge]
    stays = np.zeros(len(points), np.bool_)
    stays[firsts(run)] = _corners(rings, straight, run)
    return Rings(points, np.add.reduceat(run, rings.first)), stays


def _corners(rings: Rings, straight: Flags, run: Ints) -> Flags:
    """(N,) which points are corners of the object: between long runs, at an edge that does not
    follow the pixels, or of a rectangle."""
    before = _before(rings)
    long = (run >= STRAIGHT) & (run[before] >= STRAIGHT)
    rectangle = np.repeat(rings.lengths == 4, rings.lengths)
    corners: Flags = long | rectangle | ~straight | ~straight[before]
    return corners


def _averaged(rings: Rings, stays: Flags) -> Rings:
    """Twice the mean with the neighbours on both sides, as far as the next corner that stays."""
    after, before = rings.following, _before(rings)
    near = stays | stays[after] | stays[before]
    small = np.repeat(rings.lengths < SMALL, rings.lengths)
    points = rings.points
    for _ in range(2):
        three = points + points[after] + points[before]
        five = three + points[after[after]] + points[before[before]]
        mean = np.where((near | small)[:, None], three / 3, five / 5)
        points = np.where(stays[:, None], rings.points, mean)
    return Rings(points, rings.lengths)


def _same_area(smooth: Rings, rings: Rings) -> Rings:
    """Enlarged until the area is that of the pixels."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.sqrt(rings.area / smooth.area)
    factor[~np.isfinite(factor)] = 1.0  # an outline without an area
    first = smooth.points[smooth.first]
    origin, scale = (np.repeat(part, smooth.lengths, axis=0) for part in (first, factor))
    return Rings(origin + (smooth.points - origin) * scale[:, None], smooth.lengths)


def _put(rings: Rings, chosen: Flags, others: Rings) -> Rings:
    """The rings with the chosen ones replaced."""
    lengths = rings.lengths.copy()
    lengths[chosen] = others.lengths
    points = np.empty((lengths.sum(), 2))
    new = np.repeat(chosen, lengths)
    points[new] = others.points
    points[~new] = rings.points[np.repeat(~chosen, rings.lengths)]
    return Rings(points, lengths)
