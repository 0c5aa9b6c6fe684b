"""The channels for the network, which a project remembers: elsewhere numbers mean others."""

import msgspec

from core.engine.config import SegmentConfig
from core.errors import UsageError

CHANNELS = "network_channels"
"""The setting of a project: a list of numbers from 0, empty for automatic."""


def channels_of(stored: object) -> tuple[int, ...]:
    """What a project remembers, automatic when it is nothing or damaged."""
    try:
        return SegmentConfig(channels=msgspec.convert(stored, tuple[int, ...])).channels
    except (msgspec.ValidationError, UsageError):
        return ()
