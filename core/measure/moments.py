"""Area, centre and second moments of regions, exactly, from their vertices (Green's theorem)."""

from typing import NamedTuple

import numpy as np

from core.annotation.runs import Floats, Ints, Points
from core.measure.rings import Rings


class Moments(NamedTuple):
    """(n,) each: integrals of 1, x, y, x², xy and y² over the inside, from an origin of each."""

    area: Floats
    x: Floats
    y: Floats
    xx: Floats
    xy: Floats
    yy: Floats

    def seen_from(self, dx: Floats, dy: Floats) -> "Moments":
        """The same from an origin that lies dx, dy further left and up."""
        area, x, y, xx, xy, yy = self
        return Moments(
            area,
            x + dx * area,
            y + dy * area,
            xx + 2 * dx * x + dx**2 * area,
            xy + dx * y + dy * x + dx * dy * area,
            yy + 2 * dy * y + dy**2 * area,
        )


def moments(shells: Rings, holes: Rings, owner: Ints) -> Moments:
    """Of the shells without their holes, from the first point of each shell; owner: of each hole.

    Rings may run either way.
    """
    whole = _of_rings(shells)
    if not len(owner):
        return whole
    away = holes.points[holes.first] - shells.points[shells.first][owner]
    parts = _of_rings(holes).seen_from(*away.T)
    count = len(whole.area)
    taken = (np.bincount(owner, part, count) for part in parts)
    return Moments(*(of - part for of, part in zip(whole, taken, strict=True)))


def _of_rings(rings: Rings) -> Moments:
    x, y = rings.local
    x1, y1 = x[rings.following], y[rings.following]
    z = rings.cross
    sums = (
        rings.area,
        rings.sums((x + x1) * z) / 6,
        rings.sums((y + y1) * z) / 6,
        rings.sums((x * (x + x1) + x1**2) * z) / 12,
        rings.sums((x * (2 * y + y1) + x1 * (y + 2 * y1)) * z) / 24,
        rings.sums((y * (y + y1) + y1**2) * z) / 12,
    )
    sign = np.where(rings.area < 0, -1.0, 1.0)
    return Moments(*(part * sign for part in sums))


def ellipse(of: Moments) -> tuple[Floats, Floats, Floats]:
    """Axes, the longer first, and direction of the ellipse with the same second moments.

    Degrees counterclockwise on the screen from the x axis, in [0, 180). NaN without an area.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        area = np.where(of.area > 0, of.area, np.nan)
        x, y = of.x / area, of.y / area
        xx, xy, yy = of.xx / area - x**2, of.xy / area - x * y, of.yy / area - y**2
        apart = np.hypot((xx - yy) / 2, xy)
        major, minor = (4 * np.sqrt((xx + yy) / 2 + part) for part in (apart, -apart))
        angle = np.where(apart > 1e-9 * (xx + yy), np.arctan2(2 * xy, xx - yy) / 2, np.nan)
    return major, minor, screen_degrees(angle)


def screen_degrees(angle: Floats) -> Floats:
    """The direction of a line, y down, in radians, as degrees in [0, 180) with y up."""
    degrees = np.rad2deg(-angle) % 180
    return np.where(degrees >= 180, 0.0, degrees)


def centres(of: Moments, shells: Rings) -> Points:
    """(n, 2) centre of the area; the mean vertex of an outline without an area."""
    flat = of.area <= 0
    inside = np.column_stack((of.x, of.y)) / np.where(flat, 1, of.area)[:, None]
    middle = np.add.reduceat(shells.points, shells.first) / shells.lengths[:, None]
    return np.where(flat[:, None], middle, shells.points[shells.first] + inside)
