"""How far area and brightness of an object depend on the threshold, from the map of the network.

A higher threshold takes pixels of the object away; a lower one adds pixels around it, each to the
nearest object, as far as REACH. The area stays that of the outline; the pixels are added to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.annotation.raster import label_image
from core.annotation.region import Region
from core.annotation.runs import Flags, Floats, Ints
from core.measure.shapes import Columns

STEP = 0.1
"""Of probability, to both sides of the threshold."""
REACH = 8.0
"""px; what lies farther from all objects belongs to none of them."""


@dataclass(frozen=True, eq=False)
class Spread:
    """place: flat index of each pixel in or around an object; owner: the place of that object.

    level: 0 for a pixel that stays with the higher threshold, 1 for one that it takes away, 2 for
    one that the lower threshold adds.
    """

    place: Ints
    owner: Ints
    level: Ints
    known: Floats
    """(n,) 0 for objects as the network found them, NaN for others."""


def spread_of(
    regions: Sequence[Region], foreground: npt.NDArray[np.float32], threshold: float
) -> Spread:
    """foreground: (H, W) probability; threshold: the one that the objects were found with."""
    labels = label_image(regions, *foreground.shape)
    inside = labels > 0
    around = ~inside & (foreground >= threshold - STEP)
    objects = np.where(around, _nearest(labels, inside), labels).ravel()
    place = np.flatnonzero(objects)
    order = np.argsort([region.id for region in regions], kind="stable")
    ids = np.array([regions[i].id for i in order], np.int64)
    owner = order[np.searchsorted(ids, objects[place])]
    kept = foreground.ravel()[place] >= threshold + STEP
    level = np.where(around.ravel()[place], 2, np.where(kept, 0, 1))
    known = [r.origin.kind == "model" and not r.edited for r in regions]
    return Spread(place, owner, level, np.where(known, 0.0, np.nan))


def _nearest(labels: npt.NDArray[np.integer], inside: Flags) -> npt.NDArray[np.integer]:
    """The label of the nearest object, 0 beyond REACH."""
    if not inside.any():
        return labels
    background = np.where(inside, 0, 1).astype(np.uint8)
    distance, number = cv2.distanceTransformWithLabels(
        background, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    label_of = np.zeros(int(number.max()) + 1, labels.dtype)
    label_of[number[inside]] = labels[inside]
    return np.where(distance <= REACH, label_of[number], 0)


def area_bars(area: Floats, spread: Spread) -> Columns:
    """The columns of ERROR_BARS in square pixels."""
    lost, won = (_counts(spread, level) for level in (1, 2))
    return {"area_low": area - lost + spread.known, "area_high": area + won + spread.known}


def intensity_bars(values: npt.NDArray[np.generic], spread: Spread) -> Columns:
    """The columns of INTENSITY_BARS, of one channel (H, W)."""
    brightness = values.ravel()[spread.place].astype(np.float64)
    sums = np.array([_counts(spread, level, brightness) for level in range(3)])
    counts = np.array([_counts(spread, level) for level in range(3)])
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.cumsum(sums, axis=0) / np.cumsum(counts, axis=0)
    low, high = np.fmin.reduce(means), np.fmax.reduce(means)
    return {"mean_low": low + spread.known, "mean_high": high + spread.known}


def _counts(spread: Spread, level: int, weights: Floats | None = None) -> Floats:
    """(n,) pixels of a level, or the sum of their weights."""
    some = spread.level == level
    parts = None if weights is None else weights[some]
    return np.bincount(spread.owner[some], parts, len(spread.known)).astype(np.float64)
