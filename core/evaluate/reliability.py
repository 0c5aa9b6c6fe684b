"""Fitting the confidence to validation images, and a table of how far it can be trusted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.confidence import TYPICAL, Bin, Confidence, Floats, chances, terms

SPREAD = 5.0
"""How far each of the weights may lie from what is typical when few objects speak."""
BINS = 10
STEPS = 100
"""The fit takes five to ten steps; the bound is for numbers that nobody foresaw."""


def fit_confidence(traits: Floats, hit: npt.ArrayLike) -> Confidence:
    """The most likely calibration for candidates with `traits` (7, n) and `hit` (n,) bool.

    A weak normal prior around what is typical (SPREAD) keeps it finite when all hit or miss, and
    typical when there are few.
    """
    weights = _fit(terms(traits), np.asarray(hit, np.float64), TYPICAL.weights)
    return Confidence.of_weights(weights)


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
    chance = chances(weights @ features)
    gradient = features @ (hits - chance) - (weights - expected) / SPREAD**2
    curvature = (features * chance * (1 - chance)) @ features.T + np.eye(len(weights)) / SPREAD**2
    return np.asarray(np.linalg.solve(curvature, gradient), np.float64)


def _log_posterior(weights: Floats, features: Floats, hits: Floats, expected: Floats) -> float:
    """Log likelihood plus log prior, up to a constant."""
    scores = weights @ features
    likelihood = hits @ scores - np.logaddexp(0, scores).sum()
    return float(likelihood - np.sum((weights - expected) ** 2) / SPREAD**2 / 2)
