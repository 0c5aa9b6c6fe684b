"""The numbers of `measure` for many regions at once, for tables that sort and filter by them.

One array operation for all instead of some thirty for each: 50,000 regions of 40 vertices take
0.2 s and not 14.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from core.annotation.measure import QUANTITIES
from core.annotation.region import Region, Ring
from core.annotation.runs import Floats, Ints, Points, firsts


def measure_many(
    regions: Sequence[Region], width: int, height: int, pixel_size_um: float | None = None
) -> Mapping[str, Floats]:
    """(n,) float64 for each name in QUANTITIES, as `measure` gives them; flags are 0 and 1.

    Regions of an image of width x height pixels. pixel_size_um: micrometres per pixel; without it
    lengths are in pixels.
    """
    if not regions:
        return {quantity.name: np.zeros(0) for quantity in QUANTITIES}
    pixels = _in_pixels(regions, width, height)
    scale = pixel_size_um or 1.0
    factors = {"area": scale**2, "length": scale}
    return {q.name: pixels[q.name] * factors.get(q.dimension, 1.0) for q in QUANTITIES}


class _Rings(NamedTuple):
    """Of each ring: its first point, area, integrals of x and y from there, and its length."""

    first: Points
    area: Floats
    x: Floats
    y: Floats
    length: Floats


def _in_pixels(regions: Sequence[Region], width: int, height: int) -> dict[str, Floats]:
    shells = [region.shell for region in regions]
    lengths = _lengths(shells)
    points = np.concatenate(shells)
    rings = _rings(points, lengths)
    area, x, y = _less_holes(rings, regions)
    x0, y0 = np.minimum.reduceat(points, firsts(lengths)).T
    x1, y1 = np.maximum.reduceat(points, firsts(lengths)).T
    middle = np.add.reduceat(points, firsts(lengths)) / lengths[:, None]
    flat = area <= 0  # without an area: the mean vertex
    inside = rings.first + np.column_stack((x, y)) / np.where(flat, 1, area)[:, None]
    centroid_x, centroid_y = np.where(flat[:, None], middle, inside).T
    touches = (x0 < 0.5) | (y0 < 0.5) | (x1 > width - 0.5) | (y1 > height - 0.5)
    return {
        "area": area,
        "perimeter": rings.length,
        "centroid_x": centroid_x,
        "centroid_y": centroid_y,
        "left": x0,
        "top": y0,
        "width": x1 - x0,
        "height": y1 - y0,
        "equivalent_diameter": 2 * np.sqrt(np.maximum(area, 0) / math.pi),
        "circularity": _circularity(rings),
        "touches_border": touches.astype(np.float64),
    }


def _lengths(rings: Sequence[Ring]) -> Ints:
    return np.fromiter(map(len, rings), np.int64, len(rings))


def _rings(points: Points, lengths: Ints) -> _Rings:
    """Seen from its first point, where products keep their digits, the last edge sweeps nothing."""
    start = firsts(lengths)
    x, y = (points - np.repeat(points[start], lengths, axis=0)).T.copy()
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    next_x[start - 1] = next_y[start - 1] = 0
    z = x * next_y - next_x * y
    area = np.add.reduceat(z, start) / 2
    sign = np.where(area < 0, -1, 1)
    return _Rings(
        first=points[start],
        area=area * sign,
        x=np.add.reduceat((x + next_x) * z, start) / 6 * sign,
        y=np.add.reduceat((y + next_y) * z, start) / 6 * sign,
        length=np.add.reduceat(np.hypot(next_x - x, next_y - y), start),
    )


def _less_holes(shells: _Rings, regions: Sequence[Region]) -> tuple[Floats, Floats, Floats]:
    """Area and integrals of the shells without those of their holes, from the shells' firsts."""
    holes = [hole for region in regions for hole in region.holes]
    if not holes:
        return shells.area, shells.x, shells.y
    owner = np.repeat(np.arange(len(regions)), [len(region.holes) for region in regions])
    rings = _rings(np.concatenate(holes), _lengths(holes))
    away = rings.first - shells.first[owner]

    def without(whole: Floats, parts: Floats) -> Floats:
        return whole - np.bincount(owner, parts, len(whole))

    return (
        without(shells.area, rings.area),
        without(shells.x, rings.x + rings.area * away[:, 0]),
        without(shells.y, rings.y + rings.area * away[:, 1]),
    )


def _circularity(shells: _Rings) -> Floats:
    squares = shells.length**2
    return np.where(
        squares > 0, 4 * math.pi * shells.area / np.where(squares > 0, squares, 1), np.nan
    )
