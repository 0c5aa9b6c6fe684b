"""A region and those beside it: without overlap, and without a gap."""

from collections.abc import Iterable, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from core.annotation.geometry import from_shapely, to_shapely
from core.annotation.one_piece import LeftOut, in_one_piece, unnoticed
from core.annotation.region import Region

OVERLAY = 0.01  # px by which what is filled or cut reaches further, so that no crack is left
TOUCH = 1e-6  # px; what is nearer touches
QUARTER = 8  # edges of a quarter circle


def without_overlap(
    region: Region, winners: Sequence[Region], left_out: LeftOut = unnoticed
) -> Region:
    """The region without what lies in one of `winners`; itself when nothing does.

    Raises InvalidGeometry when nothing is left of it, or several pieces.
    """
    own = to_shapely(region.rings)
    taken = _all(to_shapely(winner.rings) for winner in winners)
    if not shapely.intersection(own, taken).area:
        return region
    parts = from_shapely(shapely.difference(own, taken))
    return in_one_piece(region, parts, "let it win instead, or cut it first", left_out)


def snapped_to(
    region: Region, neighbours: Sequence[Region], reach: float, left_out: LeftOut = unnoticed
) -> Region:
    """The region with its border moved onto a neighbour's border where that is within `reach` px:
    gaps up to that width are filled, overlaps up to that depth are given up.

    Itself when nothing is within reach. Raises InvalidGeometry when nothing is left of it, or
    several pieces.
    """
    own = to_shapely(region.rings)
    others = [to_shapely(other.rings) for other in neighbours]
    near = [other for other in others if shapely.dwithin(own, other, reach)]
    pairs = [_clipped(own, other, 2 * reach) for other in near]
    gained = shapely.difference(_all(_gap(*pair, reach) for pair in pairs), _all(near))
    lost = _all(_shallow_overlap(*pair, reach) for pair in pairs)
    if gained.is_empty and lost.is_empty:
        return region
    snapped = shapely.union(shapely.difference(own, lost), gained)
    return in_one_piece(region, from_shapely(snapped), "take a shorter reach", left_out)


def _clipped(
    own: BaseGeometry, other: BaseGeometry, margin: float
) -> tuple[BaseGeometry, BaseGeometry]:
    """Both, where they are near each other: the offsets of a long outline take long."""
    boxes = [shapely.box(*geometry.bounds).buffer(margin) for geometry in (own, other)]
    window = shapely.intersection(*boxes).envelope
    return shapely.intersection(own, window), shapely.intersection(other, window)


def _gap(own: BaseGeometry, other: BaseGeometry, reach: float) -> BaseGeometry:
    """What lies between both where they are at most `reach` apart, and a little of both."""
    both = shapely.union(own, other)
    closed = _offset(_offset(both, reach / 2), -reach / 2)
    return _offset(_touching(shapely.difference(closed, both), own, other), OVERLAY)


def _shallow_overlap(own: BaseGeometry, other: BaseGeometry, reach: float) -> BaseGeometry:
    """What lies in both where one reaches at most `reach` into the other; the border there is
    that of `other`."""
    common = shapely.intersection(own, other)
    deep = _offset(_offset(common, -reach / 2), reach / 2)
    shallow = _touching(shapely.difference(common, deep), own.boundary, other.boundary)
    return shapely.intersection(_offset(shallow, OVERLAY), other)


def _touching(geometry: BaseGeometry, one: BaseGeometry, two: BaseGeometry) -> BaseGeometry:
    """The parts of a geometry that touch both others: rounding corners leaves some that do not."""
    parts = shapely.get_parts(geometry)
    return _all(parts[shapely.dwithin(parts, one, TOUCH) & shapely.dwithin(parts, two, TOUCH)])


def _offset(geometry: BaseGeometry, pixels: float) -> BaseGeometry:
    return shapely.buffer(geometry, pixels, quad_segs=QUARTER)


def _all(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(list(geometries))
