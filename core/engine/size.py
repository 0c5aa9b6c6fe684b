"""How large the objects of an image are: measured in a first look at reduced and enlarged windows.

A network knows objects of one size. The same window is shown to it at several scales. At each it
finds objects and guesses how large the objects are; where it guesses the size that it knows, finds
about that, and is sure of them, the scale is about right; close to it, the guess decides.
"""

from collections.abc import Callable, Iterable, Sequence
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
SMALLEST = 3.0
"""Pixels: what is smaller than this is noise."""
DOUBT = 2.0
"""Octaves by which a size and a guess may differ, or a guess and the size that is known."""
SPECK = 0.15
"""Objects smaller than this share of the larger ones' area do not count."""

Look = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, float]]
"""(H, W, C) of 0..1 -> foreground and cue, (H, W) of 0..1, and the guess: the diameter of the
objects in octaves above the known one."""


@dataclass(frozen=True)
class Sight:
    """What one look found. scale: of the window; diameter: median, pixels of the whole image.

    fit: 0..1, how far what was found is to be trusted. guess: octaves, as the objects look here.
    """

    scale: float
    diameter: float
    fit: float
    guess: float

    def agreement(self, diameter: float) -> float:
        """0..1: whether the objects that were found have about this diameter."""
        return _bell(np.log2(self.diameter / diameter) / DOUBT)


def estimate_diameter(pixels: UnitPixels, known: float, look: Look) -> float | None:
    """Median object diameter in pixels of an image; None: nothing was found.

    known: the diameter that the network knows.
    """

    def sights(scales: Iterable[float]) -> list[Sight]:
        return [s for scale in scales if (s := _sight(pixels, scale, known, look))]

    first = sights(SCALES)
    if not first:
        return None
    guess = _agreed(first, known)

    def fit(sight: Sight) -> float:
        return sight.fit * sight.agreement(guess)

    best = max(first, key=fit)
    near = best, *sights(best.scale * step for step in BETWEEN)
    return min(near, key=lambda sight: abs(sight.guess)).diameter


def _agreed(sights: Sequence[Sight], known: float) -> float:
    """The diameter that the looks guess together, pixels of the image: their weighted median."""
    by_size = sorted(sights, key=lambda sight: known * 2**sight.guess / sight.scale)
    weights = [_bell(sight.guess) for sight in by_size]  # the nearer, the better it is guessed
    middle = by_size[int(np.searchsorted(np.cumsum(weights), np.sum(weights) / 2))]
    return known * 2**middle.guess / middle.scale


def median_diameter(areas: np.ndarray) -> float:
    """Diameter in pixels of the disc that has the median area."""
    return float(np.sqrt(4 / np.pi * np.median(areas)))


def _sight(pixels: UnitPixels, scale: float, known: float, look: Look) -> Sight | None:
    """Look at a window at one scale; None when it is too small or shows no object."""
    picture = rescaled(pixels[_window(pixels, WINDOW / scale)], scale)
    if min(picture.shape[:2]) < FEW_PIXELS:
        return None
    foreground, cue, guess = look(picture)
    labels = find_instances(foreground, cue, 0.5, 0.5)
    areas = np.bincount(labels.ravel())[1:]
    large = areas >= SPECK * np.percentile(areas, 90) if len(areas) else areas
    if not large.any():
        return None
    diameter = median_diameter(areas[large])
    if diameter / scale < SMALLEST:
        return None
    fit = _sureness(labels, areas, foreground, cue)
    fit *= min(1, np.count_nonzero(large) / MANY) ** 0.25
    fit *= _bell(guess / DOUBT) * _bell((np.log2(diameter / known) - guess) / DOUBT)
    return Sight(scale, diameter / scale, fit, guess)


def _sureness(
    labels: np.ndarray, areas: np.ndarray, foreground: np.ndarray, cue: np.ndarray
) -> float:
    """0..1: mean foreground of the objects, and how high the cue rises in them. In pieces of an
    object, and in objects of another size than the network knows, it stays low."""
    peaks = maximum(cue, labels, np.arange(1, len(areas) + 1))
    sure = np.sum(foreground, where=labels > 0) / areas.sum()
    return float(sure * np.average(peaks, weights=areas) ** 2)


def _bell(distance: float) -> float:
    """1 at 0, falling to 0 with the distance."""
    return float(np.exp(-(distance**2)))


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
