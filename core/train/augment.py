"""Random variations of a training crop: where it is cut, how it is turned, how bright it is."""

from dataclasses import dataclass

import cv2
import numpy as np

FLOAT = np.float32
KNOWN_DIAMETER = 32.0
"""Pixels: the object size that every image is zoomed to, with variation around it."""
SIZE_SPREAD = 0.15
"""Standard deviation of that variation, on a natural logarithmic scale."""
RARE_SHARE, RARE_SPREAD = 0.15, 1.0
"""In some of the crops: the first look at an image meets objects of any size."""
ON_OBJECT = 0.6
"""Share of the crops whose centre lies near an object: sparse images would give empty crops."""


@dataclass(frozen=True, eq=False)
class Annotated:
    """A picture with its targets.

    pixels: (H, W, 1) or (H, W, 3) float32, scaled to 0..1. targets: (H, W, 4) uint8 of 0..255:
    foreground, distance, narrow gaps, importance over the highest. diameter: median over the
    objects, pixels. centres: (N, 2) x and y of the objects.
    """

    pixels: np.ndarray
    targets: np.ndarray
    diameter: float
    centres: np.ndarray


def random_crop(
    item: Annotated, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, float]:
    """A turned, mirrored, zoomed, stretched window: pixels and targets of (size, size), and the
    diameter of the objects in it, in octaves above the known one. It is NaN in the crops that
    differ little from that: from many of them one would learn to guess the known size."""
    rare = rng.random() < RARE_SHARE
    zoom = _random_zoom(item.diameter, RARE_SPREAD if rare else SIZE_SPREAD, rng)
    matrix = _random_matrix(_random_centre(item, size / 2 / zoom, rng), zoom, size, rng)
    pixels = _warp(_without_detail(item.pixels, zoom), matrix, size)
    octaves = np.log2(zoom * max(item.diameter, 1.0) / KNOWN_DIAMETER) if rare else np.nan
    return pixels, _warp(item.targets, matrix, size), float(octaves)


def _warp(planes: np.ndarray, matrix: np.ndarray, size: int) -> np.ndarray:
    """(H, W, C) -> (size, size, C); beyond the picture its mirror image goes on."""
    border = cv2.BORDER_REFLECT_101
    warped = cv2.warpAffine(planes, matrix, (size, size), borderMode=border)
    return warped.reshape(size, size, -1)


def _random_zoom(diameter: float, spread: float, rng: np.random.Generator) -> float:
    """A factor around the one that brings the objects to the known size."""
    towards = KNOWN_DIAMETER / max(diameter, 1.0)
    return float(np.clip(towards * np.exp(rng.normal(0, spread)), 0.1, 6))


def _without_detail(pixels: np.ndarray, zoom: float) -> np.ndarray:
    """Blurred as an area filter would before shrinking: warping alone would alias."""
    return pixels if zoom > 0.8 else cv2.GaussianBlur(pixels, (0, 0), 0.4 / zoom)


def _random_matrix(
    centre: np.ndarray, zoom: float, size: int, rng: np.random.Generator
) -> np.ndarray:
    """The 2x3 matrix that brings a turned window around `centre` onto the crop."""
    stretch = np.exp(rng.normal(0, 0.05))
    mirror = rng.choice([-1.0, 1.0])
    angle = np.deg2rad(rng.integers(4) * 90 + rng.uniform(-45, 45) * (rng.random() < 0.5))
    cos, sin = np.cos(angle), np.sin(angle)
    turn = [[cos, -sin], [sin, cos]] @ np.diag([mirror * zoom * stretch, zoom / stretch])
    return np.column_stack([turn, size / 2 - turn @ centre])


def _random_centre(item: Annotated, half: float, rng: np.random.Generator) -> np.ndarray:
    """x and y of a window of 2 `half` pixels: anywhere or near an object, inside the picture."""
    extent = np.array(item.pixels.shape[1::-1], float)
    near = item.centres[rng.integers(len(item.centres))] if len(item.centres) else extent / 2
    wanted = near + rng.uniform(-half, half, 2) * 0.7
    if rng.random() > ON_OBJECT:
        wanted = rng.uniform(0, 1, 2) * extent
    return np.where(extent <= 2 * half, extent / 2, np.clip(wanted, half, extent - half))


def random_light(pixels: np.ndarray, rng: np.random.Generator, share: float = 1.0) -> np.ndarray:
    """Other stain, exposure, focus and sensor for a crop of 0..1; returns (H, W, 3) float32.

    share: of the usual number of variations.
    """

    def happens(chance: float) -> bool:
        return bool(rng.random() < chance * share)

    pixels = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
    if happens(0.35):
        pixels = _change_colour(pixels, rng)
    if happens(0.25):
        pixels = 1 - pixels
    if happens(0.6):
        pixels = np.clip(pixels, 0, 1) ** FLOAT(np.exp(rng.normal(0, 0.35)))
    if happens(0.6):
        pixels = pixels * FLOAT(np.exp(rng.normal(0, 0.25))) + FLOAT(rng.normal(0, 0.05))
    if happens(0.25):
        pixels = pixels + _shading(pixels.shape[:2], rng)
    if happens(0.25):
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.4, 1.8))
    if happens(0.4):
        pixels = pixels + _noise(pixels.shape, rng)
    return np.clip(pixels, -0.2, 1.2).astype(FLOAT)


def _change_colour(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Grey by random weights, or channels mixed and shuffled."""
    if rng.random() < 0.5:
        grey = pixels @ rng.dirichlet(np.ones(3)).astype(FLOAT)
        return np.repeat(grey[..., None], 3, axis=2)
    mix = np.eye(3)[rng.permutation(3)] * 0.7 + rng.dirichlet(np.ones(3), 3) * 0.3
    return pixels @ mix.astype(FLOAT)


def _shading(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """A smooth, slow change of brightness over the crop, as uneven illumination gives."""
    coarse = rng.normal(0, 0.12, (3, 3)).astype(FLOAT)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)[..., None]


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Sensor noise; the same in all channels for a grey camera, else one for each."""
    channels = 1 if rng.random() < 0.6 else shape[2]
    return rng.normal(0, rng.uniform(0.01, 0.1), (*shape[:2], channels)).astype(FLOAT)
