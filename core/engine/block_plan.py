"""The plan of the blocks in which a large image is segmented, one after the other. No torch."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise, product, takewhile

from core.annotation.region import Region
from core.engine.prepare import Part, scaled_size
from core.engine.result import MOST_PIXELS, is_large
from core.engine.tiles import GRAIN
from core.progress import Ticket

SIDE = 64 * GRAIN
"""Of a block at most, in pixels as the network sees them: 2048."""
MARGIN = 8 * GRAIN
"""Around a block, likewise: eight objects of the size that the network knows. Sides and margin are
multiples of GRAIN, so that a block and its neighbour lie on the same grid."""
LONGEST = math.isqrt(MOST_PIXELS)
"""Pixels of the image: side of a block with its margin at most, which so is no large image."""
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
    def own(self) -> Part:
        """Without the margin."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def own_in_seen(self) -> Part:
        """Where its own pixels lie among those that are seen."""
        x, y = self.origin
        return slice(self.top - y, self.bottom - y), slice(self.left - x, self.right - x)

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
    """Blocks that cover the image, row by row; a single one where neither the image nor what the
    network sees of it is large. factor: what the image is resized by."""
    large = is_large(height, width) or is_large(*scaled_size(height, width, factor))
    side = _side(factor) if large else max(height, width)
    rows, columns = _stretches(height, side), _stretches(width, side)
    margin = round(MARGIN / factor)
    return [Block(*row, *column, margin) for row, column in product(rows, columns)]


def one_by_one(blocks: Sequence[Block], ticket: Ticket) -> Iterator[Block]:
    """The blocks; progress counts them, and stops between them when asked to."""
    for i, block in enumerate(blocks):
        ticket.step(i, len(blocks), "segmenting")
        yield block
    ticket.step(len(blocks), len(blocks), "segmenting")


def _side(factor: float) -> float:
    """Of a block, pixels of the image: the margins of what is much reduced leave less room."""
    room = LONGEST * factor - 2 * MARGIN
    return min(SIDE, room // GRAIN * GRAIN) / factor


def _stretches(length: int, side: float) -> list[tuple[int, int]]:
    """First and last + 1 pixel of the blocks along one side."""
    edges = takewhile(lambda edge: edge < length, (round(i * side) for i in count()))
    return list(pairwise([*edges, length]))
