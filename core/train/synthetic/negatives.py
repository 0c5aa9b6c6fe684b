"""Fields without any cell: dust, bubbles, stains, or nothing but light and noise."""

import numpy as np

from core.train.synthetic.camera import false_colour, photographed, tinted
from core.train.synthetic.clutter import bubbles, debris, stains
from core.train.synthetic.fields import FLOAT, blurred, fibres, grains, noise, texture
from core.train.synthetic.optics import bright_field, phase_contrast, shear_contrast
from core.train.synthetic.population import Drawn


def dirt_only(size: int, rng: np.random.Generator) -> Drawn:
    """Debris and air bubbles on an empty slide."""
    thickness = debris(size, rng, rng.gamma(2.0, 1.5), largest=rng.uniform(2, 7))
    optics = (phase_contrast, bright_field, shear_contrast)[rng.integers(3)]
    view = optics(thickness, 6.0, rng)
    view += rng.uniform(0.1, 0.5) * bubbles(size, rng, int(rng.integers(0, 7)))
    if rng.random() < 0.4:
        view -= rng.uniform(0.02, 0.12) * stains(size, rng)
    view += texture(size, rng) * FLOAT(rng.uniform(0, 0.03))
    pixels = photographed(view, rng)
    return (tinted(pixels, rng) if rng.random() < 0.3 else pixels), _no_labels(size)


def empty_field(size: int, rng: np.random.Generator) -> Drawn:
    """Haze, medium or tissue ground; the camera's range is stretched over nearly nothing."""
    scene = noise(size, size / rng.uniform(1.5, 6), rng) * rng.uniform(0, 1)
    scene += blurred(texture(size, rng), rng.uniform(0, 2)) * rng.uniform(0, 0.6)
    if rng.random() < 0.3:
        scene += fibres(size, rng, rng.uniform(0, np.pi), 12) * rng.uniform(0.05, 0.4)
    if rng.random() < 0.3:
        scene += grains(size, rng.uniform(1e-4, 3e-3), rng.uniform(0.6, 1.2), rng)
    pixels = photographed(scene.astype(FLOAT), rng)
    colour = (tinted, false_colour)[rng.integers(2)]
    return (colour(pixels, rng) if rng.random() < 0.4 else pixels), _no_labels(size)


def _no_labels(size: int) -> np.ndarray:
    return np.zeros((size, size), np.int32)
