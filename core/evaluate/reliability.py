"""Confidence that can be believed: the chance that a candidate overlaps a true object by half.

Weights that are fitted on validation images turn the traits of a candidate into it; a table shows
how far the result can be trusted.
"""

from collections.abc import Sequence
from dataclasses import KW_ONLY, astuple, dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PRODUCTS = np.triu_indices(7)
"""The pairs of traits whose products count as well: of each with itself and with each other."""
SPREAD = 5.0
"""How far each of the weights may lie from what is typical when few objects speak."""
BINS = 10
STEPS = 100
"""The fit takes five to ten steps; the bound is for numbers that nobody foresaw."""


@dataclass(frozen=True)
class Confidence:
    """sigmoid of the bias and the sum of the traits (`core.engine.tree.TRAITS`) and their products,
    each times its weight. The defaults are typical of networks of this kind: decision 0006."""

    foreground: float = 15.0
    peak: float = 5.0
    outer_pass: float = -3.0
    inner_pass: float = 4.5
    contact: float = -2.0
    seam: float = -1.0
    ellipse: float = 3.5
    bias: float = -22.0
    _: KW_ONLY
    products: tuple[float, ...] = (0.0,) * len(PRODUCTS[0])

    @property
    def weights(self) -> Floats:
        """(36,) as `of_weights` takes them."""
        *alone, products = astuple(self)
        return np.array([*alone, *products])

    @classmethod
    def of_weights(cls, weights: Floats) -> "Confidence":
        """The calibration with these weights (36,), rounded."""
        numbers = [round(float(weight), 4) for weight in weights]
        alone = len(numbers) - len(PRODUCTS[0])
        return cls(*numbers[:alone], products=tuple(numbers[alone:]))

    def log_odds(self, traits: Floats) -> Floats:
        """(n,) log(p / (1 - p)) of the chance p of candidates with these traits (7, n)."""
        return np.asarray(self.weights @ _terms(traits), np.float64)

    def __call__(self, traits: Floats) -> Floats:
        """(n,) chances of candidates with these traits (7, n)."""
        return chances(self.log_odds(traits))


TYPICAL = Confidence()


@dataclass(frozen=True)
class Bin:
    """The objects whose confidence lies in low..high: how many, mean confidence, share of hits."""

    low: float
    high: float
    objects: int
    confidence: float
    hits: float


def fit_confidence(traits: Floats, hit: npt.ArrayLike) -> Confidence:
    """The most likely calibration for candidates with `traits` (7, n) and `hit` (n,) bool.

    A weak normal prior around what is typical (SPREAD) keeps it finite when all hit or miss, and
    typical when there are few.
    """
    weights = _fit(_terms(traits), np.asarray(hit, np.float64), TYPICAL.weights)
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


def _terms(traits: Floats) -> Floats:
    """(36, n) what is weighted: the traits (7, n), 1 for the bias, and the products."""
    first, second = PRODUCTS
    return np.concatenate((traits, np.ones_like(traits[:1]), traits[first] * traits[second]))


def chances(log_odds: Floats) -> Floats:
    """1 / (1 + exp(-log_odds)), without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -log_odds)), np.float64)
