"""From optical thickness (S, S) to what a transmitted-light microscope shows, grey about 0.5."""

from collections.abc import Callable

import cv2
import numpy as np

from core.train.synthetic.fields import blurred

Optics = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]
"""Thickness, radius of the objects in pixels, random generator -> brightness."""


def phase_contrast(thickness: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    """Thick is dark (seldom bright), with the halo and shade-off of a ring that leaks light.

    Very thick objects turn bright again: the shift exceeds half a wave.
    """
    reach = float(np.clip(radius * np.exp(rng.uniform(-2.0, 0.0)), 1.5, 20))
    leak = rng.uniform(0.6, 1.0)
    near, far = blurred(thickness, reach), blurred(thickness, reach * 2.5)
    mixture = rng.uniform(0.4, 0.9)
    shift = thickness - leak * (mixture * near + (1 - mixture) * far)
    bend = rng.uniform(0.6, 3.2)
    sign = -1 if rng.random() < 0.85 else 1
    return np.asarray(0.5 + sign * np.sin(bend * shift) / bend)


def bright_field(thickness: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    """Edges light up or darken with defocus; a second, fainter fringe; little absorption."""
    width = float(np.clip(radius * rng.uniform(0.04, 0.12), 0.8, 3.0))
    defocus = float(rng.choice([-1, 1])) * rng.uniform(0.5, 2.5)
    sharp, soft, wide = (blurred(thickness, width * k) for k in (1.0, 1.8, 4.0))
    fringe = rng.uniform(-0.3, 0.7)
    bent = (sharp - soft) + fringe * (wide - soft)
    absorbed = rng.uniform(0.0, 0.25) * sharp * (rng.random() < 0.7)
    return np.asarray(0.6 + defocus * bent - absorbed)


def shear_contrast(thickness: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    """Differential interference and Hoffman contrast: a relief lit from one side."""
    angle = rng.uniform(0, 2 * np.pi)
    soft = blurred(thickness, float(rng.uniform(0.6, 1.4)))
    x = cv2.Sobel(soft, -1, 1, 0, ksize=3)
    y = cv2.Sobel(soft, -1, 0, 1, ksize=3)
    relief = float(np.cos(angle)) * x + float(np.sin(angle)) * y
    absorbed = rng.uniform(-0.1, 0.15) * soft
    steep = rng.uniform(1.0, 4.0)
    return np.asarray(0.5 + np.tanh(steep * relief) * 0.4 - absorbed)
