"""Layouts of whole cells: how they are shaped, how many there are, how they lie together."""

import numpy as np

from core.train.synthetic.cells import Cells
from core.train.synthetic.fields import blurred, noise
from core.train.synthetic.outlines import blobs, spindles
from core.train.synthetic.placing import paint, scatter, squeeze, stack, tessellate, tidied

Drawn = tuple[np.ndarray, np.ndarray]
"""Pixels (S, S, 1|3) float32 of 0..1 and labels (S, S) int32."""


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def sizes(rng: np.random.Generator, radius: float, count: int, spread: float = 0.2) -> np.ndarray:
    """Radii (N,) of a population around `radius`."""
    return radius * np.exp(rng.normal(0, spread, count))


def crowd(size: int, radius: float, cover: float) -> int:
    """How many objects of `radius` cover that share of the field."""
    return int(np.clip(cover * size**2 / (np.pi * radius**2), 1, 400))


def typical_radius(cells: Cells) -> float:
    return float(np.median(cells.radii[1:])) if cells.count else 12.0


def adherent_cells(size: int, rng: np.random.Generator) -> Cells:
    """Spread, branched and spindle-shaped cells, alone or in loose groups."""
    radius = log_uniform(rng, 7, 30)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.08, 1.8)), 0.3)
    if rng.random() < 0.35:
        shapes = blobs(radii, rng, roughness=rng.uniform(0.08, 0.16), stretch=0.5)
    else:
        disorder = float(rng.choice([0.4, 3.0]))
        shapes = spindles(radii, rng, int(rng.integers(2, 5)), disorder)
    detached = rng.random(len(radii)) < rng.choice([0.0, 0.12])
    shapes[detached] = blobs(0.6 * radii[detached], rng, roughness=0.03, stretch=0.1)
    places, _ = scatter(size, radii, rng, spacing=0, clumps=int(rng.integers(0, 5)))
    return Cells(stack(shapes, places, size, share=rng.uniform(0.02, 0.25)))


def round_cells(size: int, rng: np.random.Generator) -> Cells:
    """Cells in suspension or rounded up: single, in pairs and in clumps."""
    radius = log_uniform(rng, 5, 32)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.05, 1.2)), 0.15)
    clumps = int(rng.integers(0, 6))
    places, radii = scatter(size, radii, rng, rng.uniform(0.8, 1.05), clumps)
    shapes = blobs(radii, rng, roughness=rng.uniform(0.01, 0.08), stretch=rng.uniform(0, 0.3))
    return Cells((squeeze if rng.random() < 0.5 else paint)(shapes, places, size))


def epithelium(size: int, rng: np.random.Generator) -> Cells:
    """A closed layer, or islands of it with a smooth outer border."""
    diameter = log_uniform(rng, 15, 62)
    labels = tessellate(size, diameter, rng, rng.uniform(0.15, 0.45), rng.uniform(0.02, 0.15))
    if rng.random() < 0.6:
        labels = without_cells(labels, outside_of_islands(size, diameter, rng))
    return Cells(labels)


def outside_of_islands(size: int, diameter: float, rng: np.random.Generator) -> np.ndarray:
    field = noise(size, max(size / rng.uniform(1.5, 4), 1.5 * diameter), rng)
    return np.asarray(field > np.quantile(field[::4, ::4], rng.uniform(0.3, 0.9)))


def without_cells(labels: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Labels without the objects that lie mostly in `area`; the rest lose free corners."""
    counts = np.bincount(labels.ravel())
    lost = np.bincount(labels.ravel(), area.ravel()) > 0.5 * counts
    lost[0] = True
    kept = np.where(lost, 0, np.arange(len(lost)))[labels]
    soft = blurred((kept > 0).astype(np.float32), 0.12 * float(np.sqrt(np.median(counts))))
    return tidied(np.where(soft > 0.5, kept, 0).astype(np.int32))


def any_cells(size: int, rng: np.random.Generator) -> Cells:
    layouts = (adherent_cells, round_cells, round_cells, epithelium)
    return layouts[rng.integers(len(layouts))](size, rng)
