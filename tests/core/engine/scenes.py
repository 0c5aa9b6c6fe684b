"""Scenes drawn by hand: discs with what a network would say of them."""

import numpy as np


def disc(shape: tuple[int, int], x: float, y: float, r: float) -> np.ndarray:
    """(H, W) distance from the centre over the radius."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.hypot(columns - x, rows - y) / r


def scene(*discs: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Foreground and cue, the root of the distance, of discs (x, y, r) on 80 x 120 pixels."""
    radii = np.min([disc((80, 120), *d) for d in discs], axis=0)
    cue = np.sqrt(np.clip(1 - radii, 0, 1))
    return (radii < 1).astype(np.float32), cue.astype(np.float32)
