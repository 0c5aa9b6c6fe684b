"""What a decoder hands back, and how its pixels are turned upright."""

from dataclasses import dataclass

import numpy as np

from core.image.pixels import Pixels


@dataclass(frozen=True, eq=False)
class Decoded:
    """Pixels (H, W, C) of a plane, in any memory order; what else is known stands in the scene.

    levels: the same at smaller sizes, the largest first, when the file has them.
    """

    pixels: Pixels
    levels: tuple[Pixels, ...] = ()
    notes: tuple[str, ...] = ()


def upright(pixels: np.ndarray, orientation: object) -> np.ndarray:
    """A view of (H, W, C) as a camera meant it, for the EXIF and TIFF orientations 1 to 8."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels
