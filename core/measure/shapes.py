"""The shape of many regions at once: all of SHAPE, each a column."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from core.annotation.region import Region
from core.annotation.runs import Flags, Floats, Points
from core.measure.calipers import ferets, hulls
from core.measure.moments import Moments, centres, ellipse, moments
from core.measure.pixel_edges import smoothed
from core.measure.quantities import SHAPE
from core.measure.rings import Rings, holes_of, shells_of

AT_ONCE = 2048
"""Regions whose vertices fit into the cache of a processor."""

Columns = Mapping[str, Floats]
"""(n,) float64 by name of a quantity; flags are 0 and 1."""


def measure_many(
    regions: Sequence[Region], width: int, height: int, pixel_size_um: float | None = None
) -> Columns:
    """The columns of SHAPE, of regions of an image of width x height pixels.

    pixel_size_um: micrometres per pixel; without it lengths are in pixels.
    """
    parts = [
        _measured(regions[first : first + AT_ONCE], width, height)
        for first in range(0, len(regions), AT_ONCE)
    ]
    return {
        q.name: np.concatenate([np.zeros(0), *(part[q.name] for part in parts)])
        * q.factor(pixel_size_um)
        for q in SHAPE
    }


def measure(
    region: Region, width: int, height: int, pixel_size_um: float | None = None
) -> Mapping[str, float]:
    """The same for one region."""
    many = measure_many((region,), width, height, pixel_size_um)
    return {name: float(column[0]) for name, column in many.items()}


def _measured(regions: Sequence[Region], width: int, height: int) -> Columns:
    """In pixels."""
    shells, (holes, owner) = shells_of(regions), holes_of(regions)
    of, outline = moments(shells, holes, owner), smoothed(shells)
    filled = np.abs(shells.area)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            **_places(shells, width, height),
            **_sizes(of, filled),
            **_roundness(filled, outline.perimeter),
            **_ellipses(of),
            **_hulls(shells, outline, of.area),
            **_extents(shells, of.area),
            **dict(zip(("centroid_x", "centroid_y"), centres(of, shells).T, strict=True)),
            "perimeter": outline.perimeter,
            "hole_count": np.bincount(owner, minlength=len(regions)).astype(np.float64),
        }


def _corners(shells: Rings) -> tuple[Points, Points]:
    low = np.minimum.reduceat(shells.points, shells.first)
    return low, np.maximum.reduceat(shells.points, shells.first)


def _places(shells: Rings, width: int, height: int) -> Columns:
    (x0, y0), (x1, y1) = (corner.T for corner in _corners(shells))
    touches: Flags = (x0 < 0.5) | (y0 < 0.5) | (x1 > width - 0.5) | (y1 > height - 0.5)
    sides = {"left": x0, "top": y0, "width": x1 - x0, "height": y1 - y0}
    return {**sides, "touches_border": touches.astype(np.float64)}


def _sizes(of: Moments, filled: Floats) -> Columns:
    diameter = 2 * np.sqrt(np.maximum(of.area, 0) / math.pi)
    return {"area": of.area, "equivalent_diameter": diameter, "hole_area": filled - of.area}


def _roundness(filled: Floats, perimeter: Floats) -> Columns:
    circularity = 4 * math.pi * filled / perimeter**2
    compactness = np.where(filled > 0, 1 / circularity, np.nan)
    return {
        "circularity": circularity,
        "sphericity": np.sqrt(circularity),
        "compactness": compactness,
    }


def _ellipses(of: Moments) -> Columns:
    major, minor, angle = ellipse(of)
    ratio = major / minor
    return {"major_axis": major, "minor_axis": minor, "orientation": angle, "aspect_ratio": ratio}


def _hulls(shells: Rings, outline: Rings, area: Floats) -> Columns:
    hull = hulls(shells)
    around = hull if outline is shells else hulls(outline)
    largest, smallest, angle = ferets(hull)
    hull_area = np.abs(hull.area)
    return {
        "feret_max": largest,
        "feret_min": smallest,
        "feret_angle": angle,
        "solidity": np.where(hull_area > 0, area / hull_area, np.nan),
        "convexity": around.perimeter / outline.perimeter,
    }


def _extents(shells: Rings, area: Floats) -> Columns:
    low, high = _corners(shells)
    box = (high - low).prod(axis=1)
    return {"extent": np.where(box > 0, area / box, np.nan)}
