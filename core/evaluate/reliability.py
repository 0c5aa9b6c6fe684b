"""Confidence that can be believed: the chance that a found object overlaps a true one by half.

The mean foreground probability inside an object and how high the cue rises in it rank objects well
but are no chance. Three numbers, fitted on validation images, turn them into one; a table shows how
far the result can be trusted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EDGE = 1e-4
"""Probabilities are kept this far from 0 and 1, where the logit has no value."""
SPREAD = 2.0
"""How far, on the logit scale, slope and offset may lie from "as it is" when few objects speak."""
UNKNOWN = 0.5
"""As the height of the cue it says nothing: its logit is 0."""
BINS = 10
STEPS = 100
"""The fit takes five to ten steps; the bound is for numbers that nobody foresaw."""


@dataclass(frozen=True)
class Confidence:
    """sigmoid(slope * logit(p) + rise * logit(peak) + offset); p as it is by default.

    slope and rise are never negative: an object with a higher p or peak never gets less.
    """

    slope: float = 1.0
    offset: float = 0.0
    rise: float = 0.0

    def __call__(self, p: npt.ArrayLike, peak: npt.ArrayLike = UNKNOWN) -> Floats:
        """Chances, float64 of the shape of `p`.

        p: mean foreground probability of objects; peak: the highest cue in them; both 0..1.
        """
        return _sigmoid(self.slope * _logit(p) + self.rise * _logit(peak) + self.offset)


AS_IT_IS = Confidence()


@dataclass(frozen=True)
class Bin:
    """The objects whose confidence lies in low..high: how many, mean confidence, share of hits."""

    low: float
    high: float
    objects: int
    confidence: float
    hits: float


def fit_confidence(
    p: npt.ArrayLike, hit: npt.ArrayLike, peak: npt.ArrayLike = UNKNOWN
) -> Confidence:
    """The most likely calibration for objects of mean probability `p`, `peak` and `hit`, (n,) each.

    A weak normal prior around the identity (SPREAD) keeps it finite when all objects hit or miss,
    and near the identity when there are few; without objects it is the identity.
    """
    logits, hits = _logit(p), np.asarray(hit, np.float64)
    ones = np.ones_like(logits)
    features, expected = np.stack((logits, ones, _logit(peak) * ones)), np.array([1.0, 0.0, 0.0])
    weights = _fit(features, hits, expected)
    while min(weights[0], weights[2]) < 0:
        worst = 0 if weights[0] < weights[2] else 2
        features[worst] = expected[worst] = 0.0  # higher values, fewer hits: they do not count
        weights = _fit(features, hits, expected)
    return Confidence(*(round(float(weight), 4) for weight in weights))


def reliability_table(confidence: npt.ArrayLike, hit: npt.ArrayLike) -> tuple[Bin, ...]:
    """Bins of equal width over 0..1 of `confidence` (n,) against `hit` (n,) bool; no empty ones."""
    values, hits = np.asarray(confidence, np.float64), np.asarray(hit, bool)
    places = np.clip((values * BINS).astype(int), 0, BINS - 1)
    return tuple(_bin(int(i), values[places == i], hits[places == i]) for i in np.unique(places))


def calibration_error(table: Sequence[Bin]) -> float:
    """Mean of |confidence - hits| over the objects (expected calibration error); 0 without any."""
    total = sum(row.objects for row in table)
    gaps = sum(row.objects * abs(row.confidence - row.hits) for row in table)
    return gaps / total if total else 0.0


def cross_fitted(
    p: npt.ArrayLike, hit: npt.ArrayLike, fold: npt.ArrayLike, peak: npt.ArrayLike = UNKNOWN
) -> Floats:
    """(n,) confidence of each object by a calibration fitted on the other folds.

    fold: (n,) names or numbers; objects of one image (or field) share one, so none judges itself.
    """
    values, hits, folds = np.asarray(p, np.float64), np.asarray(hit, bool), np.asarray(fold)
    peaks = np.broadcast_to(np.asarray(peak, np.float64), values.shape)
    confidence = np.zeros(len(values))
    for one in np.unique(folds):
        inside = folds == one
        fitted = fit_confidence(values[~inside], hits[~inside], peaks[~inside])
        confidence[inside] = fitted(values[inside], peaks[inside])
    return confidence


def _bin(place: int, confidence: Floats, hits: npt.NDArray[np.bool_]) -> Bin:
    means = (round(float(values.mean()), 4) for values in (confidence, hits))
    return Bin(place / BINS, (place + 1) / BINS, len(hits), *means)


def _fit(features: Floats, hits: Floats, expected: Floats) -> Floats:
    """Logistic regression of `hits` (n,) on `features` (k, n) by Newton's method; (k,).

    The prior is centred at `expected`. A step that would lower the likelihood is halved.
    """
    weights, at = expected, _log_posterior(expected, features, hits, expected)
    for _ in range(STEPS):
        step = _newton_step(weights, features, hits, expected)
        while (then := _log_posterior(weights + step, features, hits, expected)) < at:
            step = step / 2
            if np.abs(step).max() < 1e-9:
                return weights
        weights, at = weights + step, then
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _newton_step(weights: Floats, features: Floats, hits: Floats, expected: Floats) -> Floats:
    chance = _sigmoid(weights @ features)
    gradient = features @ (hits - chance) - (weights - expected) / SPREAD**2
    curvature = (features * chance * (1 - chance)) @ features.T + np.eye(len(weights)) / SPREAD**2
    return np.asarray(np.linalg.solve(curvature, gradient), np.float64)


def _log_posterior(weights: Floats, features: Floats, hits: Floats, expected: Floats) -> float:
    """Log likelihood plus log prior, up to a constant."""
    scores = weights @ features
    likelihood = hits @ scores - np.logaddexp(0, scores).sum()
    return float(likelihood - np.sum((weights - expected) ** 2) / SPREAD**2 / 2)


def _logit(p: npt.ArrayLike) -> Floats:
    clipped = np.clip(np.asarray(p, np.float64), EDGE, 1 - EDGE)
    return np.asarray(np.log(clipped / (1 - clipped)), np.float64)


def _sigmoid(scores: Floats) -> Floats:
    """1 / (1 + exp(-scores)), without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -scores)), np.float64)
