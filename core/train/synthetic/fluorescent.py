"""Cells that glow on black: stained cytoplasm, membranes, cell walls, crowded nuclei."""

import numpy as np

from core.train.synthetic.camera import false_colour, photographed
from core.train.synthetic.cells import Cells
from core.train.synthetic.fields import FLOAT, blurred, fibres, grains, noise, texture
from core.train.synthetic.outlines import blobs
from core.train.synthetic.placing import paint, scatter, squeeze, tessellate, tidied
from core.train.synthetic.population import (
    Drawn,
    any_cells,
    crowd,
    log_uniform,
    outside_of_islands,
    sizes,
    typical_radius,
    without_cells,
)


def cytoplasm(size: int, rng: np.random.Generator) -> Drawn:
    """Whole cells with a dark (or a second, bright) nucleus, fibres and granules."""
    cells = any_cells(size, rng)
    radius = typical_radius(cells)
    light = cells.body(log_uniform(rng, 1.4, 8)) * cells.varied(rng, rng.uniform(0.1, 0.6))
    light *= np.clip(1 + _fabric(cells, rng), 0.1, 3)
    nuclei = blurred((cells.nuclei(rng, rng.uniform(0.35, 0.6)) > 0).astype(FLOAT), 0.8)
    light *= 1 - nuclei * FLOAT(rng.uniform(-0.6, 0.9))
    if rng.random() < 0.4:
        light += rng.uniform(0.1, 0.6) * cells.rim(0.5, rng.uniform(0.8, 1.8)) * cells.inside
    light += rng.uniform(0, 0.35) * blurred(light, 1.2 * radius) + _glow(size, rng)
    if rng.random() < 0.3:
        return _two_stains(light, nuclei, rng), cells.labels
    return _on_black(light, rng, rng.uniform(0.7, 1.6)), cells.labels


def _fabric(cells: Cells, rng: np.random.Generator) -> np.ndarray:
    """What the stain binds to: patches, fibres or granules; mean about 0."""
    size, radius = cells.size, typical_radius(cells)
    strength = FLOAT(rng.uniform(0.05, 0.5))
    which = rng.integers(3)
    if which == 0:
        return fibres(size, rng, rng.uniform(0, np.pi), 14) * strength * 0.5
    if which == 1:
        return grains(size, 10 / radius**2, rng.uniform(0.7, 1.5), rng) * strength * 2
    return texture(size, rng, max(radius / 8, 1.3)) * strength


def _glow(size: int, rng: np.random.Generator) -> np.ndarray:
    """Light from outside the focus and from the medium."""
    return np.asarray(rng.gamma(1.0, 0.03) * (2 + noise(size, size / 4, rng)), FLOAT)


def _on_black(light: np.ndarray, rng: np.random.Generator, focus: float) -> np.ndarray:
    pixels = photographed(light, rng, focus=focus)
    return false_colour(pixels, rng) if rng.random() < 0.2 else pixels


