"""How large the objects of an image are: measured in a first look at reduced and enlarged windows.

A network knows objects of one size. The same window is shown to it at several scales. At each it
finds objects and guesses how large the objects are; where it is sure of what it finds, and finds
about what it guesses, the scale is about right; close to it, the guess decides.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from core.confidence import TYPICAL
from core.engine.config import DIAMETERS
from core.engine.instances import find_objects
from core.engine.prepare import Part, UnitPixels, rescaled

SCALES = (1.0, 0.5, 2.0, 0.25, 4.0, 0.125)
BETWEEN = (2**-0.5, 2**0.5)
"""Steps from the best of these scales to two more, half-way to its neighbours."""
WINDOW = 384
"""Side of the window at every scale, pixels that the network sees."""
FEW_PIXELS = 24
"""A window with a shorter side shows too little to measure."""
MANY = 24
"""Objects: with fewer, what was found may be one cell cut into its organelles, or a cell clump."""
SMALLEST = 3.0
"""Pixels: what is smaller than this is noise."""
BLIND = 0.01
"""Weight of a look that is sure of nothing: such looks decide only where no look is sure."""
WIDTH = 2.0
"""Octaves by which the size of what is found and the guess may differ."""

Look = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, float]]
"""(H, W, C) of 0..1 -> foreground and cue, (H, W) of 0..1, and the guess: the diameter of the
objects in octaves above the known one."""


@dataclass(frozen=True)
class Sight:
    """What one look found. scale: of the window; diameter: median, pixels of the whole image.

    fit: 0..1, how sure the network is of what it found. guess: octaves, as the objects look here.
    """

    scale: float
    diameter: float
    fit: float
    guess: float

    def agreement(self, diameter: float) -> float:
        """0..1: whether the objects that were found have about this diameter."""
        return _bell(np.log2(self.diameter / diameter) / WIDTH)


def estimate_diameter(pixels: UnitPixels, known: float, look: Look) -> float | None:
    """Median object diameter in pixels of an image, within DIAMETERS; None: nothing was found.

    known: the diameter that the network knows.
    """

    def sights(scales: Iterable[float]) -> list[Sight]:
        return [s for scale in scales if (s := _sight(pixels, scale, look))]

    first = sights(SCALES)
    if not first:
        return None
    guess = _agreed(first, known)

    def fit(sight: Sight) -> float:
        return sight.fit * sight.agreement(guess)

    best = max(first, key=fit)
    if not fit(best):
        return min(max(guess, DIAMETERS[0]), DIAMETERS[1])
    near = best, *sights(best.scale * step for step in BETWEEN)
    return min(near, key=lambda sight: abs(sight.guess)).diameter


def _agreed(sights: Sequence[Sight], known: float) -> float:
    """The diameter that the looks guess together, pixels of the image: their weighted median.

    The nearer to the known size, the better it is guessed; and who sees nothing guesses blindly.
    """
    by_size = sorted(sights, key=lambda sight: known * 2**sight.guess / sight.scale)
    weights = [(sight.fit + BLIND) * _bell(sight.guess) for sight in by_size]
    middle = by_size[int(np.searchsorted(np.cumsum(weights), np.sum(weights) / 2))]
    return known * 2**middle.guess / middle.scale


def measurable(known: float) -> tuple[float, float]:
    """The smallest and the largest size of objects, pixels, that looks can measure well."""
    return known / max(SCALES), known / min(SCALES)


def median_diameter(areas: np.ndarray) -> float:
    """Diameter in pixels of the disc that has the median area."""
    return float(np.sqrt(4 / np.pi * np.median(areas)))


def _sight(pixels: UnitPixels, scale: float, look: Look) -> Sight | None:
    """Look at a window at one scale; None when it is too small or shows no object."""
    picture = rescaled(pixels[_window(pixels, WINDOW / scale)], scale)
    if min(picture.shape[:2]) < FEW_PIXELS:
        return None
    foreground, cue, guess = look(picture)
    objects, chances = find_objects(foreground, cue, 0.5, 0.5, TYPICAL)
    areas = np.bincount(objects.value, objects.length)[1:]
    if not len(areas):
        return None
    worth = np.maximum(2 * chances[1:] - 1, 0)  # what is likelier wrong than right is worth nothing
    sure = worth > 0 if worth.any() else worth >= 0
    diameter = median_diameter(areas[sure]) / scale
    fit = np.average(worth, weights=areas) * min(1, np.count_nonzero(sure) / MANY) ** 0.25
    return Sight(scale, diameter, float(fit), guess) if diameter >= SMALLEST else None


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
