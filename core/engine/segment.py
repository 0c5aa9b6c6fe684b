"""The one public call of the engine: an image in, regions out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.annotation.annotation_set import mean_confidence
from core.annotation.region import Region
from core.engine.blocks import regions_in_blocks
from core.engine.config import SegmentConfig
from core.engine.loader import LoadedNetwork, load_network
from core.engine.mapper import Mapper
from core.engine.memory import is_out_of_memory
from core.engine.outline import regions_from_maps
from core.engine.result import Maps, SegmentationResult, is_large, resolved
from core.errors import OutOfMemory
from core.image.model import Image
from core.progress import Ticket


@dataclass
class Stopwatch:
    """Seconds by stage, from a monotonic clock."""

    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.stages[name] = time.perf_counter() - start


def segment(
    image: Image, config: SegmentConfig | None = None, ticket: Ticket | None = None
) -> SegmentationResult:
    """Outline the objects of `image`.

    Raises Cancelled between tiles when the ticket says so, WeightsUnavailable or UnknownNetwork
    when the network cannot run, UsageError for a channel that the image does not have, OutOfMemory
    when it does not fit.
    """
    config, ticket, watch = config or SegmentConfig(), ticket or Ticket(), Stopwatch()
    ticket.step(0, 1, "loading the network")
    with watch.stage("load"):
        loaded = load_network(config.model, config.device)
    try:
        regions, maps = _run(image, loaded, config, ticket, watch)
    except Exception as error:  # each library has its own class for it
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            f"{image.name} needs more memory than is free; close other programs or cut the image."
        ) from error
    return SegmentationResult(
        image.content_hash,
        image.width,
        image.height,
        regions,
        maps,
        resolved(config, maps),
        watch.stages,
        mean_confidence(regions),
    )


def _run(
    image: Image, loaded: LoadedNetwork, config: SegmentConfig, ticket: Ticket, watch: Stopwatch
) -> tuple[tuple[Region, ...], Maps]:
    with watch.stage("measure"):
        mapper = Mapper(image, loaded, config, ticket)
    if is_large(image.height, image.width):
        with watch.stage("blocks"):
            return regions_in_blocks(mapper, config, ticket), mapper.no_maps()
    with watch.stage("predict"):
        maps = mapper.maps(ticket)
    with watch.stage("outline"):
        return regions_from_maps(maps, config, ticket), maps


def probability_maps(
    image: Image, loaded: LoadedNetwork, config: SegmentConfig, ticket: Ticket
) -> Maps:
    """Run the network over the image; the maps have the size of the image."""
    return Mapper(image, loaded, config, ticket).maps(ticket)