def _two_stains(light: np.ndarray, nuclei: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cytoplasm in one colour, nuclei in blue."""
    bright = max(float(np.percentile(light[::3, ::3], 99)), 1e-3)
    first = false_colour(light[..., None] / bright, rng)
    spots = nuclei * (1 + 0.2 * texture(len(light), rng))
    blue = spots[..., None] * np.array([0.05, 0.1, 0.9]) * rng.uniform(0.3, 0.8)
    return photographed((first + blue).astype(FLOAT), rng, focus=1.0)


def membranes(size: int, rng: np.random.Generator) -> Drawn:
    """An epithelium with bright borders, uneven along their length; some cells filled."""
    diameter = log_uniform(rng, 11, 65)
    labels = tessellate(size, diameter, rng, rng.uniform(0.1, 0.5), rng.uniform(0, 0.15))
    if rng.random() < 0.3:
        labels = without_cells(labels, outside_of_islands(size, diameter, rng))
    cells = Cells(labels)
    line = np.exp(-((cells.depth / max(diameter * rng.uniform(0.02, 0.08), 0.8)) ** 2))
    line *= np.clip(1 + rng.uniform(0, 0.4) * noise(size, diameter / 3, rng), 0.1, 2)
    filled = cells.varied(rng, rng.uniform(0.1, 0.9)) * FLOAT(rng.uniform(0, 0.3))
    filled *= 1 + rng.uniform(0, 0.4) * texture(size, rng)
    nuclei = (cells.nuclei(rng, rng.uniform(0.4, 0.6)) > 0) * rng.normal(0, 0.15)
    speckle = grains(size, 3 / diameter**2, 1.0, rng) * rng.uniform(0, 0.5)
    light = (line + filled + nuclei * cells.inside + speckle).astype(FLOAT)
    light += rng.uniform(0, 0.8) * blurred(light, diameter / 4) + _glow(size, rng)
    return _on_black(light, rng, rng.uniform(0.7, 1.5)), cells.labels


def cell_walls(size: int, rng: np.random.Generator) -> Drawn:
    """Plant-like tissue: rounded cells of very different sizes, thick bright (or dark) walls."""
    tissue = Cells(_plant_cells(size, rng))
    wall = min(rng.uniform(0.8, 3.5), 0.2 * typical_radius(tissue))
    cells = Cells(tidied(np.where(tissue.depth > wall, tissue.labels, 0).astype(np.int32)))
    light = np.exp(-((np.maximum(tissue.depth - wall, 0) / 0.8) ** 2))
    light *= np.clip(1 + 0.25 * noise(size, 12, rng), 0.3, 2)
    light *= np.exp(rng.uniform(0, 0.5) * noise(size, size / 4, rng))
    light += cells.varied(rng, 0.9) * rng.uniform(0, 0.15) * (1 + 0.3 * texture(size, rng))
    scene = np.asarray(light)
    if rng.random() < 0.25:
        scene = 1 - scene
    return _on_black(scene, rng, rng.uniform(0.6, 1.2)), cells.labels


def _plant_cells(size: int, rng: np.random.Generator) -> np.ndarray:
    """Either a lattice, or large rounded cells among small ones."""
    radius = log_uniform(rng, 6, 30)
    if rng.random() < 0.4:
        return tessellate(size, 2 * radius, rng, rng.uniform(0.1, 0.4), 0.05)
    count = crowd(size, radius, 2.5)
    radii = np.sort(sizes(rng, radius, count, rng.uniform(0.2, 0.5)))[::-1]
    places, radii = scatter(size, radii, rng, 0.95)
    return squeeze(blobs(1.25 * radii, rng, 0.03, 0.15), places, size)


def crowded_nuclei(size: int, rng: np.random.Generator) -> Drawn:
    """Clusters of nuclei of very different brightness, blurred, with others out of focus."""
    radius = log_uniform(rng, 5, 28)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.15, 1.4)), 0.2)
    places, radii = scatter(size, radii, rng, rng.uniform(0.7, 0.95), int(rng.integers(0, 6)))
    shapes = blobs(radii, rng, roughness=rng.uniform(0.02, 0.1), stretch=rng.uniform(0.1, 0.6))
    cells = Cells((squeeze if rng.random() < 0.4 else paint)(shapes, places, size))
    light = cells.body(rng.uniform(1.5, 6)) * cells.varied(rng, rng.uniform(0.15, 0.8))
    light *= np.clip(1 + rng.uniform(0, 0.35) * texture(size, rng, radius / 6), 0.2, 2)
    light -= 0.5 * light * np.clip(grains(size, 2 / radius**2, radius / 8, rng), 0, 1)
    haze = blurred(np.roll(light, rng.integers(size, size=2).tolist(), (0, 1)), radius * 0.7)
    light = light + rng.uniform(0, 0.6) * haze + rng.uniform(0, 0.6) * blurred(light, radius)
    soft = radius * rng.uniform(0.05, 0.22)
    return _on_black(light + _glow(size, rng), rng, float(np.clip(soft, 0.7, 4))), cells.labels
