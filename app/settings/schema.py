"""The table of settings: name, type, default and what counts as sensible."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from core.engine.config import SegmentConfig

T = TypeVar("T")
Appearance = Literal["system", "light", "dark"]
ColourBy = Literal["class", "object", "confidence", "origin", "review"]


def _anything(value: object) -> bool:
    return True


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `type` is what msgspec checks a stored value against, `sensible` its range."""

    key: str
    type: Any
    default: T
    sensible: Callable[[T], bool] = _anything


RECENT: Setting[tuple[str, ...]] = Setting("files/recent", tuple[str, ...], ())
MOST_RECENT = 10
FOLDER: Setting[str] = Setting("files/folder", str, "")
EXPORT_FOLDER: Setting[str] = Setting("export/folder", str, "")
EXPORT_FORMATS: Setting[tuple[str, ...]] = Setting("export/formats", tuple[str, ...], ())
APPEARANCE: Setting[Appearance] = Setting("view/appearance", Appearance, "system")
FILL_OPACITY: Setting[float] = Setting("view/fill_opacity", float, 0.2, lambda v: 0 <= v <= 1)
OUTLINE_WIDTH: Setting[float] = Setting("view/outline_width", float, 1.5, lambda v: 0 < v <= 10)
LABELS: Setting[bool] = Setting("view/labels", bool, False)
COLOUR_BY: Setting[ColourBy] = Setting("view/colour_by", ColourBy, "class")
HALO: Setting[bool] = Setting("view/halo", bool, False)
SCALE_BAR: Setting[bool] = Setting("view/scale_bar", bool, True)
MINIMAP: Setting[bool] = Setting("view/minimap", bool, True)
CROSSHAIR: Setting[bool] = Setting("view/crosshair", bool, False)
OBJECT_COLUMNS: Setting[tuple[str, ...]] = Setting("view/object_columns", tuple[str, ...], ())
MEASURE_COLUMNS: Setting[tuple[str, ...]] = Setting("measure/columns", tuple[str, ...], ())
NETWORK: Setting[str] = Setting("segment/network", str, SegmentConfig.model)
LARGEST_AREA = 9_999_999
"""Square pixels; more has no place in the fields."""
DETAILS = (0.0, 10.0)
"""Finest and coarsest tolerance of an outline, pixels: what SegmentConfig takes."""
MIN_AREA: Setting[float] = Setting(
    "segment/min_area", float, SegmentConfig.min_area, lambda v: 0 <= v <= LARGEST_AREA
)
MAX_AREA: Setting[float | None] = Setting(
    "segment/max_area",
    float | None,
    SegmentConfig.max_area,
    lambda v: v is None or 0 < v <= LARGEST_AREA,
)
FILL_HOLES: Setting[float] = Setting(
    "segment/fill_holes", float, SegmentConfig.fill_holes, lambda v: 0 <= v <= LARGEST_AREA
)
EXCLUDE_BORDER: Setting[bool] = Setting(
    "segment/exclude_border", bool, SegmentConfig.exclude_border
)
DETAIL: Setting[float] = Setting(
    "segment/detail", float, SegmentConfig.detail, lambda v: DETAILS[0] <= v <= DETAILS[1]
)
ALL: tuple[Setting[Any], ...] = (
    RECENT,
    FOLDER,
    EXPORT_FOLDER,
    EXPORT_FORMATS,
    APPEARANCE,
    FILL_OPACITY,
    OUTLINE_WIDTH,
    LABELS,
    COLOUR_BY,
    HALO,
    SCALE_BAR,
    MINIMAP,
    CROSSHAIR,
    OBJECT_COLUMNS,
    MEASURE_COLUMNS,
    NETWORK,
    MIN_AREA,
    MAX_AREA,
    FILL_HOLES,
    EXCLUDE_BORDER,
    DETAIL,
)
