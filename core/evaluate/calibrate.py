"""Choosing what a network recommends on validation images: threshold, separation, confidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.confidence import Bin, Confidence
from core.engine.config import SegmentConfig
from core.engine.instances import chosen_candidates
from core.engine.loader import LoadedNetwork
from core.engine.pieces import find_pieces
from core.engine.result import Maps
from core.engine.segment import probability_maps
from core.engine.tree import TRAITS, Tree, grow_tree
from core.evaluate.collection import Sample
from core.evaluate.matching import overlaps
from core.evaluate.reliability import fit_confidence, reliability_table
from core.progress import Ticket

MIN_AREA = SegmentConfig().min_area
THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
SEPARATIONS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
LEAST = tuple(round(0.05 * step, 2) for step in range(15))
"""Candidates for the least confidence of an object that stays."""

NOTHING = np.empty((len(TRAITS), 0))


@dataclass(frozen=True)
class Setting:
    """A candidate with its score: the mean of AP at IoU 0.5 over images and of AP pooled over all
    objects. With either alone a few crowded images, or a few nearly empty ones, choose for all.

    confidence: fitted on all candidates; reliability: how it held for the chosen ones.
    """

    score: float
    threshold: float
    separation: float
    min_confidence: float
    confidence: Confidence
    reliability: tuple[Bin, ...] = ()


@dataclass(frozen=True, eq=False)
class Found:
    """The objects of one image: confidence and whether it is one, (n,); how many there are."""

    confidence: np.ndarray
    hit: np.ndarray
    true: int


@dataclass(frozen=True, eq=False)
class Candidates:
    """All that the objects of one image might be. hit: (m,) bool, which of them are one.

    true: how many there are. field: of view, which images may share.
    """

    tree: Tree
    hit: np.ndarray
    true: int
    field: str

    @property
    def large(self) -> np.ndarray:
        """(m,) bool, those that the usual limit of size lets through."""
        return self.tree.area >= MIN_AREA

    def chosen(self, confidence: Confidence, separation: float) -> Found:
        """The objects, with their chances."""
        log_odds = confidence.log_odds(self.tree.traits)
        which = np.unique(chosen_candidates(self.tree, log_odds, separation)[: self.tree.count])
        which = which[self.large[which]]
        return Found(confidence(self.tree.traits[:, which]), self.hit[which], self.true)


def calibrate(loaded: LoadedNetwork, samples: Sequence[Sample], ticket: Ticket) -> Setting:
    """The best of all thresholds, separations and least confidences."""
    truths = [sample.labels() for sample in samples]
    maps = []
    for i, sample in enumerate(samples):
        ticket.step(i, len(samples), "maps for the calibration")
        maps.append(probability_maps(sample.image(), loaded, SegmentConfig(), Ticket()))

    def of_images(threshold: float) -> list[Candidates]:
        ticket.step(0, 1, f"candidates from {threshold:g}")
        together = zip(maps, truths, samples, strict=True)
        return [candidates(m, t, s.group, threshold) for m, t, s in together]

    settings = [best_with(of_images(threshold), threshold) for threshold in THRESHOLDS]
    best = max(settings, key=lambda setting: setting.score)
    return replace(best, reliability=reliability(of_images(best.threshold), best.separation))


def candidates(maps: Maps, truth: np.ndarray, field: str, threshold: float) -> Candidates:
    """The candidates of one image with its true label image (H, W)."""
    pieces = find_pieces(maps.foreground, maps.cue, threshold)
    tree = grow_tree(pieces, maps.foreground)
    sizes = np.bincount(truth.ravel())
    iou = _best_iou(tree, truth, pieces.labels[1:-1, 1:-1], sizes)
    return Candidates(tree, iou > 0.5, int(np.count_nonzero(sizes[1:])), field)


def _best_iou(tree: Tree, truth: np.ndarray, labels: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """(m,) of each candidate with the true object that it overlaps most. sizes: of true labels."""
    true, piece, shared = overlaps(truth, labels)
    at, keys, pixels = piece - 1, [np.empty(0, np.int64)], [shared[:0]]
    while at.size:  # what lies in a piece lies in all that it is joined into
        keys.append(true * len(tree.parent) + at)
        pixels.append(shared)
        at = tree.parent[at]
        true, at, shared = true[at >= 0], at[at >= 0], shared[at >= 0]
    pairs, place = np.unique(np.concatenate(keys), return_inverse=True)
    overlap = np.bincount(place, np.concatenate(pixels))
    true, at = np.divmod(pairs, max(len(tree.parent), 1))
    best = np.zeros(len(tree.parent))
    np.maximum.at(best, at, overlap / (sizes[true] + tree.area[at] - overlap))
    return best


def best_with(images: Sequence[Candidates], threshold: float) -> Setting:
    """The best separation and least confidence with this threshold."""
    confidence = _fitted(images)
    settings = []
    for separation in SEPARATIONS:
        found = [one.chosen(confidence, separation) for one in images]
        settings += [
            Setting(score(found, least), threshold, separation, least, confidence)
            for least in LEAST
        ]
    return max(settings, key=lambda setting: setting.score)


def _fitted(images: Sequence[Candidates]) -> Confidence:
    """The calibration of all candidates that are large enough; without images what is typical."""
    traits = [one.tree.traits[:, one.large] for one in images]
    hits = [one.hit[one.large] for one in images]
    return fit_confidence(np.hstack([NOTHING, *traits]), np.hstack([[], *hits]))


def reliability(images: Sequence[Candidates], separation: float) -> tuple[Bin, ...]:
    """How far the confidence can be trusted: each image is judged by a calibration that knows
    nothing of its field of view."""
    found: list[Found] = []
    for field in dict.fromkeys(one.field for one in images):
        confidence = _fitted([one for one in images if one.field != field])
        found += [one.chosen(confidence, separation) for one in images if one.field == field]
    chances = np.concatenate([one.confidence for one in found])
    return reliability_table(chances, np.concatenate([one.hit for one in found]))


def score(images: Sequence[Found], least: float) -> float:
    """The score of a Setting with that least confidence."""
    kept = [found.confidence >= least for found in images]
    hits = np.array([np.count_nonzero(f.hit & k) for f, k in zip(images, kept, strict=True)])
    union = np.array([f.true + k.sum() for f, k in zip(images, kept, strict=True)]) - hits
    of_images = np.where(union > 0, hits / np.maximum(union, 1), 1.0)
    return float(np.mean(of_images) + hits.sum() / max(union.sum(), 1)) / 2
