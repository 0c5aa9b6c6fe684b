"""From cached maps to regions: everything a slider may change, without the network."""

from dataclasses import replace

import numpy as np

from core.annotation.contour import smooth_outlines
from core.annotation.region import Origin, Region
from core.annotation.runs import firsts
from core.engine.config import SegmentConfig
from core.engine.instances import (
    drop_border_objects,
    fill_small_holes,
    find_instances,
    limit_sizes,
    runs_of,
)
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
    labels = limited(labels, config)
    ticket.step(1, 2, "outlining")
    regions = _outlined(labels, maps, config)
    ticket.step(2, 2, "outlining")
    return regions


def limited(labels: np.ndarray, config: SegmentConfig) -> np.ndarray:
    """Labels 1..n of the objects that the settings let through, their small holes filled."""
    labels = limit_sizes(labels, config.min_area, None)  # specks first: they may lie in holes
    labels = fill_small_holes(labels, config.fill_holes)
    if config.max_area is not None:
        labels = limit_sizes(labels, 0, config.max_area)
    return drop_border_objects(labels) if config.exclude_border else labels


def _outlined(labels: np.ndarray, maps: Maps, config: SegmentConfig) -> tuple[Region, ...]:
    origin = Origin("model", maps.model, maps.weights_sha256, config.threshold)
    confidence = maps.confidence(mean_inside(labels, maps.foreground))
    outlines = smooth_outlines(maps.foreground, labels, config.threshold or 0.0, config.detail)
    return tuple(
        Region(i, o.shell, o.holes, confidence=float(confidence[o.label]), origin=origin)
        for i, o in enumerate(outlines, 1)
    )


def resolved(config: SegmentConfig, maps: Maps) -> SegmentConfig:
    """`config` with the network's own threshold and separation and the measured diameter, where
    none was chosen."""
    threshold = maps.default_threshold if config.threshold is None else config.threshold
    separation = maps.default_separation if config.separation is None else config.separation
    diameter = config.diameter or maps.diameter
    return replace(config, threshold=threshold, separation=separation, diameter=diameter)


def mean_inside(labels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(n + 1,) mean of `values` over the pixels of each label; holes are background, not inside."""
    runs = runs_of(labels)
    if not len(runs.value):
        return np.zeros(1)
    sums = np.add.reduceat(values[labels > 0], firsts(runs.length), dtype=np.float64)
    counts = np.bincount(runs.value, runs.length)
    return np.bincount(runs.value, sums) / np.maximum(counts, 1)
