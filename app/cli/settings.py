"""Turning parsed arguments into the engine's settings."""

import argparse

from app.settings.run import RunSettings
from core.engine.config import SegmentConfig
from core.errors import UsageError


def check_device(name: str) -> None:
    """Raises UsageError for a device that is not there, before any image is read."""
    if name not in ("auto", "cpu"):  # those are everywhere, and torch takes seconds to load
        from core.engine.device import choose_device

        choose_device(name)


def run_settings(options: argparse.Namespace) -> RunSettings:
    """The run settings of `segment` and `evaluate`; raises UsageError for a senseless value."""
    check_device(options.device)
    config = SegmentConfig(
        model=options.model,
        threshold=options.threshold,
        separation=options.separation,
        min_confidence=options.min_confidence,
        min_area=options.min_area,
        max_area=options.max_area,
        exclude_border=options.exclude_border,
        fill_holes=options.fill_holes,
        detail=options.detail,
        diameter=options.diameter,
        device=options.device,
        channels=_channels(options.channels),
    )
    return RunSettings(config, options.diameter_um)


def _channels(text: str) -> tuple[int, ...]:
    """From "1,3" to 0 and 2."""
    words = [word.strip() for word in text.split(",")] if text else []
    if not all(word.isdecimal() for word in words):
        raise UsageError(f"The channels are {text!r}; write numbers from 1 on, as in 1 or 1,3.")
    return tuple(int(word) - 1 for word in words)
