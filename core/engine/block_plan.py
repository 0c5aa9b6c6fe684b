"""The plan of the blocks of which a large image is segmented, one after the other. No torch."""

import math
from dataclasses import dataclass
from itertools import pairwise, product

from core.annotation.region import Region
from core.engine.prepare import Part
from core.engine.tiles import GRAIN

SIDE = 64 * GRAIN
"""Of a block, in pixels as the network sees them: 2048."""
MARGIN = 8 * GRAIN
"""Around a block, likewise: ten objects of the size that the network knows. Both are multiples of
GRAIN, so that a block and its neighbour lie on the same grid."""
SEAM = 2.0
"""Pixels: how far two blocks may disagree about the centre of an object."""


@dataclass(frozen=True)
class Block:
    """Rows top..bottom and columns left..right of an image of height x width, and its margin."""

    top: int
    bottom: int
    left: int
    right: int
    margin: int

    @property
    def origin(self) -> tuple[int, int]:
        """x and y of the first pixel that is seen."""
        return max(0, self.left - self.margin), max(0, self.top - self.margin)

    @property
    def seen(self) -> Part:
        """With the margin; slices may reach beyond the image."""
        x, y = self.origin
        return slice(y, self.bottom + self.margin), slice(x, self.right + self.margin)

    def claims(self, region: Region) -> bool:
        """Whether the centre lies in the block or just beyond its seam."""
        x0, y0, x1, y1 = region.bounds
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        inside_x = self.left - SEAM <= x < self.right + SEAM
        return inside_x and self.top - SEAM <= y < self.bottom + SEAM

    def shares(self, region: Region) -> bool:
        """Whether it reaches a seam, so that a neighbour may claim it too."""
        x0, y0, x1, y1 = region.bounds
        inside_x = self.left + SEAM < x0 and x1 < self.right - SEAM
        return not (inside_x and self.top + SEAM < y0 and y1 < self.bottom - SEAM)


def plan_blocks(height: int, width: int, factor: float) -> list[Block]:
    """Blocks that cover the image, row by row. factor: what the image is resized by."""
    rows, columns = _stretches(height, factor), _stretches(width, factor)
    margin = round(MARGIN / factor)
    return [Block(*row, *column, margin) for row, column in product(rows, columns)]


def _stretches(length: int, factor: float) -> list[tuple[int, int]]:
    """First and last + 1 pixel of the blocks along one side."""
    count = max(1, math.ceil(length * factor / SIDE))
    edges = [round(i * SIDE / factor) for i in range(count)]
    return list(pairwise([*edges, length]))
