"""An engine that needs no network: each grey value is a probability. For tests, by dotted path.

The name of the model says how it behaves.
"""

import os
import time

import numpy as np

from core.annotation.annotation_set import mean_confidence
from core.engine.config import SegmentConfig
from core.engine.outline import regions_from_maps
from core.engine.result import Maps, SegmentationResult, resolved
from core.errors import Cancelled, WeightsUnavailable
from core.image.model import Image
from core.progress import Ticket

TILES = 40
TILE_SECONDS = 0.02


def segment(image: Image, config: SegmentConfig, ticket: Ticket) -> SegmentationResult:
    behaviour = config.model
    if behaviour == "crash":
        os._exit(3)
    if behaviour == "refuse":
        raise WeightsUnavailable("HRNet cannot run: the file is missing. Install its weights.")
    if behaviour == "bug":
        raise ZeroDivisionError("division by zero")
    if behaviour == "out of memory":
        raise MemoryError
    if behaviour == "deaf":
        time.sleep(60)
    if behaviour in ("slow", "stubborn"):
        _run_tiles(ticket, stubborn=behaviour == "stubborn")
    return _result(image, config, ticket)


def _run_tiles(ticket: Ticket, stubborn: bool) -> None:
    """stubborn: too late to stop when asked."""
    for tile in range(TILES):
        time.sleep(TILE_SECONDS)
        try:
            ticket.step(tile + 1, TILES, "predicting")
        except Cancelled:
            if not stubborn:
                raise


def _result(image: Image, config: SegmentConfig, ticket: Ticket) -> SegmentationResult:
    foreground = image.pixels[..., 0].astype(np.float32) / 255
    maps = Maps(foreground, np.sqrt(foreground), config.model, "ab" * 32, 0.5, 0.5, 24.0)
    regions = regions_from_maps(maps, config, ticket)
    return SegmentationResult(
        image.content_hash,
        image.width,
        image.height,
        regions,
        maps,
        resolved(config, maps),
        {"load": 9.0, "predict": 0.25, "outline": 0.25},
        mean_confidence(regions),
    )
