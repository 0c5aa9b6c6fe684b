"""What lies on a slide and is no cell, and is never labelled: dust, fibres, bubbles, rings."""

import cv2
import numpy as np

from core.train.synthetic.fields import FLOAT, blurred, noise
from core.train.synthetic.outlines import blobs
from core.train.synthetic.placing import fixed_point


def debris(size: int, rng: np.random.Generator, amount: float, largest: float = 4.0) -> np.ndarray:
    """Thickness (S, S) of specks, scratches and faint rings; `amount` 1 is a usual dirty slide."""
    field = specks(size, rng, rng.poisson(8 * amount), largest)
    for _ in range(rng.poisson(0.5 * amount)):
        field += _fibre(size, rng)
    for _ in range(rng.poisson(0.4 * amount)):
        field += _ring_out_of_focus(size, rng)
    return field


def specks(size: int, rng: np.random.Generator, count: int, largest: float) -> np.ndarray:
    """Small ragged crumbs of 0..1."""
    field = np.zeros((size, size), FLOAT)
    if count == 0:
        return field
    radii = 0.7 + (largest - 0.7) * rng.beta(1, 4, count)
    places = rng.uniform(0, size, (count, 1, 2))
    crumbs = fixed_point(blobs(radii, rng, roughness=0.25, stretch=0.6) + places)
    for crumb, strength in zip(crumbs, rng.uniform(0.2, 1.0, count), strict=True):
        cv2.fillPoly(field, [crumb], float(strength), shift=4)
    return blurred(field, 0.7)


def _fibre(size: int, rng: np.random.Generator) -> np.ndarray:
    """A thin bent thread."""
    steps = 2.5 * np.cumsum(rng.normal(0, 0.12, rng.integers(10, 60))) / 2.5
    path = np.cumsum(np.stack([np.cos(steps), np.sin(steps)], 1) * 3, 0)
    path = path @ _turn(rng) + rng.uniform(0, size, 2)
    field = np.zeros((size, size), FLOAT)
    cv2.polylines(field, [fixed_point(path)], False, float(rng.uniform(0.2, 0.7)), 1, shift=4)
    return blurred(field, float(rng.uniform(0.5, 1.5)))


def _turn(rng: np.random.Generator) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _ring_out_of_focus(size: int, rng: np.random.Generator) -> np.ndarray:
    """Dust far from the focus: wide faint circles."""
    field = np.zeros((size, size), FLOAT)
    centre = [int(v) for v in rng.integers(size, size=2)]
    radius = int(rng.uniform(0.03, 0.2) * size)
    for k in range(rng.integers(1, 4)):
        level = float(rng.uniform(-0.1, 0.15))
        cv2.circle(field, centre, max(radius - 5 * k, 1), level, rng.integers(2, 6).item())
    return blurred(field, float(rng.uniform(1.5, 3.5)))


def bubbles(size: int, rng: np.random.Generator, count: int) -> np.ndarray:
    """(S, S) of -1..1: air bubbles, a broad black ring around a bright core, perfectly round."""
    field = np.zeros((size, size), FLOAT)
    y, x = np.indices((size, size), FLOAT)
    for _ in range(count):
        radius = float(np.exp(rng.uniform(np.log(5), np.log(45))))
        away = np.hypot(x - rng.uniform(0, size), y - rng.uniform(0, size)) / FLOAT(radius)
        dark = np.exp(-(((away - 0.85) / rng.uniform(0.08, 0.25)) ** 2))
        bright = rng.uniform(0, 1) * np.exp(-((away / 0.4) ** 2))
        fringe = rng.uniform(0, 0.7) * np.exp(-(((away - 1.08) / 0.06) ** 2))
        field = np.where(away < 1.3, bright - dark + fringe, field)
    return blurred(field, 0.7)


def stains(size: int, rng: np.random.Generator) -> np.ndarray:
    """(S, S) of 0..1: smears of dried medium, larger than any cell, with soft borders."""
    cloud = noise(size, size / rng.uniform(1.2, 3), rng) - rng.uniform(0.3, 1.3)
    return np.asarray(np.clip(cloud, 0, 1) * (1 + 0.2 * noise(size, 3, rng)), FLOAT)
