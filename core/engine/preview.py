"""What a network sees of an image, tile by tile, without running it: for a person to look at."""

from dataclasses import dataclass

import numpy as np

from core.engine.block_plan import plan_blocks
from core.engine.fit import Fit
from core.engine.prepare import Part, UnitPixels, scaled_size, seen, size_of
from core.engine.tiles import Tile, plan_tiles
from core.image.model import Image
from core.models.spec import Normalisation


@dataclass(frozen=True, eq=False)
class NetworkInput:
    """One tile: number `index` of `count`, from 0, in the order in which they are segmented.

    pixels: (h, w, 1 or 3) float32 of 0..1 in the size at which the network sees them; what it
    gets are these, normalised.
    """

    pixels: np.ndarray
    index: int
    count: int


def network_input_tile(
    image: Image, normalisation: Normalisation, channels: tuple[int, ...], fit: Fit, index: int = 0
) -> NetworkInput:
    """A tile of the image; a number beyond the last one gives that.

    Raises UsageError for a channel that the image does not have; what reading a lazy image raises.
    """
    pixels = UnitPixels(image, normalisation, channels)
    places = _places(image.height, image.width, fit.factor)
    index = min(index, len(places) - 1)
    part, tile = places[index]
    return NetworkInput(seen(pixels, part, fit.factor)[tile.window], index, len(places))


def _places(height: int, width: int, factor: float) -> list[tuple[Part, Tile]]:
    """Each part of an image that is resized as a whole, with each of its tiles."""
    parts = [block.seen for block in plan_blocks(height, width, factor)]
    sizes = (scaled_size(*size_of(part, height, width), factor) for part in parts)
    return [(p, tile) for p, size in zip(parts, sizes, strict=True) for tile in plan_tiles(*size)]
