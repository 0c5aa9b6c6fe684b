"""Confidence that can be believed: the chance that a candidate and a true object have IoU > 0.5."""

from dataclasses import KW_ONLY, astuple, dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

Floats = npt.NDArray[np.float64]
PRODUCTS = np.triu_indices(7)
"""The pairs of traits whose products count as well: of each with itself and with each other."""
PAIRS = len(PRODUCTS[0])


@dataclass(frozen=True)
class Confidence:
    """sigmoid of the bias and the sum of the traits (`core.engine.tree.TRAITS`) and their products,
    each times its weight. The defaults are typical of networks of this kind: decision 0006.

    products: (28,) in the order of PRODUCTS.
    """

    foreground: float = 15.0
    peak: float = 5.0
    outer_pass: float = -3.0
    inner_pass: float = 4.5
    contact: float = -2.0
    seam: float = -1.0
    ellipse: float = 3.5
    bias: float = -22.0
    _: KW_ONLY
    products: Annotated[tuple[float, ...], Meta(min_length=PAIRS, max_length=PAIRS)] = (
        0.0,
    ) * PAIRS

    @property
    def weights(self) -> Floats:
        """(36,) as `of_weights` takes them."""
        *alone, products = astuple(self)
        return np.array([*alone, *products])

    @classmethod
    def of_weights(cls, weights: Floats) -> "Confidence":
        """The calibration with these weights (36,), rounded."""
        numbers = [round(float(weight), 4) for weight in weights]
        alone = len(numbers) - PAIRS
        return cls(*numbers[:alone], products=tuple(numbers[alone:]))

    def log_odds(self, traits: Floats) -> Floats:
        """(n,) log(p / (1 - p)) of the chance p of candidates with these traits (7, n)."""
        return np.asarray(self.weights @ terms(traits), np.float64)

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


def terms(traits: Floats) -> Floats:
    """(36, n) what is weighted: the traits (7, n), 1 for the bias, and the products."""
    first, second = PRODUCTS
    return np.concatenate((traits, np.ones_like(traits[:1]), traits[first] * traits[second]))


def chances(log_odds: Floats) -> Floats:
    """1 / (1 + exp(-log_odds)), without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -log_odds)), np.float64)
