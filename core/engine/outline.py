"""From cached maps to regions: everything a slider may change, without the network."""

from dataclasses import asdict, replace

import numpy as np

from core.annotation.contour import smooth_outlines
from core.annotation.region import Origin, Region
from core.engine.config import SegmentConfig, settings_hash
from core.engine.instances import find_objects
from core.engine.limits import fill_small_holes, off_border, only, within_sizes
from core.engine.result import Maps, resolved
from core.engine.runs import Runs, labelled, runs_of
from core.progress import Ticket


def regions_from_maps(
    maps: Maps, config: SegmentConfig, ticket: Ticket | None = None, is_part: bool = False
) -> tuple[Region, ...]:
    """Regions 1..n by position; what is None in `config` is what the network recommends.

    is_part: the maps are of a part of the image, so their edge is not that of the image.
    """
    ticket = ticket or Ticket()
    config = resolved(config, maps)
    origin = _origin(maps, config)
    if is_part:
        config = replace(config, exclude_border=False)
    ticket.step(0, 2, "separating")
    objects, confidence = sure_objects(maps, config)
    ticket.step(1, 2, "outlining")
    regions = _outlined(objects, confidence, maps, config, origin)
    ticket.step(2, 2, "outlining")
    return regions


def limited(objects: Runs, shape: tuple[int, ...], config: SegmentConfig) -> Runs:
    """The objects 1..n that the settings let through, their small holes filled."""
    objects = within_sizes(objects, config.min_area, None)  # specks first: they may lie in holes
    if config.fill_holes > 0:
        objects = runs_of(fill_small_holes(labelled(objects, shape), config.fill_holes))
    if config.max_area is not None:
        objects = within_sizes(objects, 0, config.max_area)
    return off_border(objects, shape) if config.exclude_border else objects


def sure_objects(maps: Maps, config: SegmentConfig) -> tuple[Runs, np.ndarray]:
    """The objects 1..n that the settings let through, and the confidence of each value from 0 on.

    config: `resolved`.
    """
    assert config.threshold is not None and config.separation is not None
    objects, confidence = find_objects(
        maps.foreground,
        maps.cue,
        config.threshold,
        config.separation,
        maps.confidence,
        maps.default_separation,
    )
    objects = limited(objects, maps.foreground.shape, config)
    sure = np.bincount(objects.value, minlength=len(confidence)) > 0
    sure &= confidence >= (config.min_confidence or 0)
    sure[0] = False  # of the background
    return only(objects, sure), np.append(0.0, confidence[sure])


def _outlined(
    objects: Runs, confidence: np.ndarray, maps: Maps, config: SegmentConfig, origin: Origin
) -> tuple[Region, ...]:
    labels = labelled(objects, maps.foreground.shape)
    outlines = smooth_outlines(maps.foreground, labels, config.threshold or 0.0, config.detail)
    return tuple(
        Region(i, o.shell, o.holes, confidence=float(confidence[o.label]), origin=origin)
        for i, o in enumerate(outlines, 1)
    )


def _origin(maps: Maps, config: SegmentConfig) -> Origin:
    return Origin(
        "model",
        maps.model,
        maps.weights_sha256,
        config.threshold,
        settings_hash=settings_hash(asdict(config)),
    )
