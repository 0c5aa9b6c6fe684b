"""Choosing a network's default threshold and separation on validation images."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from core.engine.config import SegmentConfig
from core.engine.instances import find_instances
from core.engine.limits import limit_sizes
from core.engine.loader import LoadedNetwork
from core.engine.result import Maps
from core.engine.segment import probability_maps
from core.evaluate.collection import Sample
from core.evaluate.matching import match_labels
from core.progress import Ticket

MIN_AREA = SegmentConfig().min_area
COARSE_THRESHOLDS = (0.35, 0.45, 0.55, 0.65)
COARSE_SEPARATIONS = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65)
FINE_STEPS = (-0.05, 0.0, 0.05)


@dataclass(frozen=True)
class Setting:
    """A candidate with its AP at IoU 0.5: the mean over images, so that one kind of image with
    very many objects, or with very many false ones, does not choose for all others."""

    ap50: float
    threshold: float
    separation: float


def calibrate(loaded: LoadedNetwork, samples: Sequence[Sample], ticket: Ticket) -> Setting:
    """The best setting; a coarse grid, then finer steps around it."""
    truths = [sample.labels() for sample in samples]
    maps = []
    for i, sample in enumerate(samples):
        ticket.step(i, len(samples), "maps for the calibration")
        maps.append(probability_maps(sample.image(), loaded, SegmentConfig(), Ticket()))
    coarse = _best(maps, truths, COARSE_THRESHOLDS, COARSE_SEPARATIONS)
    near = [coarse.threshold + step for step in FINE_STEPS]
    around = [coarse.separation + step for step in FINE_STEPS]
    return _best(maps, truths, near, around)


def _best(
    maps: list[Maps],
    truths: list[np.ndarray],
    thresholds: Sequence[float],
    separations: Sequence[float],
) -> Setting:
    tried = [
        Setting(_mean_ap50(maps, truths, t, s), round(t, 3), round(s, 3))
        for t, s in product(thresholds, separations)
    ]
    return max(tried, key=lambda setting: setting.ap50)


def _mean_ap50(
    maps: list[Maps], truths: list[np.ndarray], threshold: float, separation: float
) -> float:
    scores = []
    for one, truth in zip(maps, truths, strict=True):
        labels = find_instances(one.foreground, one.cue, threshold, separation)
        match = match_labels(truth, limit_sizes(labels, MIN_AREA, None))
        scores.append(match.precision[0])
    return float(np.mean(scores))
