"""The limits that are remembered from one start of the program to the next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.settings import schema
from app.settings.schema import Setting
from app.settings.store import Settings
from core.engine.config import SegmentConfig
from core.errors import UsageError

REMEMBERED: Mapping[str, Setting[Any]] = {
    "min_area": schema.MIN_AREA,
    "max_area": schema.MAX_AREA,
    "fill_holes": schema.FILL_HOLES,
    "exclude_border": schema.EXCLUDE_BORDER,
    "detail": schema.DETAIL,
}
"""By field of SegmentConfig; threshold and separation belong to a network and are not kept."""


def remember(settings: Settings, config: SegmentConfig) -> None:
    """Keep the limits of `config`."""
    for name, setting in REMEMBERED.items():
        settings.set(setting, getattr(config, name))


def remembered(settings: Settings, config: SegmentConfig) -> SegmentConfig:
    """`config` with the limits that were kept, or as it is when they contradict each other."""
    kept = {name: settings.get(setting) for name, setting in REMEMBERED.items()}
    try:
        return replace(config, **kept)
    except UsageError:
        return config
