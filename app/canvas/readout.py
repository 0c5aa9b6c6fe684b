"""Readout: what lies under the pointer, for the status line. No Qt."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from core.image.model import Image

Values = tuple[float, ...] | None
"""Of a pixel, one for each channel."""


@dataclass(frozen=True)
class Readout:
    """x, y in continuous image coordinates; value: the native values of the pixel there, one for
    each channel, None beside the image and while they are not known."""

    x: float
    y: float
    value: Values


def _unknown(column: int, row: int) -> Values:
    return None


def readout(
    image: Image, x: float, y: float, values_at: Callable[[int, int], Values] = _unknown
) -> Readout:
    """What the image has at x, y. values_at: tells the values at a column and row of an image that
    lies in its file, without reading there."""
    column, row = math.floor(x), math.floor(y)
    if not (0 <= column < image.width and 0 <= row < image.height):
        return Readout(x, y, None)
    if image.is_lazy:
        return Readout(x, y, values_at(column, row))
    return Readout(x, y, tuple(image.pixels[row, column].tolist()))
