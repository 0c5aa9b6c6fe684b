"""From cached maps to regions: everything a slider may change, without the network."""

from dataclasses import replace

import numpy as np

from core.annotation.contour import smooth_outlines
from core.annotation.region import Origin, Region
from core.engine.config import SegmentConfig
from core.engine.instances import fill_small_holes, find_instances, limit_sizes
from core.engine.result import Maps
from core.progress import Ticket


def regions_from_maps(
    maps: Maps, config: SegmentConfig, ticket: Ticket | None = None
) -> tuple[Region, ...]:
    """Regions 1..n by position; threshold and separation default to what the network recommends."""
    ticket = ticket or Ticket()
    config = resolved(config, maps)
    assert config.threshold is not None and config.separation is not None
    ticket.step(0, 2, "separating")
    labels = find_instances(maps.foreground, maps.cue, config.threshold, config.separation)
    labels = limit_sizes(labels, config.min_area, config.max_area)
    labels = fill_small_holes(labels, config.fill_holes)
    ticket.step(1, 2, "outlining")
    regions = _outlined(labels, maps, config)
    ticket.step(2, 2, "outlining")
    return regions


def _outlined(labels: np.ndarray, maps: Maps, config: SegmentConfig) -> tuple[Region, ...]:
    origin = Origin("model", maps.model, maps.weights_sha256, config.threshold)
    means = mean_inside(labels, maps.foreground)
    outlines = smooth_outlines(maps.foreground, labels, config.threshold or 0.0, config.detail)
    return tuple(
        Region(i, o.shell, o.holes, confidence=float(means[o.label]), origin=origin)
        for i, o in enumerate(outlines, 1)
    )


def resolved(config: SegmentConfig, maps: Maps) -> SegmentConfig:
    """`config` with the network's own threshold and separation where none was chosen."""
    threshold = maps.default_threshold if config.threshold is None else config.threshold
    separation = maps.default_separation if config.separation is None else config.separation
    return replace(config, threshold=threshold, separation=separation)


def mean_inside(labels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(n + 1,) mean of `values` over the pixels of each label; holes are background, not inside."""
    inside = np.flatnonzero(labels)
    owner = labels.ravel()[inside]
    counts = np.bincount(owner, minlength=1)
    return np.bincount(owner, weights=values.ravel()[inside], minlength=1) / np.maximum(counts, 1)
