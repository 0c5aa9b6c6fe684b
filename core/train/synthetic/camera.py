"""What lies between the scene and the file: uneven light, focus, exposure, noise, compression."""

import cv2
import numpy as np

from core.train.synthetic.fields import FLOAT, blurred, uneven_light


def photographed(
    scene: np.ndarray, rng: np.random.Generator, focus: float = 0.8, light: float = 0.25
) -> np.ndarray:
    """(S, S) or (S, S, 3) of any range -> (S, S, 1|3) float32 of 0..1.

    focus: usual blur in pixels. light: usual unevenness of the illumination.
    """
    size = len(scene)
    lit = _exposed(blurred(scene, focus * float(np.exp(rng.normal(0, 0.35)))), rng)
    if rng.random() < 0.75:
        shade = uneven_light(size, rng, light * rng.uniform(0, 1.6))
        lit = lit * (shade[..., None] if lit.ndim == 3 else shade)
    pixels = _noisy(lit.reshape(size, size, -1), rng)
    if rng.random() < 0.08:
        pixels = _pixelated(pixels, rng)
    if rng.random() < 0.1:
        pixels = _compressed(pixels, rng)
    return np.asarray(np.clip(pixels, 0, 1), FLOAT)


def _exposed(scene: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Nearly the whole range of the camera is used, sometimes a little more or much less."""
    low, high = np.percentile(scene[::3, ::3], (0.5, 99.7))
    black = rng.uniform(0, 0.12)
    white = rng.uniform(0.85, 1.08)
    if rng.random() < 0.2:
        black, white = black + rng.uniform(0, 0.3), white - rng.uniform(0, 0.3)
    unit = (scene - FLOAT(low)) * FLOAT(1 / max(high - low, 1e-3))
    return np.asarray(black + (white - black) * np.clip(unit, FLOAT(-0.2), FLOAT(1.5)))


def _noisy(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise of the sensor and of the light itself; the same in all channels of a grey camera."""
    size, _, channels = pixels.shape
    amount = min(0.014 * float(np.exp(rng.normal(0, 0.8))), 0.07)
    planes = channels if rng.random() < 0.5 else 1
    speckle: np.ndarray = rng.standard_normal((size, size, planes), FLOAT)
    if rng.random() < 0.3:
        speckle = 1.7 * blurred(speckle, 0.7).reshape(size, size, planes)
    shot = rng.uniform(0, 1)
    strength = amount * (1 - shot) + amount * shot * 1.4 * np.sqrt(np.maximum(pixels, 0))
    return np.asarray(pixels + strength * speckle)


def _pixelated(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As enlarged from a smaller picture."""
    size = len(pixels)
    factor = float(rng.uniform(0.5, 0.85))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    method = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return cv2.resize(small, (size, size), interpolation=method).reshape(pixels.shape)


def _compressed(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 90))]
    eight = cv2.convertScaleAbs(np.clip(pixels, 0, 1), alpha=255)
    _, stored = cv2.imencode(".jpg", eight.reshape(pixels.shape), quality)
    read = np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), FLOAT)
    return read.reshape(pixels.shape) / FLOAT(255)


def tinted(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(S, S, 1) of 0..1 as a colour camera gives it: a faint cast, (S, S, 3)."""
    cast = np.exp(rng.normal(0, 0.12, 3)).astype(FLOAT)
    return np.asarray(np.maximum(grey, 1e-4) ** cast)


def false_colour(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(S, S, 1) of 0..1 shown in one colour on black, as viewers of fluorescence do."""
    palette = np.array([[0, 1, 0], [1, 0, 0], [0.1, 0.3, 1], [0, 1, 1], [1, 0, 1], [1, 0.8, 0]])
    return np.asarray(grey * palette[rng.integers(len(palette))].astype(FLOAT))
