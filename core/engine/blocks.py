"""Images too large for maps of the whole: segmented block by block, with a margin around each.

An object belongs to the block that holds the centre of its bounding box. Neighbours see it almost
alike, so near a seam both may claim it: the second one is dropped.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np
from shapely import STRtree

from core.annotation.geometry import shifted, to_shapely, touches_border
from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.outline import regions_from_maps
from core.engine.prepare import Part
from core.engine.tiles import GRAIN
from core.progress import Ticket

if TYPE_CHECKING:  # it needs torch, and the plan of the blocks does not
    from core.engine.mapper import Mapper

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


def regions_in_blocks(
    mapper: "Mapper", config: SegmentConfig, ticket: Ticket
) -> tuple[Region, ...]:
    """Regions of the whole image, ids 1..n from top to bottom; never holds maps of more than one
    block. Progress counts blocks; stops between tiles when asked to."""
    blocks = plan_blocks(mapper.height, mapper.width, mapper.factor)
    found: list[Region] = []
    shared: list[Region] = []
    for i, block in enumerate(blocks):
        ticket.step(i, len(blocks), "segmenting")
        for region in _claimed(block, mapper, config, ticket.quiet()):
            (shared if block.shares(region) else found).append(region)
    found += without_twins(shared)
    if config.exclude_border:
        found = [r for r in found if not touches_border(r, mapper.width, mapper.height)]
    found.sort(key=lambda region: (region.bounds[1], region.bounds[0]))
    return tuple(replace(region, id=i) for i, region in enumerate(found, 1))


def _claimed(
    block: Block, mapper: "Mapper", config: SegmentConfig, ticket: Ticket
) -> Iterator[Region]:
    """The regions of one block, in the frame of the image."""
    maps = mapper.maps(ticket, block.seen)
    for region in regions_from_maps(maps, replace(config, exclude_border=False), ticket):
        placed = shifted(region, *block.origin)
        if block.claims(placed):
            yield placed


def without_twins(regions: list[Region]) -> list[Region]:
    """Without regions that cover half of an earlier one, or are half covered by it."""
    shapes = np.array([to_shapely(region.rings) for region in regions], object)
    first, second = STRtree(shapes).query(shapes, predicate="intersects")
    twins = set()
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        smaller = min(shapes[a].area, shapes[b].area)
        if a < b and a not in twins and shapes[a].intersection(shapes[b]).area > smaller / 2:
            twins.add(b)
    return [region for i, region in enumerate(regions) if i not in twins]
