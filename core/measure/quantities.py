"""What can be measured: one record for each quantity, for headings, exports and the documentation.

Everything is measured in pixels and scaled when it is shown: a length by the edge of a pixel, an
area by its square, a ratio not at all. What cannot be measured is NaN, and `unknown` says when.
"""

import math
from typing import Literal, NamedTuple, TypeAlias

Unit: TypeAlias = Literal["px", "µm"]
Dimension: TypeAlias = Literal[
    "area", "length", "number", "flag", "count", "angle", "percent", "density", "intensity"
]


class Quantity(NamedTuple):
    """name: for files and filters. formula: in words. source: what it is computed from.
    unknown: when there is no number, "" for never."""

    name: str
    title: str
    dimension: Dimension
    formula: str
    source: str = "outline"
    unknown: str = ""

    def heading(self, unit: str, channel: str = "") -> str:
        """The title with its channel and its unit, e.g. "Area (µm²)"."""
        title = f"{self.title}, {channel}" if channel else self.title
        text = self.unit(unit)
        return f"{title} ({text})" if text else title

    def unit(self, unit: str) -> str:
        """Of a column, where lengths are in `unit`; "" for what has none."""
        units = {
            "area": f"{unit}²",
            "length": unit,
            "angle": "°",
            "percent": "%",
            "density": "1/mm²" if unit == "µm" else "1/Mpx",
        }
        return units.get(self.dimension, "")

    def factor(self, pixel_size_um: float | None) -> float:
        """By which a number in pixels is multiplied; without a pixel size it stays."""
        size = pixel_size_um
        if self.dimension == "density":  # per square pixel
            return 1e6 if size is None else 1e6 / size**2
        power = {"area": 2, "length": 1}.get(self.dimension, 0)
        return 1.0 if size is None else size**power

    def text(self, value: float, unit: str) -> str:
        """A number as a table shows it."""
        if math.isnan(value):
            return "–"
        if self.dimension == "flag":
            return "yes" if value else "no"
        return f"{value:,.{self._decimals(value, unit)}f}"

    def _decimals(self, value: float, unit: str) -> int:
        if self.dimension == "intensity":
            return 4 if abs(value) < 10 and value % 1 else 0 if value % 1 == 0 else 2
        decimals = {"area": 0, "length": 1, "count": 0, "angle": 1, "percent": 1, "density": 1}
        return decimals.get(self.dimension, 2) + (unit == "µm" and self.dimension in _SCALED)


def meaning(quantity: Quantity) -> str:
    """The formula in words, from what it is computed, and when there is no number."""
    text = f"{quantity.formula}; from: {quantity.source}"
    return f"{text}; empty when {quantity.unknown}" if quantity.unknown else text


_SCALED = ("area", "length")
_POINT = "the outline has no length"
_FLAT = "the outline encloses no area"
_HULL = "convex hull of the outline"
_SMOOTHED = "outline; where it runs along pixel edges, smoothed over two pixels at equal area"

OUTLINE = (
    Quantity("area", "Area", "area", "inside the outline, less the holes"),
    Quantity("perimeter", "Perimeter", "length", "length of the outer outline", _SMOOTHED),
    Quantity("centroid_x", "Centroid x", "length", "centre of the area, from the left"),
    Quantity("centroid_y", "Centroid y", "length", "centre of the area, from the top"),
    Quantity("left", "Left", "length", "smallest x of the outline"),
    Quantity("top", "Top", "length", "smallest y of the outline"),
    Quantity("width", "Width", "length", "largest less smallest x"),
    Quantity("height", "Height", "length", "largest less smallest y"),
    Quantity("equivalent_diameter", "Equivalent diameter", "length", "2 √(area / π)"),
    Quantity(
        "circularity",
        "Circularity",
        "number",
        "4π × area with holes filled / perimeter²",
        _SMOOTHED,
        _POINT,
    ),
    Quantity("touches_border", "Touches border", "flag", "part may lie outside the image"),
    Quantity(
        "sphericity",
        "Sphericity",
        "number",
        "2 √(π × area with holes filled) / perimeter, the root of the circularity",
        _SMOOTHED,
        _POINT,
    ),
    Quantity(
        "compactness",
        "Compactness",
        "number",
        "perimeter² / (4π × area with holes filled), 1 for a circle and more for all else",
        _SMOOTHED,
        _FLAT,
    ),
    Quantity(
        "extent", "Extent", "number", "area / (width × height)", unknown="width or height is 0"
    ),
    Quantity("hole_count", "Holes", "count", "number of holes"),
    Quantity("hole_area", "Area of holes", "area", "area of all holes together"),
)
"""From the vertices alone."""

