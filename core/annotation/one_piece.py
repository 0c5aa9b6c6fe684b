"""One region out of what an operation leaves of it, which may be several pieces or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import shapely

from core.annotation.geometry import Part, from_shapely, repair, to_shapely
from core.annotation.region import Region, Ring
from core.errors import InvalidGeometry

CRUMBS = 0.05  # share of the area that pieces which are dropped may have together
SLIVER = 0.25  # square pixels; nobody misses a smaller piece, so it is not counted

LeftOut: TypeAlias = Callable[[int], None]
"""Is told how many pieces were dropped, whenever some were."""


def unnoticed(count: int) -> None:
    """For callers that need not know what was dropped."""


def in_one_piece(
    region: Region, parts: Sequence[Part], remedy: str, left_out: LeftOut = unnoticed
) -> Region:
    """`region` with the outline of the first of `parts`, the largest first; marked as edited
    unless it is a new one, with id 0.

    remedy: what to do instead, the end of the sentence. Raises InvalidGeometry when there is no
    part, or when the others are more than crumbs.
    """
    name = f"object {region.id}" if region.id else "the outline"
    if not parts:
        raise InvalidGeometry(f"Nothing of {name} would be left; {remedy}.")
    if parts[0].area < (1 - CRUMBS) * sum(part.area for part in parts):
        raise InvalidGeometry(f"{name.capitalize()} would fall apart; {remedy}.")
    if crumbs := sum(part.area > SLIVER for part in parts[1:]):
        left_out(crumbs)
    shell, holes = parts[0]
    edited = region.edited or region.id > 0
    return repair(replace(region, shell=shell, holes=holes, edited=edited))


def with_added(region: Region, rings: Sequence[Ring], left_out: LeftOut = unnoticed) -> Region:
    """The region and what shell and holes enclose, which must touch it, else InvalidGeometry."""
    own, other = to_shapely(region.rings), to_shapely(rings)
    if not shapely.intersects(own, other):
        raise InvalidGeometry(f"Object {region.id} is not touched by this; begin inside it.")
    joined = from_shapely(shapely.union(own, other))
    return in_one_piece(region, joined, "add what touches it", left_out)


def with_taken_away(region: Region, rings: Sequence[Ring], left_out: LeftOut = unnoticed) -> Region:
    """The region without what shell and holes enclose.

    Raises InvalidGeometry when nothing is left of it, or several pieces.
    """
    left = shapely.difference(to_shapely(region.rings), to_shapely(rings))
    return in_one_piece(region, from_shapely(left), "take less away", left_out)
