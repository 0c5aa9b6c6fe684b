"""Choosing what a network recommends on validation images: threshold, separation, confidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from core.engine.config import SegmentConfig
from core.engine.instances import find_objects
from core.engine.limits import within_sizes
from core.engine.loader import LoadedNetwork
from core.engine.outline import highest_inside, mean_inside
from core.engine.result import Maps
from core.engine.runs import labelled
from core.engine.segment import probability_maps
from core.evaluate.collection import Sample
from core.evaluate.matching import matched_labels
from core.evaluate.reliability import (
    Bin,
    Confidence,
    cross_fitted,
    fit_confidence,
    reliability_table,
)
from core.progress import Ticket

MIN_AREA = SegmentConfig().min_area
COARSE_THRESHOLDS = (0.35, 0.45, 0.55, 0.65, 0.75)
COARSE_SEPARATIONS = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65)
FINE_STEPS = (-0.05, 0.0, 0.05)
LEAST = tuple(round(0.05 * step, 2) for step in range(15))
"""Candidates for the least confidence of an object that stays."""


@dataclass(frozen=True)
class Setting:
    """A candidate with its score: the mean of AP at IoU 0.5 over images and of AP pooled over all
    objects. With either alone a few crowded images, or a few nearly empty ones, choose for all.

    confidence: fitted on the objects found with it, all of them; reliability: how it held.
    """

    score: float
    threshold: float
    separation: float
    min_confidence: float
    confidence: Confidence
    reliability: tuple[Bin, ...] = ()


@dataclass(frozen=True, eq=False)
class Found:
    """The objects of one image: mean probability, highest cue, and whether it is one, (n,) each.

    true: how many there are. field: of view, which images may share.
    """

    mean: np.ndarray
    peak: np.ndarray
    hit: np.ndarray
    true: int
    field: str


def calibrate(loaded: LoadedNetwork, samples: Sequence[Sample], ticket: Ticket) -> Setting:
    """The best setting; a coarse grid, then finer steps around it."""
    truths = [sample.labels() for sample in samples]
    maps = []
    for i, sample in enumerate(samples):
        ticket.step(i, len(samples), "maps for the calibration")
        maps.append(probability_maps(sample.image(), loaded, SegmentConfig(), Ticket()))

    def found(threshold: float, separation: float) -> list[Found]:
        together = zip(maps, truths, samples, strict=True)
        return [_found(m, truth, s.group, threshold, separation) for m, truth, s in together]

    def best(thresholds: Sequence[float], separations: Sequence[float]) -> Setting:
        pairs = [(round(t, 3), round(s, 3)) for t, s in product(thresholds, separations)]
        settings = [best_confidence(found(*pair), *pair) for pair in pairs]
        return max(settings, key=lambda setting: setting.score)

    coarse = best(COARSE_THRESHOLDS, COARSE_SEPARATIONS)
    fine = best(
        [coarse.threshold + step for step in FINE_STEPS],
        [coarse.separation + step for step in FINE_STEPS],
    )
    return replace(fine, reliability=reliability(found(fine.threshold, fine.separation)))


def best_confidence(images: Sequence[Found], threshold: float, separation: float) -> Setting:
    """The setting with the least confidence that scores best."""
    confidence = fit_confidence(*_pooled(images))
    chances = [confidence(image.mean, image.peak) for image in images]
    scores = {least: score(images, [c >= least for c in chances]) for least in LEAST}
    least = max(LEAST, key=lambda one: scores[one])
    return Setting(scores[least], threshold, separation, least, confidence)


def reliability(images: Sequence[Found]) -> tuple[Bin, ...]:
    """How far the confidence can be trusted: each object is judged by a calibration that knows
    nothing of its field of view."""
    mean, hit, peak = _pooled(images)
    fields = np.repeat([image.field for image in images], [len(image.hit) for image in images])
    return reliability_table(cross_fitted(mean, hit, fields, peak), hit)


def score(images: Sequence[Found], kept: Sequence[np.ndarray]) -> float:
    """The score of a Setting that keeps these objects; kept: (n,) bool for each image."""
    hits = np.array([np.count_nonzero(f.hit & k) for f, k in zip(images, kept, strict=True)])
    union = np.array([f.true + k.sum() for f, k in zip(images, kept, strict=True)]) - hits
    of_images = np.where(union > 0, hits / np.maximum(union, 1), 1.0)
    return float(np.mean(of_images) + hits.sum() / max(union.sum(), 1)) / 2


def _pooled(images: Sequence[Found]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, hit and peak of the objects of all images."""
    mean, hit, peak = zip(*((image.mean, image.hit, image.peak) for image in images), strict=True)
    return np.concatenate(mean), np.concatenate(hit), np.concatenate(peak)


def _found(maps: Maps, truth: np.ndarray, field: str, threshold: float, separation: float) -> Found:
    objects = find_objects(maps.foreground, maps.cue, threshold, separation)
    objects = within_sizes(objects, MIN_AREA, None)
    mean = mean_inside(objects, maps.foreground)[1:]
    matched = matched_labels(truth, labelled(objects, truth.shape))[1]
    hit = np.isin(np.arange(1, len(mean) + 1), matched)
    true = int(np.count_nonzero(np.bincount(truth.ravel())[1:]))
    return Found(mean, highest_inside(objects, maps.cue)[1:], hit, true, field)