ELLIPSE = (
    Quantity(
        "major_axis",
        "Ellipse major axis",
        "length",
        "4 √(larger eigenvalue of the central second moments / area): "
        "longer axis of the ellipse with the same moments",
        unknown=_FLAT,
    ),
    Quantity(
        "minor_axis",
        "Ellipse minor axis",
        "length",
        "4 √(smaller eigenvalue of the central second moments / area)",
        unknown=_FLAT,
    ),
    Quantity(
        "orientation",
        "Orientation",
        "angle",
        "direction of the major axis, counterclockwise from the x axis, 0 ≤ angle < 180",
        unknown="both axes are equal, or there is no area",
    ),
    Quantity("aspect_ratio", "Aspect ratio", "number", "major axis / minor axis", unknown=_FLAT),
)
"""From the exact moments of the polygon, holes left out."""

HULL = (
    Quantity(
        "feret_max", "Feret max", "length", "largest distance of two points of the outline", _HULL
    ),
    Quantity(
        "feret_min",
        "Feret min",
        "length",
        "smallest distance of two parallel lines that hold the outline between them",
        _HULL,
        _POINT,
    ),
    Quantity(
        "feret_angle",
        "Feret angle",
        "angle",
        "direction of the largest distance, counterclockwise from the x axis, 0 ≤ angle < 180",
        _HULL,
        _POINT,
    ),
    Quantity("solidity", "Solidity", "number", "area / area of the convex hull", _HULL, _FLAT),
    Quantity(
        "convexity",
        "Convexity",
        "number",
        "perimeter of the convex hull / perimeter",
        "convex hull of the outline, both smoothed as for the perimeter",
        _POINT,
    ),
)

SHAPE = (*OUTLINE, *ELLIPSE, *HULL)
"""What one object says without its neighbours and its pixels."""
QUANTITIES = SHAPE
"""Those with a column in the table of objects."""

_ALONE = "there is no other object in the image"
NEIGHBOURS = (
    Quantity(
        "nearest_distance",
        "Distance to nearest",
        "length",
        "shortest distance to the outline of another object, 0 when they meet",
        "outlines of all objects",
        _ALONE,
    ),
    Quantity(
        "touching",
        "Touching neighbours",
        "count",
        "objects whose outline is at most 1.5 px away",
        "outlines of all objects",
    ),
    Quantity(
        "nearby",
        "Neighbours nearby",
        "count",
        "objects whose centroid is at most two median equivalent diameters away",
        "centroids of all objects",
    ),
)

_NO_PIXEL = "no pixel of the image has its centre inside"
_NO_BACKGROUND = f"{_NO_PIXEL}, or no pixel of the image lies outside all objects"
_PIXELS = "pixels with their centre inside"
INTENSITY = (
    Quantity("mean", "Mean", "intensity", "mean of the values", _PIXELS, _NO_PIXEL),
    Quantity("median", "Median", "intensity", "median of the values", _PIXELS, _NO_PIXEL),
    Quantity(
        "sd",
        "Standard deviation",
        "intensity",
        "root of the mean squared difference from the mean",
        _PIXELS,
        _NO_PIXEL,
    ),
    Quantity("min", "Min", "intensity", "smallest value", _PIXELS, _NO_PIXEL),
    Quantity("max", "Max", "intensity", "largest value", _PIXELS, _NO_PIXEL),
    Quantity("integrated", "Integrated", "intensity", "sum of the values", _PIXELS, _NO_PIXEL),
    Quantity(
        "mean_corrected",
        "Mean less background",
        "intensity",
        "mean less the background: the median of the pixels of the image outside all objects",
        _PIXELS,
        _NO_BACKGROUND,
    ),
    Quantity(
        "integrated_corrected",
        "Integrated less background",
        "intensity",
        "sum of the values less the background of each pixel",
        _PIXELS,
        _NO_BACKGROUND,
    ),
)
"""Of each channel, in the units of the file."""

_NO_MAP = "there is no map of the network, or a person drew or edited the object"
ERROR_BARS = (
    Quantity(
        "area_low",
        "Area, low",
        "area",
        "area less what the threshold, 0.1 higher, would take away",
        "map of the network",
        _NO_MAP,
    ),
    Quantity(
        "area_high",
        "Area, high",
        "area",
        "area and what the threshold, 0.1 lower, would add around the object",
        "map of the network",
        _NO_MAP,
    ),
)
INTENSITY_BARS = (
    Quantity(
        "mean_low",
        "Mean, low",
        "intensity",
        "smallest mean with the threshold, 0.1 lower or higher",
        "map of the network",
        _NO_MAP,
    ),
    Quantity(
        "mean_high",
        "Mean, high",
        "intensity",
        "largest mean with the threshold, 0.1 lower or higher",
        "map of the network",
        _NO_MAP,
    ),
)

IMAGE = (
    Quantity("count", "Objects", "count", "number of objects", "image"),
    Quantity("density", "Density", "density", "objects / area of the image", "image"),
    Quantity(
        "confluence",
        "Confluence",
        "percent",
        "pixels with their centre in an object / pixels of the image",
        "image",
    ),
)
"""Of an image; counts of classes and means of the objects follow."""
