"""Images too large for maps of the whole: segmented block by block, with a margin around each.

An object belongs to the block that holds the centre of its bounding box. Neighbours see it almost
alike, so near a seam both may claim it: the second one is dropped. An object wider than two margins
(16 times the size that the network knows) may be cut straight, as no block sees all of it.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from shapely import STRtree

from core.annotation.geometry import shifted, to_shapely, touches_border
from core.annotation.region import Region
from core.engine.block_plan import Block, one_by_one, plan_blocks
from core.engine.config import SegmentConfig
from core.engine.mapper import Mapper
from core.engine.outline import regions_from_maps
from core.progress import Ticket


def regions_in_blocks(mapper: Mapper, config: SegmentConfig, ticket: Ticket) -> tuple[Region, ...]:
    """Regions of the whole image, ids 1..n from top to bottom; never holds maps of more than one
    block. Progress counts blocks; stops between tiles when asked to."""
    blocks = plan_blocks(mapper.height, mapper.width, mapper.factor)
    found: list[Region] = []
    shared: list[Region] = []
    for block in one_by_one(blocks, ticket):
        for region in _claimed(block, mapper, config, ticket.quiet()):
            (shared if block.shares(region) else found).append(region)
    found += without_twins(shared)
    if config.exclude_border:
        found = [r for r in found if not touches_border(r, mapper.width, mapper.height)]
    found.sort(key=lambda region: (region.bounds[1], region.bounds[0]))
    return tuple(replace(region, id=i) for i, region in enumerate(found, 1))


def _claimed(
    block: Block, mapper: Mapper, config: SegmentConfig, ticket: Ticket
) -> Iterator[Region]:
    """The regions of one block, in the frame of the image."""
    maps = mapper.maps_of(block.seen, ticket)
    for region in regions_from_maps(maps, config, ticket, is_part=True):
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
