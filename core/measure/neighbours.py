"""Which objects lie beside each other, and how far each one is from the nearest."""

from collections.abc import Sequence

import numpy as np
import shapely

from core.annotation.region import Region
from core.annotation.runs import Floats, Ints, Points, firsts, positions
from core.measure.rings import Rings, shells_of
from core.measure.shapes import Columns

TOUCH = 1.5
"""px; segmented neighbours have up to a pixel of background between them."""
NEARBY = 2.0
"""Median equivalent diameters, from centre to centre."""


def neighbours(regions: Sequence[Region], shape: Columns) -> Columns:
    """The columns of NEIGHBOURS in pixels; shape: of the same regions, in pixels."""
    count = len(regions)
    if count < 2:
        return {
            "nearest_distance": np.full(count, np.nan),
            "touching": np.zeros(count),
            "nearby": np.zeros(count),
        }
    centres = np.column_stack((shape["centroid_x"], shape["centroid_y"]))
    low = np.column_stack((shape["left"], shape["top"]))
    high = low + np.column_stack((shape["width"], shape["height"]))
    shells = shells_of(regions)
    bounds = np.maximum(_bounds(shells, centres), TOUCH)
    one, two = _candidates(np.hstack((low, high)), bounds)
    near = _circles_apart(shells, centres, one, two) <= np.maximum(bounds[one], bounds[two])
    one, two = one[near], two[near]
    gap = _gaps(regions, shells, one, two)
    nearest = np.full(count, np.inf)
    for end in (one, two):
        np.minimum.at(nearest, end, gap)
    touching = np.bincount(np.concatenate((one, two))[np.tile(gap <= TOUCH, 2)], minlength=count)
    reach = NEARBY * float(np.median(shape["equivalent_diameter"]))
    return {
        "nearest_distance": nearest,
        "touching": touching.astype(np.float64),
        "nearby": _within(centres, reach).astype(np.float64),
    }


def _bounds(shells: Rings, centres: Points) -> Floats:
    """(n,) a distance within which each object has another one: to the vertex of the one with the
    nearest centre that faces it."""
    points = shapely.points(centres)
    own, other = shapely.STRtree(points).query_nearest(points, exclusive=True, all_matches=False)
    nearest = np.empty(len(points), np.int64)
    nearest[own] = other
    theirs, lengths = _vertices(shells, nearest)
    distance = _lengths(shells.points[theirs] - np.repeat(centres, lengths, axis=0))
    begin = firsts(lengths)
    is_facing = distance == np.repeat(np.minimum.reduceat(distance, begin), lengths)
    owner = np.repeat(np.arange(len(points)), lengths)[is_facing]
    facing = theirs[is_facing][np.unique(owner, return_index=True)[1]]
    to_own = shells.points - np.repeat(shells.points[facing], shells.lengths, axis=0)
    return np.asarray(np.minimum.reduceat(_lengths(to_own), shells.first))


def _vertices(shells: Rings, which: Ints) -> tuple[Ints, Ints]:
    """Indices of all vertices of these shells, one after the other, and how many each has."""
    lengths = shells.lengths[which]
    return np.repeat(shells.first[which], lengths) + positions(lengths), lengths


def _lengths(lines: Points) -> Floats:
    return np.hypot(lines[:, 0], lines[:, 1])


def _candidates(boxes: Points, bounds: Floats) -> tuple[Ints, Ints]:
    """Pairs, each once, whose boxes are as near as the bound of one of them."""
    reach = bounds[:, None]
    wide = np.hstack((boxes[:, :2] - reach, boxes[:, 2:] + reach))
    found = shapely.STRtree(shapely.box(*boxes.T)).query(shapely.box(*wide.T))
    low, high = found.min(axis=0), found.max(axis=0)
    pairs = np.sort(low * len(boxes) + high)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # np.unique would hold up other threads
    one, two = np.divmod(pairs, len(boxes))
    apart = one != two
    return one[apart], two[apart]


def _circles_apart(shells: Rings, centres: Points, one: Ints, two: Ints) -> Floats:
    """Of each pair the distance of the circles around them: they themselves are no nearer."""
    to_centre = shells.points - np.repeat(centres, shells.lengths, axis=0)
    radius = np.maximum.reduceat(_lengths(to_centre), shells.first)
    return np.asarray(_lengths(centres[one] - centres[two]) - radius[one] - radius[two] - 1e-9)


def _gaps(regions: Sequence[Region], shells: Rings, one: Ints, two: Ints) -> Floats:
    """Distance of each pair; an object in a hole of another one does not meet it."""
    rings = shapely.linearrings(
        shells.points, indices=np.repeat(np.arange(len(regions)), shells.lengths)
    )
    polygons = shapely.polygons(rings)
    for number, region in enumerate(regions):
        if region.holes:
            polygons[number] = shapely.Polygon(region.shell, region.holes)
    return np.asarray(shapely.distance(polygons[one], polygons[two]))


def _within(centres: Points, reach: float) -> Ints:
    """(n,) other centres at most `reach` away."""
    points = shapely.points(centres)
    found = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach)[0]
    return np.bincount(found, minlength=len(points)) - 1
