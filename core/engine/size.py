"""How large the objects of an image are: measured in a first look at reduced and enlarged windows.

A network knows objects of one size. The same window is shown to it at several scales; where the
objects that it finds have the size that it knows, and it is sure of them, the scale is right.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.ndimage import maximum

from core.engine.instances import find_instances
from core.engine.prepare import Part, UnitPixels, rescaled

SCALES = (1.0, 0.5, 2.0, 0.25, 4.0, 0.125)
BETWEEN = (2**-0.5, 2**0.5)
"""Steps from the best of these scales to two more, half-way to its neighbours."""
WINDOW = 256
"""Side of the window at every scale, pixels that the network sees."""
FEW_PIXELS = 24
"""A window with a shorter side shows too little to measure."""
MANY = 24
"""Objects: with fewer, what was found may be one cell cut into its organelles, or a cell clump."""
USUAL = 24.0
"""Pixels: objects in micrographs have about this diameter, within a factor of 30."""
SMALLEST = 3.0
"""Pixels: what is smaller than this is noise."""
SPECK = 0.15
"""Objects smaller than this share of the larger ones' area do not count."""

Look = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""(H, W, C) of 0..1 -> foreground and cue, (H, W) of 0..1."""


@dataclass(frozen=True)
class Sight:
    """What one look found. scale: of the window; diameter: median, pixels of the whole image.

    fit: 0..1, how far what was found is to be trusted.
    """

    scale: float
    diameter: float
    fit: float


def estimate_diameter(pixels: UnitPixels, known: float, look: Look) -> float | None:
    """Median object diameter in pixels of an image; None: nothing was found.

    known: the diameter that the network knows.
    """

    def surest(scales: Iterable[float], *seen: Sight) -> Sight | None:
        sights = [_sight(pixels, scale, known, look) for scale in scales]
        return max((*seen, *filter(None, sights)), key=lambda sight: sight.fit, default=None)

    best = surest(SCALES)
    near = best and surest([best.scale * step for step in BETWEEN], best)
    return near.diameter if near else None


def median_diameter(areas: np.ndarray) -> float:
    """Diameter in pixels of the disc that has the median area."""
    return float(np.sqrt(4 / np.pi * np.median(areas)))


def _sight(pixels: UnitPixels, scale: float, known: float, look: Look) -> Sight | None:
    """Look at a window at one scale; None when it is too small or shows no object."""
    picture = rescaled(pixels[_window(pixels, WINDOW / scale)], scale)
    if min(picture.shape[:2]) < FEW_PIXELS:
        return None
    foreground, cue = look(picture)
    labels = find_instances(foreground, cue, 0.5, 0.5)
    areas = np.bincount(labels.ravel())[1:]
    large = areas >= SPECK * np.percentile(areas, 90) if len(areas) else areas
    if not large.any():
        return None
    diameter = median_diameter(areas[large])
    if diameter / scale < SMALLEST:
        return None
    fit = _sureness(labels, areas, foreground, cue)
    fit *= _likeness(diameter, known, int(large.sum())) * _rarity(diameter / scale)
    return Sight(scale, diameter / scale, fit)


def _sureness(
    labels: np.ndarray, areas: np.ndarray, foreground: np.ndarray, cue: np.ndarray
) -> float:
    """0..1: mean foreground of the objects, and how high the cue rises in them. In pieces of an
    object, and in objects of another size than the network knows, it stays low."""
    peaks = maximum(cue, labels, np.arange(1, len(areas) + 1))
    sure = np.sum(foreground, where=labels > 0) / areas.sum()
    return float(sure * np.average(peaks, weights=areas) ** 2)


def _likeness(diameter: float, known: float, count: int) -> float:
    """0..1: whether the objects have the size that the network knows, and are many."""
    octaves = np.log2(diameter / known)
    return float(np.exp(-(octaves**2)) * min(1, count / MANY))


def _rarity(diameter: float) -> float:
    """0..1: how usual objects of this diameter are in an image, pixels."""
    return float(np.exp(-((np.log2(diameter / USUAL) / 6) ** 2)))


def _window(pixels: UnitPixels, side: float) -> Part:
    """The square of `side` pixels with most contrast among 3 x 3 places, or all that there is."""
    height, width = (min(length, round(side)) for length in pixels.shape[:2])
    rows = np.unique(np.linspace(0, pixels.shape[0] - height, 3).round().astype(int)).tolist()
    columns = np.unique(np.linspace(0, pixels.shape[1] - width, 3).round().astype(int)).tolist()
    if len(rows) == len(columns) == 1:
        return slice(rows[0], rows[0] + height), slice(columns[0], columns[0] + width)
    step = max(1, round(side) // 64)

    def contrast(corner: tuple[int, int]) -> float:
        y, x = corner
        return float(pixels[y : y + height : step, x : x + width : step].std())

    y, x = max(product(rows, columns), key=contrast)
    return slice(y, y + height), slice(x, x + width)
