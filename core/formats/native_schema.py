"""The shape of the native JSON, as types that the decoder checks.

It holds everything of the service's SegmentationResult (polygons with id, points, area and
confidence; confidence, processing_time, model_used, threshold_used) under the same names.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from core.annotation.region import OriginKind

SCHEMA = "cellscribe"
VERSION = 1
"""Grows when an older program would misread a file; keys that it merely would not know do not."""


class Point(msgspec.Struct, gc=False):
    """x to the right, y down, pixels; pixel (i, j) covers [i, i+1] x [j, j+1]."""

    x: float
    y: float


class JsonOrigin(msgspec.Struct):
    """Where an outline came from; see Origin."""

    kind: OriginKind
    model: str = ""
    weights_sha256: str = ""
    threshold: float | None = None
    source: str = ""
    settings_hash: str = ""


class Polygon(msgspec.Struct):
    """One object; `label` is its number in the image, area is in square pixels less the holes."""

    points: list[Point]
    id: str | int | None = None
    area: Any = None
    confidence: float | None = None
    label: Any = None
    holes: list[list[Point]] = []
    class_: str | int | None = msgspec.field(default=None, name="class")
    origin: JsonOrigin | None = None
    edited: bool = False
    reviewed: bool = False
    locked: bool = False
    touches_border: Any = None
    attributes: dict[str, Any] = {}


class JsonImage(msgspec.Struct):
    """The image; width and height in pixels, content_hash the SHA-256 of its file."""

    width: int
    height: int
    name: str = ""
    content_hash: str = ""
    pixel_size_um: float | None = None
    t: int = 0
    z: int = 0
    scene: int = 0


class JsonClass(msgspec.Struct):
    """A class; color as #rrggbb."""

    id: int
    name: str
    color: str = ""


class Document(msgspec.Struct):
    """The whole file; processing_time in milliseconds, confidence weighted by area."""

    polygons: list[msgspec.Raw]
    schema: Any = None
    version: Any = VERSION
    image: JsonImage | None = None
    model_used: str | None = None
    threshold_used: float | None = None
    processing_time: float | None = None
    confidence: Any = None
    classes: list[JsonClass] = []


@cache
def names(kind: type[msgspec.Struct]) -> frozenset[str]:
    """The keys of `kind` as they stand in the file."""
    return frozenset(kind.__struct_encode_fields__)


def unknown_keys(raw: bytes | msgspec.Raw, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The members of the object `raw` that `kind` does not know, decoded."""
    members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    return {k: msgspec.json.decode(v) for k, v in without(names(kind), members).items()}


def without(keys: frozenset[str], members: Mapping[str, Any]) -> dict[str, Any]:
    """The members with other keys."""
    return {k: v for k, v in members.items() if k not in keys}
