"""Regions grown, shrunk, and filled up to their convex hull."""

import shapely

from core.annotation.detail import simplified
from core.annotation.geometry import SMALLEST_AREA, from_shapely, to_shapely
from core.annotation.one_piece import LeftOut, in_one_piece, unnoticed
from core.annotation.region import Region

QUARTER = 16  # edges of a quarter circle: at 50 px they are 0.06 px off the arc
TOLERANCE = 0.1  # px


def expanded(region: Region, pixels: float, left_out: LeftOut = unnoticed) -> Region:
    """The region with its border moved outwards by `pixels`, inwards when negative; its holes
    become smaller or larger by as much. It may reach beyond the image.

    Raises InvalidGeometry when nothing is left of it, or several pieces.
    """
    if not pixels:
        return region
    grown = to_shapely(region.rings).buffer(pixels, quad_segs=QUARTER)
    whole = in_one_piece(region, from_shapely(grown), "shrink it by less", left_out)
    return simplified((whole,), TOLERANCE)[0]


def convex_hull(region: Region) -> Region:
    """The smallest region without dents and holes that covers this one; itself when it has
    none."""
    hull = shapely.convex_hull(to_shapely((region.shell,)))
    if hull.area - region.area <= SMALLEST_AREA:
        return region
    return in_one_piece(region, from_shapely(hull), "draw it again")
