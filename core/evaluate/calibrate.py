"""Choosing a network's default scale, threshold and separation on validation images."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from msgspec import structs

from core.engine.config import SegmentConfig
from core.engine.instances import find_instances, limit_sizes
from core.engine.loader import LoadedNetwork
from core.engine.result import Maps
from core.engine.segment import probability_maps
from core.evaluate.matching import NO_MATCH, match_labels
from core.progress import Ticket
from core.train.collection import Sample

MIN_AREA = SegmentConfig().min_area
COARSE_THRESHOLDS = (0.35, 0.45, 0.55, 0.65)
COARSE_SEPARATIONS = (0.3, 0.4, 0.5, 0.6, 0.7)
FINE_STEPS = (-0.05, 0.0, 0.05)


@dataclass(frozen=True)
class Setting:
    """A candidate with its pooled AP at IoU 0.5."""

    ap50: float
    scale: float
    threshold: float
    separation: float


def calibrate(
    loaded: LoadedNetwork, samples: Sequence[Sample], scales: Sequence[float], ticket: Ticket
) -> list[Setting]:
    """The best setting of every scale, best first; a coarse grid, then finer steps around it."""
    truths = [sample.labels() for sample in samples]
    best = [_best_at(loaded, samples, truths, scale, ticket) for scale in scales]
    return sorted(best, key=lambda setting: -setting.ap50)


def _best_at(
    loaded: LoadedNetwork,
    samples: Sequence[Sample],
    truths: list[np.ndarray],
    scale: float,
    ticket: Ticket,
) -> Setting:
    scaled = LoadedNetwork(loaded.network, structs.replace(loaded.entry, scale=scale))
    maps = []
    for i, sample in enumerate(samples):
        ticket.step(i, len(samples), f"maps at scale {scale:g}")
        maps.append(probability_maps(sample.image(), scaled, SegmentConfig(), Ticket()))
    coarse = max(_tried(maps, truths, scale, COARSE_THRESHOLDS, COARSE_SEPARATIONS), key=_ap50)
    near = [coarse.threshold + step for step in FINE_STEPS]
    around = [coarse.separation + step for step in FINE_STEPS]
    return max(_tried(maps, truths, scale, near, around), key=_ap50)


def _ap50(setting: Setting) -> float:
    return setting.ap50


def _tried(
    maps: list[Maps],
    truths: list[np.ndarray],
    scale: float,
    thresholds: Sequence[float],
    separations: Sequence[float],
) -> list[Setting]:
    return [
        Setting(_pooled_ap50(maps, truths, t, s), scale, round(t, 3), round(s, 3))
        for t, s in product(thresholds, separations)
    ]


def _pooled_ap50(
    maps: list[Maps], truths: list[np.ndarray], threshold: float, separation: float
) -> float:
    total = NO_MATCH
    for one, truth in zip(maps, truths, strict=True):
        labels = find_instances(one.foreground, one.cue, threshold, separation)
        total += match_labels(truth, limit_sizes(labels, MIN_AREA, None))
    return float(total.precision[0])
