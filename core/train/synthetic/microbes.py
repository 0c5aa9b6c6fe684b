"""Yeast and bacteria."""

import numpy as np

from core.train.synthetic.camera import false_colour, photographed
from core.train.synthetic.cells import Cells
from core.train.synthetic.clutter import debris
from core.train.synthetic.fields import FLOAT, blurred, grains, noise, texture
from core.train.synthetic.optics import bright_field, phase_contrast, shear_contrast
from core.train.synthetic.outlines import blobs, rods, turned
from core.train.synthetic.placing import scatter, squeeze, stack
from core.train.synthetic.population import Drawn, crowd, log_uniform, sizes, typical_radius


def yeast(size: int, rng: np.random.Generator) -> Drawn:
    """Budding cells with a wall that shows as a bright or dark rim, and vacuoles."""
    cells = _yeast_cells(size, rng)
    radius = typical_radius(cells)
    wall = float(np.clip(radius * rng.uniform(0.08, 0.2), 0.8, 3))
    thickness = cells.body(log_uniform(rng, 1.5, 8)) * cells.varied(rng, 0.15)
    thickness += rng.normal(0, 0.5) * cells.rim(rng.uniform(0, 1.5) * wall, wall)
    thickness += rng.normal(0, 0.35) * _vacuoles(cells, rng)
    inner = cells.inside * np.minimum(cells.depth / 4, 1)
    spots = grains(size, rng.uniform(0, 3) / radius**2, rng.uniform(0.6, 1.2), rng)
    thickness += rng.normal(0, 0.3) * inner * spots
    thickness += debris(size, rng, rng.gamma(1.0, 0.5), largest=2.0) * (1 - cells.inside)
    optics = (phase_contrast, bright_field, bright_field, shear_contrast)[rng.integers(4)]
    view = optics(thickness, radius, rng)
    view += texture(size, rng) * FLOAT(rng.uniform(0, 0.12) * view.std())
    return photographed(view, rng, focus=0.7), cells.labels


def _yeast_cells(size: int, rng: np.random.Generator) -> Cells:
    radius = log_uniform(rng, 6, 26)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.05, 0.9)), 0.14)
    places, radii = scatter(size, radii, rng, rng.uniform(0.92, 1.0), int(rng.integers(0, 5)))
    mothers = blobs(radii, rng, roughness=0.02, stretch=rng.uniform(0.05, 0.35))
    with_bud = rng.random(len(radii)) < rng.uniform(0.1, 0.6)
    small = radii[with_bud] * rng.uniform(0.35, 0.8, with_bud.sum())
    angles = rng.uniform(0, 2 * np.pi, len(small))
    reach = (radii[with_bud] + 0.9 * small)[:, None]
    beside = places[with_bud] + reach * np.stack([np.cos(angles), np.sin(angles)], 1)
    shapes = np.concatenate([mothers, blobs(small, rng, 0.02, 0.2)])
    places = np.concatenate([places, beside])
    if rng.random() < 0.5:
        return Cells(squeeze(shapes, places, size))
    return Cells(stack(shapes, places, size, share=0.25))


def _vacuoles(cells: Cells, rng: np.random.Generator) -> np.ndarray:
    return blurred((cells.nuclei(rng, rng.uniform(0.3, 0.6)) > 0).astype(FLOAT), 0.8)


def _bacteria(size: int, rng: np.random.Generator) -> Cells:
    """Rods, alone, in chains, or packed side by side in patches of one direction."""
    width = log_uniform(rng, 5, 18)
    ratio = rng.uniform(1.6, 6)
    count = crowd(size, width * np.sqrt(ratio / np.pi), rng.uniform(0.1, 2.0))
    lengths = width * np.maximum(ratio * np.exp(rng.normal(0, 0.3, count)), 1.1)
    widths = width * np.exp(rng.normal(0, 0.06, count))
    bend, waist = rng.uniform(0, 0.7), rng.uniform(0, 0.5)
    if rng.random() < 0.35:
        places, angles = _chains(size, lengths, rng)
    else:
        places, _ = scatter(size, 0.5 * widths, rng, 0.9, int(rng.integers(0, 5)))
        angles = _directions(size, places, rng)
    shapes = rods(lengths[: len(places)], widths[: len(places)], rng, bend, waist)
    return Cells(stack(turned(shapes, angles), places, size, share=rng.uniform(0.01, 0.08)))


def _directions(size: int, places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Angles of rods that lie along their neighbours, more or less."""
    field = noise(size, size / rng.uniform(1.5, 4), rng) * rng.uniform(0.3, 1.5)
    x, y = np.clip(places, 0, size - 1).astype(int).T
    angles = rng.uniform(0, np.pi) + field[y, x]
    return np.asarray(angles + rng.normal(0, rng.choice([0.15, 0.5, 3.0]), len(places)))


def _chains(
    size: int, lengths: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Rods end to end along wandering lines: places (N, 2) and angles (N,)."""
    links = int(rng.integers(2, 12))
    starts = np.arange(len(lengths)) % links == 0
    angles = np.cumsum(rng.normal(0, rng.uniform(0.05, 0.35), len(lengths)))
    angles += np.repeat(rng.uniform(0, 2 * np.pi, starts.sum()), links)[: len(lengths)]
    steps = np.stack([np.cos(angles), np.sin(angles)], 1) * lengths[:, None] * 1.02
    along = np.cumsum(steps, 0) - steps / 2
    first = np.repeat(along[starts], links, 0)[: len(lengths)]
    origins = rng.uniform(0, size, (int(starts.sum()), 2))
    return along - first + np.repeat(origins, links, 0)[: len(lengths)], angles


def bacteria_phase(size: int, rng: np.random.Generator) -> Drawn:
    cells = _bacteria(size, rng)
    radius = typical_radius(cells)
    thickness = cells.body(rng.uniform(2, 8)) * cells.varied(rng, 0.12)
    thickness *= 1 + rng.uniform(0, 0.3) * texture(size, rng, max(radius / 5, 1.2))
    thickness += debris(size, rng, rng.gamma(1.0, 0.4), largest=2.0) * (1 - cells.inside)
    optics = phase_contrast if rng.random() < 0.75 else bright_field
    return photographed(optics(thickness, radius, rng), rng, focus=0.9), cells.labels


def bacteria_fluorescence(size: int, rng: np.random.Generator) -> Drawn:
    """A stain of the inside or of the membrane, on black with haze."""
    cells = _bacteria(size, rng)
    radius = typical_radius(cells)
    light = cells.body(rng.uniform(1.5, 6))
    if rng.random() < 0.4:
        light = 0.35 * light + cells.rim(rng.uniform(0, 2), max(radius / 5, 1.0)) * cells.inside
    light *= cells.varied(rng, rng.uniform(0.1, 0.6))
    light *= 1 + rng.uniform(0, 0.4) * texture(size, rng, max(radius / 4, 1.5))
    light += rng.uniform(0, 0.5) * blurred(light, 2.5 * radius)
    pixels = photographed(light, rng, focus=rng.uniform(0.7, 1.6))
    return (false_colour(pixels, rng) if rng.random() < 0.15 else pixels), cells.labels
