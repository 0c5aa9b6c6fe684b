"""From an image with its native values to what a network sees. Display settings play no part."""

import cv2
import numpy as np

from core.image.model import Image
from core.image.scale import Window, grey_or_rgb, percentile_window, to_unit
from core.models.spec import Normalisation


def scale_to_unit(image: Image, normalisation: Normalisation) -> np.ndarray:
    """(H, W, 1) grey or (H, W, 3) RGB float32 in 0..1; colours share one window, so hue is kept.

    A constant image becomes all zeros; NaN becomes 0, infinities are clipped.
    """
    return to_unit(grey_or_rgb(image), unit_window(image, normalisation))


def unit_window(image: Image, normalisation: Normalisation) -> Window:
    """The values of the whole image that become 0 and 1."""
    return percentile_window(grey_or_rgb(image), normalisation.low, normalisation.high)


def rescaled(pixels: np.ndarray, factor: float) -> np.ndarray:
    """(H, W, C) resized by `factor`, area-averaged when shrinking; at least one pixel remains."""
    if factor == 1:
        return pixels
    height, width = (max(1, round(side * factor)) for side in pixels.shape[:2])
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width, height), interpolation=method).reshape(height, width, -1)


def network_input(pixels: np.ndarray, normalisation: Normalisation) -> np.ndarray:
    """(H, W, 1|3) of 0..1 -> (3, H, W) float32 as the network was trained on."""
    colours = np.broadcast_to(pixels, (*pixels.shape[:2], 3)).transpose(2, 0, 1)
    return (colours - np.float32(normalisation.mean)) / np.float32(normalisation.std)
