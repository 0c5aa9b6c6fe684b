"""Unstained cells in phase contrast, bright field and relief contrast."""

import numpy as np

from core.train.synthetic.camera import photographed, tinted
from core.train.synthetic.cells import Cells
from core.train.synthetic.clutter import debris
from core.train.synthetic.fields import FLOAT, blurred, grains, texture
from core.train.synthetic.optics import Optics, bright_field, phase_contrast, shear_contrast
from core.train.synthetic.population import (
    Drawn,
    adherent_cells,
    any_cells,
    epithelium,
    log_uniform,
    round_cells,
    typical_radius,
)


def thickness_of(cells: Cells, rng: np.random.Generator) -> np.ndarray:
    """Optical thickness (S, S) of about 0..1: body, nucleus with nucleoli, granules, folds."""
    size, radius = cells.size, typical_radius(cells)
    body = cells.body(log_uniform(rng, 1.2, 7)) * cells.varied(rng, 0.25)
    body *= cells.roundness() ** FLOAT(rng.uniform(0, 1.5))
    body *= 1 + FLOAT(rng.uniform(0, 0.25)) * texture(size, rng, max(radius / 10, 1.2))
    if rng.random() < 0.65:
        body += _nuclei(cells, rng) * FLOAT(rng.normal(0, 0.35))
    inner = cells.inside * np.minimum(cells.depth / (0.3 * radius), 1)
    spots = grains(size, rng.uniform(0, 6) / radius**2, rng.uniform(0.6, 1.3), rng)
    return np.asarray(body + inner * spots * FLOAT(rng.normal(0, 0.35)), FLOAT)


def _nuclei(cells: Cells, rng: np.random.Generator) -> np.ndarray:
    """0..1 and nucleoli above: the nuclei with soft borders."""
    nuclei = (cells.nuclei(rng, rng.uniform(0.35, 0.6)) > 0).astype(FLOAT)
    spots = grains(cells.size, 12 / typical_radius(cells) ** 2, rng.uniform(0.8, 1.6), rng)
    soft = float(np.clip(0.1 * typical_radius(cells), 0.8, 2.5))
    return np.asarray(blurred(nuclei, soft) + nuclei * spots * FLOAT(rng.uniform(0, 1.5)))


def _outlined(cells: Cells, rng: np.random.Generator) -> np.ndarray:
    """Light bent at the border: a line, bright or dark, with its opposite on the other side."""
    width = rng.uniform(0.8, 2.0)
    strength = rng.normal(0, 0.25)
    outer = cells.rim(-width * rng.uniform(0, 1.2), width)
    inner = cells.rim(width * rng.uniform(0.5, 1.5), width)
    return np.asarray(strength * (outer - rng.uniform(0, 1) * inner))


def seen(cells: Cells, optics: Optics, rng: np.random.Generator, faint: float = 0.0) -> np.ndarray:
    """Pixels of cells on a slightly dirty, textured slide.

    faint: how much of the contrast the texture of the background may take, 0..1.
    """
    size, radius = cells.size, typical_radius(cells)
    thickness = thickness_of(cells, rng)
    if rng.random() < 0.6:
        dirt = debris(size, rng, rng.gamma(1.0, 1.2), largest=float(np.clip(radius / 3, 1.5, 5)))
        thickness += dirt * (1 - 0.8 * cells.inside)
    view = optics(thickness, radius, rng)
    if cells.count and rng.random() < 0.4:
        view += _outlined(cells, rng)
    ground = texture(size, rng) * (rng.uniform(0, 0.03 + 0.3 * faint) * float(view.std()))
    pixels = photographed(view + ground, rng)
    return tinted(pixels, rng) if rng.random() < 0.1 else pixels


def phase_adherent(size: int, rng: np.random.Generator) -> Drawn:
    cells = adherent_cells(size, rng)
    return seen(cells, phase_contrast, rng), cells.labels


def phase_round(size: int, rng: np.random.Generator) -> Drawn:
    cells = round_cells(size, rng)
    return seen(cells, phase_contrast, rng), cells.labels


def phase_epithelium(size: int, rng: np.random.Generator) -> Drawn:
    cells = epithelium(size, rng)
    return seen(cells, phase_contrast, rng), cells.labels


def bright_cells(size: int, rng: np.random.Generator) -> Drawn:
    cells = any_cells(size, rng)
    return seen(cells, bright_field, rng, faint=0.7), cells.labels


def relief_cells(size: int, rng: np.random.Generator) -> Drawn:
    cells = any_cells(size, rng)
    return seen(cells, shear_contrast, rng, faint=0.7), cells.labels
