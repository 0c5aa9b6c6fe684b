"""Random smooth fields (size, size) float32: textures, grains, uneven light."""

import cv2
import numpy as np

FLOAT = np.float32


def noise(size: int, scale: float, rng: np.random.Generator) -> np.ndarray:
    """Mean 0, deviation 1, with lumps of about `scale` pixels."""
    n = max(int(np.ceil(size / max(scale, 1.0))) + 1, 3)
    coarse = rng.standard_normal((n, n), FLOAT)
    if n > size:
        return coarse[:size, :size]
    field = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    return standardised(field)


def standardised(field: np.ndarray) -> np.ndarray:
    """The same field with mean 0 and deviation 1."""
    mean, deviation = (float(v[0, 0]) for v in cv2.meanStdDev(field))
    scale = 1 / max(deviation, 1e-6)
    return np.asarray((field - mean) * scale)


def texture(size: int, rng: np.random.Generator, finest: float = 1.5) -> np.ndarray:
    """Noise of three scales in a random mixture; deviation about 1."""
    parts = (rng.dirichlet(np.ones(3)) ** 0.5).tolist()
    first = finest * rng.uniform(0.8, 1.5)
    fine, middle, coarse = (noise(size, first * k, rng) for k in (1.0, 2.5, 6.0))
    return np.asarray(parts[0] * fine + parts[1] * middle + parts[2] * coarse)


def fibres(size: int, rng: np.random.Generator, angle: float, length: float) -> np.ndarray:
    """Streaks along `angle` (radians), as connective tissue and actin show; deviation 1."""
    kernel = np.zeros((15, 15), np.uint8)
    step = np.array([np.cos(angle), np.sin(angle)]) * min(length / 2, 7)
    start, end = np.round(7 - step).astype(int), np.round(7 + step).astype(int)
    cv2.line(kernel, start.tolist(), end.tolist(), 255, 1)
    streaks = cv2.filter2D(noise(size, 1.6, rng), -1, kernel / FLOAT(kernel.sum()))
    bend = noise(size, size / 4, rng) * 5, noise(size, size / 4, rng) * 5
    y, x = np.indices((size, size), FLOAT)
    bent = cv2.remap(streaks, x + bend[0], y + bend[1], cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT)
    return standardised(bent)


def grains(size: int, density: float, width: float, rng: np.random.Generator) -> np.ndarray:
    """Spots of 0..1 and above: `density` a pixel, Gaussian with the deviation `width` pixels."""
    spots = np.zeros((size, size), FLOAT)
    count = rng.poisson(density * size * size)
    y, x = rng.integers(size, size=(2, count))
    spots[y, x] = rng.exponential(0.5, count)
    return np.asarray(cv2.GaussianBlur(spots, (0, 0), width) * FLOAT(2 * np.pi * width**2))


def uneven_light(size: int, rng: np.random.Generator, amount: float) -> np.ndarray:
    """A factor around 1 that changes slowly: a slope, a vignette, a few broad clouds."""
    coarse = max(size // 8, 8)
    y, x = np.indices((coarse, coarse), FLOAT) / FLOAT(coarse) - FLOAT(0.5)
    slope = rng.normal(0, 1.0, 2)
    centre = rng.normal(0, 0.2, 2)
    vignette = rng.uniform(0, 1.5) * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2)
    clouds = noise(coarse, coarse / 2.5, rng) * rng.uniform(0, 0.3)
    change = slope[0] * x + slope[1] * y - vignette + clouds
    light = np.asarray(np.exp(amount * change), FLOAT)
    return cv2.resize(light, (size, size), interpolation=cv2.INTER_CUBIC)


def blurred(field: np.ndarray, width: float) -> np.ndarray:
    """Gaussian blur; wide ones on a smaller copy, which looks the same and is fast."""
    if width < 0.3:
        return field
    if width < 6:
        return cv2.GaussianBlur(field, (0, 0), width, borderType=cv2.BORDER_REFLECT)
    shrunk = cv2.resize(field, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(shrunk, (0, 0), width / 4, borderType=cv2.BORDER_REFLECT)
    return cv2.resize(soft, field.shape[1::-1], interpolation=cv2.INTER_LINEAR)
