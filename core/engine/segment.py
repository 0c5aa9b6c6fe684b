"""The one public call of the engine: an image in, regions out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import cv2
import numpy as np

from core.annotation.annotation_set import mean_confidence
from core.engine.config import SegmentConfig
from core.engine.loader import LoadedNetwork, load_network
from core.engine.outline import regions_from_maps, resolved
from core.engine.predict import predict, sigmoid
from core.engine.prepare import rescaled, scale_to_unit
from core.engine.result import Maps, SegmentationResult
from core.errors import OutOfMemory
from core.image.model import Image
from core.progress import Ticket

OUT_OF_MEMORY = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "failed to allocate",
    "insufficient memory",
)


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
    when the network cannot run, OutOfMemory when it does not fit.
    """
    config, ticket, watch = config or SegmentConfig(), ticket or Ticket(), Stopwatch()
    ticket.step(0, 1, "loading the network")
    with watch.stage("load"):
        loaded = load_network(config.model)
    try:
        maps = probability_maps(image, loaded, config, ticket, watch)
        with watch.stage("outline"):
            regions = regions_from_maps(maps, config, ticket)
    except (MemoryError, RuntimeError, cv2.error) as error:
        if not _is_out_of_memory(error):
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


def probability_maps(
    image: Image,
    loaded: LoadedNetwork,
    config: SegmentConfig,
    ticket: Ticket,
    watch: Stopwatch | None = None,
) -> Maps:
    """Run the network over the image; the maps have the size of the image."""
    watch = watch or Stopwatch()
    entry = loaded.entry
    with watch.stage("prepare"):
        pixels = scale_to_unit(image, entry.normalisation)
        factor = entry.diameter / config.diameter if config.diameter else entry.scale
        pixels = rescaled(pixels, factor)
    with watch.stage("predict"):
        logits = predict(loaded.network, pixels, entry.normalisation, ticket)
        foreground, cue = (
            sigmoid(_at_size(plane, image.width, image.height)) for plane in logits[:2]
        )
    for plane in (foreground, cue):
        plane.setflags(write=False)
    return Maps(foreground, cue, entry.name, entry.sha256, entry.threshold, entry.separation)


def _at_size(logits: np.ndarray, width: int, height: int) -> np.ndarray:
    """Logits interpolated to the size of the image: smooth, so outlines stay sub-pixel."""
    if logits.shape == (height, width):
        return np.ascontiguousarray(logits)
    shrink = width < logits.shape[1]
    method = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
    return cv2.resize(np.ascontiguousarray(logits), (width, height), interpolation=method)


def _is_out_of_memory(error: Exception) -> bool:
    """Libraries have many words for it, and speak of memory in other errors too."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(words in text for words in OUT_OF_MEMORY)
