"""Readout: what lies under the pointer, for the status line. No Qt."""

import math
from dataclasses import dataclass

from core.image.model import Image


@dataclass(frozen=True)
class Readout:
    """x, y in continuous image coordinates; value: the native values of the pixel there, one for
    each channel, None beside the image."""

    x: float
    y: float
    value: tuple[float, ...] | None


def readout(image: Image, x: float, y: float) -> Readout:
    """What the image has at x, y."""
    column, row = math.floor(x), math.floor(y)
    inside = 0 <= column < image.width and 0 <= row < image.height
    return Readout(x, y, tuple(image.pixels[row, column].tolist()) if inside else None)
