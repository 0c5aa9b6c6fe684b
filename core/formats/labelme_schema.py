"""The parts of a labelme file that we read; what else is there is kept.

Source: labelme's loader, version 7.1, and the user guide of X-AnyLabeling, which adds `score` and
`locked` to shapes. Polygons are in our frame, since both draw on the pixel edges of the image.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from core.formats.own_data import NOTHING, Side

VERSION = "7.1.0"
"""The version of labelme whose files ours are like."""

OPTIONAL: Mapping[str, Any] = {"group_id": None, "description": "", "flags": {}}
"""What labelme expects in a shape and we have nothing for, with the values that say nothing."""


class Shape(msgspec.Struct):
    """One shape; mask: a PNG in base 64, with the corners of its box as points."""

    label: str
    points: list[tuple[float, float]]
    shape_type: str = "polygon"
    mask: str | None = None
    score: float | None = None
    locked: Any = None
    cellscribe: msgspec.Raw = NOTHING


class Tag(msgspec.Struct):
    """What one needs to know of a shape beforehand; reading this much of it is fast."""

    label: str
    group_id: Any = None


class Document(msgspec.Struct, rename="camel"):
    """The whole file; its shapes are still text."""

    shapes: list[msgspec.Raw]
    version: Any = None
    image_path: str | None = None
    image_data: msgspec.Raw = NOTHING
    image_height: Side | None = None
    image_width: Side | None = None
    cellscribe: msgspec.Raw = NOTHING


def is_proper(key: str, value: object) -> bool:
    """Whether labelme takes this value for one of the OPTIONAL keys."""
    if key == "group_id":
        return value is None or type(value) is int
    if key == "description":
        return isinstance(value, str)
    return isinstance(value, Mapping) and all(type(v) is bool for v in value.values())
