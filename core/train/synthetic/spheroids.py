"""Spheroids and organoids: few large bodies, dark and solid or clear with a wall."""

import numpy as np

from core.train.synthetic.camera import photographed, tinted
from core.train.synthetic.cells import Cells
from core.train.synthetic.clutter import debris, specks
from core.train.synthetic.fields import FLOAT, blurred, noise, texture
from core.train.synthetic.outlines import blobs
from core.train.synthetic.placing import paint, scatter
from core.train.synthetic.population import Drawn, crowd, log_uniform, sizes, typical_radius


def _bodies(size: int, rng: np.random.Generator) -> Cells:
    radius = log_uniform(rng, 12, 42)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.02, 0.45)), 0.25)
    places, radii = scatter(size, radii, rng, 1.05)
    shapes = blobs(radii, rng, roughness=rng.uniform(0.01, 0.14), stretch=rng.uniform(0, 0.35))
    return Cells(paint(shapes, places, size))


def solid_spheroids(size: int, rng: np.random.Generator) -> Drawn:
    """Dark bodies with the texture of packed cells, loose cells around them; seldom bright."""
    cells = _bodies(size, rng)
    dense = cells.body(log_uniform(rng, 1.5, 7)) * cells.varied(rng, 0.25)
    dense *= 1 + FLOAT(rng.uniform(0.1, 0.6)) * texture(size, rng, rng.uniform(1.5, 4))
    dark = 1 - np.exp(-rng.uniform(0.4, 1.6) * np.clip(blurred(dense, rng.uniform(0.5, 1.5)), 0, 3))
    edge = rng.normal(0, 0.3) * cells.rim(rng.uniform(-3, 1), rng.uniform(1, 3))
    loose = debris(size, rng, rng.gamma(1.0, 1.5), largest=4.0) * (1 - cells.inside)
    light = 0.9 - 0.7 * dark + edge - rng.uniform(0.1, 0.5) * loose
    light += rng.uniform(0, 0.05) * texture(size, rng, 2)
    scene = 1 - light if rng.random() < 0.12 else light
    pixels = photographed(scene, rng, focus=1.0, light=0.5)
    return (tinted(pixels, rng) if rng.random() < 0.2 else pixels), cells.labels


def clear_organoids(size: int, rng: np.random.Generator) -> Drawn:
    """Hollow bodies: a wall of one layer, a clear or dusty lumen, soft wavy gel behind."""
    cells = _bodies(size, rng)
    radius = typical_radius(cells)
    wall = radius * rng.uniform(0.05, 0.22)
    sign = rng.choice([-1, 1])
    light = 0.5 + sign * cells.rim(rng.uniform(0, 1) * wall, 0.5 * wall) * rng.uniform(0.15, 0.4)
    light -= sign * cells.rim(-0.7 * wall, 0.6 * wall) * rng.uniform(0, 0.25)
    light += cells.inside * rng.normal(0, 0.08)
    in_wall = np.exp(-((cells.depth / (1.2 * wall)) ** 2)) * cells.inside
    light += in_wall * rng.uniform(0, 0.2) * texture(size, rng, 1.5)
    light -= cells.inside * rng.uniform(0, 0.5) * specks(size, rng, 25, 4.0)
    light -= (1 - cells.inside) * debris(size, rng, rng.gamma(1.0, 0.8)) * rng.uniform(0.1, 0.4)
    light += rng.uniform(0, 0.015) * noise(size, rng.uniform(8, 40), rng)
    return photographed(light, rng, focus=1.0, light=0.4), cells.labels
