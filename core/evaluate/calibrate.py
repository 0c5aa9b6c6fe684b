"""Choosing what a network recommends on validation images: threshold, separation, sureness."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from core.engine.config import SegmentConfig
from core.engine.instances import find_objects
from core.engine.limits import within_sizes
from core.engine.loader import LoadedNetwork
from core.engine.outline import mean_inside
from core.engine.result import Maps
from core.engine.runs import labelled
from core.engine.segment import probability_maps
from core.evaluate.collection import Sample
from core.evaluate.matching import matched_labels
from core.progress import Ticket

MIN_AREA = SegmentConfig().min_area
COARSE_THRESHOLDS = (0.35, 0.45, 0.55, 0.65)
COARSE_SEPARATIONS = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65)
FINE_STEPS = (-0.05, 0.0, 0.05)
SURENESSES = (0.0, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93)
"""Least mean probability of an object that stays."""


@dataclass(frozen=True)
class Setting:
    """A candidate with its score: the mean of AP at IoU 0.5 over images and of AP pooled over all
    objects. With either alone a few crowded images, or a few nearly empty ones, choose for all."""

    score: float
    threshold: float
    separation: float
    sureness: float


@dataclass(frozen=True, eq=False)
class Found:
    """The objects of one image: mean probability and whether it is one, (n,) each; true: how many
    there are."""

    sureness: np.ndarray
    hit: np.ndarray
    true: int


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
    maps: Sequence[Maps],
    truths: Sequence[np.ndarray],
    thresholds: Sequence[float],
    separations: Sequence[float],
) -> Setting:
    tried = []
    for threshold, separation in product(thresholds, separations):
        pairs = zip(maps, truths, strict=True)
        images = [_found(one, truth, threshold, separation) for one, truth in pairs]
        pair = round(threshold, 3), round(separation, 3)
        tried += [Setting(score(images, least), *pair, least) for least in SURENESSES]
    return max(tried, key=lambda setting: setting.score)


def _found(maps: Maps, truth: np.ndarray, threshold: float, separation: float) -> Found:
    objects = find_objects(maps.foreground, maps.cue, threshold, separation)
    objects = within_sizes(objects, MIN_AREA, None)
    sureness = mean_inside(objects, maps.foreground)[1:]
    matched = matched_labels(truth, labelled(objects, truth.shape))[1]
    hit = np.isin(np.arange(1, len(sureness) + 1), matched)
    return Found(sureness, hit, int(np.count_nonzero(np.bincount(truth.ravel())[1:])))


def score(images: Sequence[Found], least: float) -> float:
    """The score of a Setting that keeps the objects from the mean probability `least` on."""
    kept = [image.sureness >= least for image in images]
    hits = np.array([np.count_nonzero(f.hit & k) for f, k in zip(images, kept, strict=True)])
    union = np.array([f.true + k.sum() for f, k in zip(images, kept, strict=True)]) - hits
    of_images = np.where(union > 0, hits / np.maximum(union, 1), 1.0)
    return float(np.mean(of_images) + hits.sum() / max(union.sum(), 1)) / 2
