"""Halving: pixels at half their size. No Qt."""

from typing import Any

import cv2
import numpy as np

SHRINKABLE = (np.uint8, np.uint16, np.int16, np.float32, np.float64)  # what OpenCV averages


def half_of(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The shape of (h, w, C) at half the size; odd sides are rounded up."""
    return (shape[0] + 1) // 2, (shape[1] + 1) // 2, shape[2]


def half_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype in SHRINKABLE else np.dtype(np.float32)


def halved(pixels: np.ndarray) -> np.ndarray:
    """The mean of each 2 x 2 pixels; an odd last row or column is repeated before."""
    if pixels.dtype not in SHRINKABLE:
        pixels = pixels.astype(np.float32)
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = ((width + 1) // 2, (height + 1) // 2)
    half = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return half.reshape(size[1], size[0], -1)
