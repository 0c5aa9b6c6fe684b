"""Prediction: what a network saw of an image, for the error bars of its objects."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the network saw: (H, W) probability, and the threshold that holds for the regions."""

    foreground: np.ndarray
    threshold: float
