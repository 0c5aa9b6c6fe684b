"""Turning parsed arguments into the engine's settings."""

import argparse

from app.settings.run import RunSettings
from core.engine.config import SegmentConfig


def run_settings(options: argparse.Namespace) -> RunSettings:
    """The run settings of `segment` and `evaluate`; raises UsageError for a senseless value."""
    config = SegmentConfig(
        model=options.model,
        threshold=options.threshold,
        separation=options.separation,
        min_area=options.min_area,
        max_area=options.max_area,
        exclude_border=options.exclude_border,
        fill_holes=options.fill_holes,
        detail=options.detail,
        diameter=options.diameter,
        device=options.device,
    )
    return RunSettings(config, options.diameter_um)
