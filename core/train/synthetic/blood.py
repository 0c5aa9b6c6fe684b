"""Blood smears: translucent red cells with a pale centre, stained white cells between them."""

from dataclasses import dataclass

import cv2
import numpy as np

from core.train.synthetic.camera import photographed
from core.train.synthetic.clutter import specks
from core.train.synthetic.fields import FLOAT, blurred, noise, texture
from core.train.synthetic.outlines import blobs
from core.train.synthetic.placing import fill, fixed_point, paint, scatter
from core.train.synthetic.population import Drawn, crowd, log_uniform, sizes

_LIGHT = np.array([0.93, 0.92, 0.9])
_EOSIN = np.array([0.22, 0.75, 0.6])
_AZURE = np.array([0.95, 1.15, 0.35])


@dataclass(frozen=True, eq=False)
class _Smear:
    """How much of each stain every pixel holds, and the grain of nuclei: (S, S) float32 layers."""

    pink: np.ndarray
    purple: np.ndarray
    grain: np.ndarray


def blood_smear(size: int, rng: np.random.Generator) -> Drawn:
    """Red cells by the dozen, few white ones, platelets that are not labelled."""
    radius = log_uniform(rng, 6, 32)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.1, 1.1)), 0.08)
    places, radii = scatter(size, radii, rng, rng.uniform(0.75, 1.05), int(rng.integers(0, 4)))
    white = rng.random(len(radii)) < rng.uniform(0, 0.12)
    radii = np.where(white, radii * rng.uniform(1.15, 1.9), radii)
    order = np.argsort(white, kind="stable")
    return _stained(size, radii[order], places[order], white[order], rng)


def bone_marrow(size: int, rng: np.random.Generator) -> Drawn:
    """Mostly nucleated, purple cells of several kinds and sizes."""
    radius = log_uniform(rng, 8, 34)
    radii = sizes(rng, radius, crowd(size, radius, rng.uniform(0.1, 0.9)), 0.25)
    places, radii = scatter(size, radii, rng, rng.uniform(0.85, 1.1), int(rng.integers(0, 4)))
    white = rng.random(len(radii)) < rng.uniform(0.5, 1.5)
    order = np.argsort(white, kind="stable")
    return _stained(size, radii[order], places[order], white[order], rng)


def _stained(
    size: int, radii: np.ndarray, places: np.ndarray, white: np.ndarray, rng: np.random.Generator
) -> Drawn:
    shapes = blobs(radii, rng, roughness=rng.uniform(0.01, 0.06), stretch=rng.uniform(0.02, 0.25))
    pink, purple = np.zeros((2, size, size), FLOAT)
    smear = _Smear(pink, purple, noise(size, 2.0, rng))
    pallor, hole = rng.uniform(0, 0.9), rng.uniform(0.3, 0.6)
    for shape, place, radius, is_white in zip(shapes, places, radii, white, strict=True):
        if is_white:
            _add_white_cell(smear, shape, place, radius, rng)
        else:
            _add_red_cell(smear, shape, place, pallor * rng.uniform(0.6, 1.2), hole)
    if rng.random() < 0.5:
        count = int(rng.poisson(6))
        smear.purple[:] += 0.5 * specks(size, rng, count, max(float(np.mean(radii)) / 4, 1.5))
    return _developed(smear, rng), paint(shapes, places, size)


def _window(
    shape: np.ndarray, place: np.ndarray, size: int
) -> tuple[tuple[slice, slice], np.ndarray, np.ndarray] | None:
    """The part of the field that an outline touches, its mask and its depth there."""
    low = np.clip(np.floor((shape + place).min(0)).astype(int) - 1, 0, size)
    high = np.clip(np.ceil((shape + place).max(0)).astype(int) + 2, 0, size)
    if (high - low < 3).any():
        return None
    mask = fill(shape + place - low, *(high - low))
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return (slice(low[1], high[1]), slice(low[0], high[0])), mask, depth


def _add_red_cell(
    smear: _Smear, shape: np.ndarray, place: np.ndarray, pallor: float, hole: float
) -> None:
    """A disc with a rim and a pale centre; where two lie on each other both absorb."""
    found = _window(shape, place, len(smear.pink))
    if found is None:
        return
    part, mask, depth = found
    inwards = np.minimum(depth / (np.abs(shape).max() * 0.9), 1)
    pale = 1 - pallor * np.exp(-(((1 - inwards) / hole) ** 2))
    smear.pink[part] += mask * pale * (1 - 0.3 * np.exp(-depth / 2))


def _add_white_cell(
    smear: _Smear, shape: np.ndarray, place: np.ndarray, radius: float, rng: np.random.Generator
) -> None:
    """Pale cytoplasm, sometimes with granules, around a dark nucleus of one to four lobes."""
    found = _window(shape, place, len(smear.pink))
    if found is None:
        return
    part, mask, depth = found
    smear.pink[part] *= 1 - 0.8 * mask
    smear.pink[part] += mask * rng.uniform(0, 0.4)
    grain = smear.grain[part]
    granular = rng.uniform(0, 0.12) * np.maximum(grain, 0)
    smear.purple[part] += mask * (rng.uniform(0.05, 0.35) + granular)
    corner = np.array([part[1].start, part[0].start])
    nucleus = _lobes(mask.shape, place - corner, radius, rng) * (depth > 1)
    smear.purple[part] += nucleus * (rng.uniform(0.6, 1.1) + 0.12 * grain)


def _lobes(
    shape: tuple[int, ...], centre: np.ndarray, radius: float, rng: np.random.Generator
) -> np.ndarray:
    """The nucleus as a mask: one large blob, or small ones along an arc."""
    count = int(rng.integers(1, 5))
    share = rng.uniform(0.5, 0.88) if count == 1 else rng.uniform(0.3, 0.42)
    angles = rng.uniform(0, 2 * np.pi) + np.arange(count) * rng.uniform(0.9, 1.5)
    away = (rng.uniform(0, 0.15) if count == 1 else rng.uniform(0.3, 0.45)) * radius
    places = centre + away * np.stack([np.cos(angles), np.sin(angles)], 1)
    lobes = blobs(np.full(count, radius * share), rng, 0.08, 0.25)
    mask = np.zeros(shape, np.uint8)
    for lobe in fixed_point(lobes + places[:, None]):
        cv2.fillPoly(mask, [lobe], 1, shift=4)
    return mask


def _developed(smear: _Smear, rng: np.random.Generator) -> np.ndarray:
    """Absorption of both stains by Lambert and Beer; one scene in five in grey."""
    size = len(smear.pink)
    pink = blurred(smear.pink, 0.8) * (1 + 0.05 * texture(size, rng)) * rng.uniform(0.2, 0.6)
    purple = blurred(smear.purple, 0.8) * rng.uniform(0.7, 1.4)
    eosin = _EOSIN * np.exp(rng.normal(0, 0.18, 3))
    azure = _AZURE * np.exp(rng.normal(0, 0.15, 3))
    light = np.clip(_LIGHT + rng.normal(0, 0.025, 3), 0.6, 1.0)
    ground = 0.04 * rng.random() * noise(size, size / 5, rng) + rng.uniform(0, 0.15)
    stains, colours = np.stack([pink + ground, purple], 2), np.stack([eosin, azure])
    scene = np.exp(cv2.transform(stains, -colours.T)) * light.astype(FLOAT)
    if rng.random() < 0.2:
        scene = scene @ rng.dirichlet(np.ones(3) * 2).astype(FLOAT)
    return photographed(scene, rng, focus=0.7, light=0.15)
