"""Numbers about one region, each with its unit and formula.

The one implementation for tables, panels and exports.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from core.annotation.edges import edges_of
from core.annotation.geometry import touches_border
from core.annotation.region import Region, Ring, ring_area
from core.annotation.runs import Floats

Dimension: TypeAlias = Literal["area", "length", "number", "flag"]


@dataclass(frozen=True)
class Measurements:
    """Lengths in `unit`, areas in its square; positions are lengths from the top left corner."""

    area: float
    perimeter: float
    centroid_x: float
    centroid_y: float
    left: float
    top: float
    width: float
    height: float
    equivalent_diameter: float
    circularity: float
    touches_border: bool
    unit: Literal["px", "µm"]


class Quantity(NamedTuple):
    """One field of Measurements: what a table's heading and its help say."""

    name: str
    title: str
    dimension: Dimension
    formula: str

    def heading(self, unit: str) -> str:
        """The title with its unit, e.g. "Area (µm²)"."""
        units = {"area": f" ({unit}²)", "length": f" ({unit})"}
        return self.title + units.get(self.dimension, "")


QUANTITIES = (
    Quantity("area", "Area", "area", "inside the outline, less the holes"),
    Quantity("perimeter", "Perimeter", "length", "length of the outer outline"),
    Quantity("centroid_x", "Centroid x", "length", "centre of the area, from the left"),
    Quantity("centroid_y", "Centroid y", "length", "centre of the area, from the top"),
    Quantity("left", "Left", "length", "smallest x of the outline"),
    Quantity("top", "Top", "length", "smallest y of the outline"),
    Quantity("width", "Width", "length", "largest less smallest x"),
    Quantity("height", "Height", "length", "largest less smallest y"),
    Quantity("equivalent_diameter", "Equivalent diameter", "length", "2 √(area / π)"),
    Quantity("circularity", "Circularity", "number", "4π × area with holes filled / perimeter²"),
    Quantity("touches_border", "Touches border", "flag", "part may lie outside the image"),
)
"""In the order of Measurements, its unit apart."""


def measure(
    region: Region, width: int, height: int, pixel_size_um: float | None = None
) -> Measurements:
    """Measurements of a region in an image of width x height pixels, from its polygon.

    pixel_size_um: micrometres per pixel; without it lengths are in pixels. An outline without an
    area has a circularity of 0 or NaN.
    """
    scale = pixel_size_um or 1.0
    x, y = _centroid(region)
    x0, y0, x1, y1 = region.bounds
    perimeter = _length(region.shell)
    return Measurements(
        area=region.area * scale**2,
        perimeter=perimeter * scale,
        centroid_x=x * scale,
        centroid_y=y * scale,
        left=x0 * scale,
        top=y0 * scale,
        width=(x1 - x0) * scale,
        height=(y1 - y0) * scale,
        equivalent_diameter=2 * math.sqrt(max(region.area, 0) / math.pi) * scale,
        circularity=_circularity(ring_area(region.shell), perimeter),
        touches_border=touches_border(region, width, height),
        unit="µm" if pixel_size_um else "px",
    )


def _length(points: Ring) -> float:
    start, end, *_ = edges_of((points,))
    return float(np.hypot(*(end - start).T).sum())


def _circularity(area: float, perimeter: float) -> float:
    return 4 * math.pi * area / perimeter**2 if perimeter else math.nan


def _centroid(region: Region) -> tuple[float, float]:
    """Centre of the area, holes left out; the mean vertex of an outline without an area."""
    origin = region.shell[0]
    total = _moments(region.shell - origin)
    for hole in region.holes:
        total = total - _moments(hole - origin)
    if total[2] <= 0:
        x, y = region.shell.mean(axis=0)
    else:
        x, y = origin + total[:2] / total[2]
    return float(x), float(y)


def _moments(points: Ring) -> Floats:
    """Integrals of x, y and 1 over the inside of a ring, whichever way it runs."""
    start, end, *_ = edges_of((points,))
    z = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
    first = ((start + end) * z[:, None]).sum(axis=0) / 6
    area = z.sum() / 2
    return np.array((*first, area)) * (1 if area >= 0 else -1)
