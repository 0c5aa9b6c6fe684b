"""Random outlines of cells around the origin, many at once: (N, K, 2) float x, y in pixels."""

import numpy as np

_ANGLES = np.linspace(0, 2 * np.pi, 64, endpoint=False)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], 1)
_ORDERS = np.arange(2, 10)
_RIPPLES = np.arange(3, 14)


def blobs(
    radii: np.ndarray, rng: np.random.Generator, roughness: float = 0.08, stretch: float = 0.2
) -> np.ndarray:
    """Smooth roundish outlines: a few Fourier waves on a circle, stretched and turned.

    radii (N,): of the circle with the same area, about. roughness: size of the waves as a share of
    the radius. stretch: spread of the logarithm of the axes' ratio.
    """
    waves = rng.normal(0, roughness, (len(radii), len(_ORDERS))) / (_ORDERS - 1)
    reach = 1 + _summed(waves, _ORDERS, rng)
    shapes = np.maximum(reach, 0.3)[..., None] * _CIRCLE * np.asarray(radii)[:, None, None]
    ratios = np.exp(np.abs(rng.normal(0, stretch, len(radii))) / 2)
    return turned(stretched(shapes, ratios), rng.uniform(0, np.pi, len(radii)))


def spindles(
    radii: np.ndarray, rng: np.random.Generator, arms: int = 3, disorder: float = 3.0
) -> np.ndarray:
    """Adherent cells: a body drawn out into `arms` tapering arms, the first two nearly opposite.

    disorder: spread of their directions, radians; low for a layer of aligned cells.
    """
    n = len(radii)
    towards = rng.uniform(0, 2 * np.pi, (n, arms))
    towards[:, 0] = towards[0, 0] + rng.normal(0, disorder, n)
    towards[:, 1] = towards[:, 0] + np.pi + rng.normal(0, 0.5, n)
    lengths = rng.gamma(2.5, 0.32, (n, arms))
    lengths[:, 2:] *= rng.uniform(0, 0.8, (n, arms - 2))
    sharpness = np.exp(rng.uniform(np.log(2.5), np.log(30), (n, arms)))
    nearness = np.cos(_ANGLES - towards[..., None]) - 1
    arm = np.einsum("na,nak->nk", lengths, np.exp(sharpness[..., None] * nearness))
    reach = rng.uniform(0.3, 0.8, (n, 1)) + arm + _ripple(n, rng)
    reach *= np.asarray(radii)[:, None] / np.sqrt((reach**2).mean(1, keepdims=True))
    return np.asarray(reach[..., None] * _CIRCLE)


def _ripple(n: int, rng: np.random.Generator) -> np.ndarray:
    """Small unevenness (n, K) of an outline, as ruffled edges have it."""
    waves = rng.normal(0, 0.025, (n, len(_RIPPLES))) * rng.random((n, 1)) ** 2
    return _summed(waves, _RIPPLES, rng)


def _summed(waves: np.ndarray, orders: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Waves (N, O) of so many periods around an outline, each with a random start: (N, K)."""
    starts = rng.uniform(0, 2 * np.pi, waves.shape)
    turns = orders[:, None] * _ANGLES
    in_phase, across = waves * np.cos(starts), waves * np.sin(starts)
    return np.asarray(in_phase @ np.cos(turns) - across @ np.sin(turns))


def rods(
    lengths: np.ndarray, widths: np.ndarray, rng: np.random.Generator, bend: float, waist: float
) -> np.ndarray:
    """Bacteria along x: capsules with a curved axis; some with a waist, about to divide.

    bend: spread of the angle (radians) over the length. waist: largest share of the width lost.
    """
    cap = _CIRCLE[::2] * (widths / 2)[:, None, None]
    half = np.maximum(lengths - widths, 0)[:, None] / 2
    x = cap[..., 0] + np.sign(_CIRCLE[::2, 0]) * half
    pinch = rng.uniform(0, waist, (len(lengths), 1)) * (rng.random((len(lengths), 1)) < 0.4)
    y = cap[..., 1] * (1 - pinch * np.exp(-((x / (0.45 * widths[:, None])) ** 2)))
    x, y = _densified(x), _densified(y)
    turn = rng.normal(0, bend, (len(lengths), 1)) / lengths[:, None] + 1e-6
    return np.stack(
        [
            np.sin(turn * x) / turn - y * np.sin(turn * x),
            (1 - np.cos(turn * x)) / turn + y * np.cos(turn * x),
        ],
        2,
    )


def _densified(values: np.ndarray) -> np.ndarray:
    """Points in between, 4 to a side: long straight sides need them before they are bent."""
    share = np.linspace(0, 1, 4, endpoint=False)
    after = np.roll(values, -1, axis=1)
    return np.asarray(
        (values[..., None] * (1 - share) + after[..., None] * share).reshape(len(values), -1)
    )


def stretched(shapes: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """Longer along x and narrower along y by the factors `ratios` (N,)."""
    return np.asarray(shapes * np.stack([ratios, 1 / ratios], 1)[:, None])


def turned(shapes: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Every outline turned by its angle (N,) in radians."""
    cos, sin = np.cos(angles), np.sin(angles)
    matrices = np.stack([np.stack([cos, sin], 1), np.stack([-sin, cos], 1)], 1)
    return np.asarray(shapes @ matrices)
