"""Stained tissue sections: dark nuclei on a fibrous, paler ground."""

import cv2
import numpy as np

from core.train.synthetic.camera import photographed
from core.train.synthetic.cells import Cells
from core.train.synthetic.fields import FLOAT, blurred, fibres, noise, texture
from core.train.synthetic.outlines import blobs, turned
from core.train.synthetic.placing import paint, scatter
from core.train.synthetic.population import Drawn, crowd, log_uniform, sizes

_STAINS = np.array([[0.7, 0.95, 0.35], [0.9, 0.8, 0.3], [0.4, 0.75, 1.05], [0.9, 0.8, 0.45]])
"""Absorption of red, green, blue by the nuclei: purple, violet, brown, blue."""
_GROUNDS = np.array([[0.12, 0.6, 0.3], [0.3, 0.45, 0.15], [0.25, 0.22, 0.16], [0.15, 0.42, 0.2]])


def tissue_nuclei(size: int, rng: np.random.Generator) -> Drawn:
    """Purple or blue on pink, brown on pale blue; only nuclei in focus are labelled."""
    radius, grain = log_uniform(rng, 5, 22), rng.uniform(0, np.pi)
    cells = Cells(paint(*_nuclei(size, radius, grain, rng, rng.uniform(0.1, 0.8)), size))
    dark = _chromatin(cells, radius, rng) + _unfocused(size, radius, grain, rng)
    pale = np.clip(0.6 + rng.uniform(0.05, 0.22) * _ground(size, grain, rng), 0, 1.6)
    pale *= 1 - _gaps(size, cells, rng)
    which = rng.integers(len(_STAINS))
    nuclear = _STAINS[which] * np.exp(rng.normal(0, 0.12, 3)) * rng.uniform(0.7, 1.6)
    plain = _GROUNDS[which] * np.exp(rng.normal(0, 0.12, 3)) * rng.uniform(0.2, 1.3)
    colours = np.stack([nuclear, plain]).astype(FLOAT)
    scene = np.exp(cv2.transform(np.stack([dark, pale], 2).astype(FLOAT), -colours.T))
    scene *= np.clip(rng.normal(0.93, 0.04, 3), 0.7, 1).astype(FLOAT)
    return photographed(scene, rng, focus=0.8, light=0.12), cells.labels


def _nuclei(
    size: int, radius: float, grain: float, rng: np.random.Generator, cover: float
) -> tuple[np.ndarray, np.ndarray]:
    """Outlines, elongated along the grain of the tissue, and their places."""
    radii = sizes(rng, radius, crowd(size, radius, cover), 0.22)
    places, radii = scatter(size, radii, rng, rng.uniform(0.8, 1.15), int(rng.integers(0, 6)))
    shapes = blobs(radii, rng, roughness=rng.uniform(0.03, 0.1), stretch=0.15)
    ratios = np.exp(np.abs(rng.normal(0, rng.uniform(0.05, 0.35), len(radii))))
    shapes = shapes * np.stack([ratios, 1 / ratios], 1)[:, None]
    return turned(shapes, grain + rng.normal(0, rng.choice([0.3, 3.0]), len(radii))), places


def _chromatin(cells: Cells, radius: float, rng: np.random.Generator) -> np.ndarray:
    """Dark, clumped nuclei; some pale ones with a dark membrane."""
    clumps = texture(cells.size, rng, max(radius / 6, 1.3))
    fill = cells.varied(rng, 0.3) * np.clip(1 + rng.uniform(0.05, 0.4) * clumps, 0.2, 2)
    membrane = cells.rim(1.0, max(radius * 0.12, 1.0)) * cells.inside
    dark = fill * rng.uniform(0.5, 1.0) + membrane * rng.uniform(0, 0.5)
    return blurred(dark.astype(FLOAT), 0.6)


def _unfocused(size: int, radius: float, grain: float, rng: np.random.Generator) -> np.ndarray:
    """Nuclei of another depth: faint and without borders."""
    if rng.random() < 0.4:
        return np.zeros((size, size), FLOAT)
    outlines, places = _nuclei(size, radius, grain, rng, 0.15)
    shadow = (paint(outlines, places, size) > 0).astype(FLOAT)
    return blurred(shadow, radius * rng.uniform(0.35, 0.6)) * FLOAT(rng.uniform(0.05, 0.25))


def _ground(size: int, grain: float, rng: np.random.Generator) -> np.ndarray:
    mixture = (rng.dirichlet(np.ones(3)) ** 0.5).tolist()
    streaks = blurred(fibres(size, rng, grain, rng.uniform(5, 14)), rng.uniform(0, 1.5))
    clouds = noise(size, rng.uniform(8, 40), rng)
    return np.asarray(mixture[0] * streaks + mixture[1] * texture(size, rng) + mixture[2] * clouds)


def _gaps(size: int, cells: Cells, rng: np.random.Generator) -> np.ndarray:
    """Tears and lumina, 0..1: no tissue there."""
    if rng.random() < 0.4:
        return np.zeros((size, size), FLOAT)
    field = noise(size, rng.uniform(8, 40), rng) - rng.uniform(0.8, 2.0)
    return np.asarray(blurred((field > 0).astype(FLOAT), 1.0) * (1 - cells.inside))
