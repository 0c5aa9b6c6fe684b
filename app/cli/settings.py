"""Turning parsed arguments into the engine's settings."""

import argparse

from core.engine.config import SegmentConfig


def segment_config(options: argparse.Namespace) -> SegmentConfig:
    """The run settings of `segment` and `evaluate`; raises UsageError for a senseless value."""
    return SegmentConfig(
        model=options.model,
        threshold=options.threshold,
        separation=options.separation,
        min_area=options.min_area,
        max_area=options.max_area,
        diameter=options.diameter,
    )
