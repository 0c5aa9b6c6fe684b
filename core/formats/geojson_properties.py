"""What the properties of a GeoJSON feature say about an object."""

import re
from collections.abc import Collection
from typing import Any

import msgspec

from core.annotation.region import Origin
from core.formats.geojson_schema import (
    AREA,
    ATTRIBUTES,
    CONFIDENCE,
    EDITED,
    NUMBER,
    ORIGIN,
    REVIEWED,
    UID,
    Feature,
)
from core.formats.native_polygons import SOURCE_ID
from core.formats.native_schema import JsonOrigin

_CHANCES = (CONFIDENCE, "Detection probability")
_OURS = frozenset((NUMBER, UID, ORIGIN, ATTRIBUTES, EDITED, REVIEWED))
_TAKEN = frozenset(
    ("classification", "isLocked", "measurements", "metadata", "name", "childObjects", "children")
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Properties:
    """The properties of one feature, ours or of another program, in our words."""

    def __init__(self, feature: Feature) -> None:
        self._all = feature.properties or {}
        self._id = feature.id
        self._metadata = _table(self._all.get("metadata"))
        self._texts = {k: v for k, v in self._metadata.items() if k in _OURS and type(v) is str}
        self._measured = _measurements(self._all.get("measurements"))

    @property
    def number(self) -> int | None:
        """The number that we wrote."""
        text = self._texts.get(NUMBER, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None

    @property
    def uid(self) -> str:
        """The uid that we wrote, or QuPath's id as one; "" when there is neither."""
        return self._texts.get(UID) or _hex(self._id)

    def known(self, source: Origin) -> dict[str, Any]:
        """Arguments for a Region; source: the origin of objects that say nothing about it."""
        return {
            "confidence": self._confidence(),
            "origin": self._origin(source),
            "edited": self._texts.get(EDITED) == "true",
            "reviewed": self._texts.get(REVIEWED) == "true",
            "locked": self._all.get("isLocked") is True,
            "attributes": self._attributes(),
        }

    def _confidence(self) -> float | None:
        values = map(self._measured.get, _CHANCES)
        return next((float(v) for v in values if v is not None and _is_chance(v)), None)

    def _origin(self, source: Origin) -> Origin:
        if ORIGIN not in self._texts:
            return Origin() if NUMBER in self._texts else source
        try:
            told = msgspec.json.decode(self._texts[ORIGIN], type=JsonOrigin)
        except (msgspec.MsgspecError, RecursionError):
            return source
        return Origin(**msgspec.structs.asdict(told))

    def _attributes(self) -> dict[str, Any]:
        """What we wrote, and whatever else the file says about the object."""
        others = {
            SOURCE_ID: self._source_id(),
            "name": self._name(),
            "measurements": self._other_measurements(),
            "metadata": _without(self._metadata, _OURS),
            **_without(self._all, _TAKEN),
        }
        if others.get("objectType") in ("annotation", "detection"):
            del others["objectType"]
        kept = {key: value for key, value in others.items() if value is not None and value != {}}
        return self._our_attributes() | kept

    def _our_attributes(self) -> dict[str, Any]:
        if ATTRIBUTES not in self._texts:
            return {}
        try:
            return _table(msgspec.json.decode(self._texts[ATTRIBUTES]))
        except (msgspec.MsgspecError, RecursionError):
            return {}

    def _source_id(self) -> object:
        """An id that is of use in another program only; QuPath 0.2 put the type there."""
        is_known = self.uid or str(self._id).startswith("Path")
        return None if is_known else self._id

    def _name(self) -> object:
        """The name that somebody gave the object, None for the number that we wrote."""
        name = self._all.get("name")
        return None if name == self._texts.get(NUMBER) else name

    def _other_measurements(self) -> dict[str, Any]:
        taken = (AREA, CONFIDENCE) if _is_chance(self._measured.get(CONFIDENCE)) else (AREA,)
        return _without(self._measured, taken)


def class_of(feature: Feature) -> tuple[str | None, str]:
    """Name and colour as #rrggbb of the class; None for an object without, "" if unknown."""
    told = (feature.properties or {}).get("classification")
    if isinstance(told, str):
        return told or None, ""
    if not isinstance(told, dict):
        return None, ""
    name, parts = told.get("name"), told.get("names")
    if not name and isinstance(parts, list):
        name = ": ".join(map(str, parts))
    return (name, _color(told)) if isinstance(name, str) and name else (None, "")


def _color(told: dict[str, Any]) -> str:
    """The colour as three numbers, or packed into one as by QuPath before 0.4."""
    packed, channels = told.get("colorRGB"), told.get("color")
    if type(packed) is int:
        return f"#{packed & 0xFFFFFF:06x}"
    if not isinstance(channels, list):
        return ""
    try:
        return f"#{bytes(channels).hex()}"
    except (TypeError, ValueError):
        return ""


def children(feature: Feature) -> list[msgspec.Raw]:
    """The features inside this one."""
    properties = feature.properties or {}
    told = properties.get("childObjects", properties.get("children"))
    return [msgspec.Raw(msgspec.json.encode(c)) for c in told] if isinstance(told, list) else []


def _table(told: object) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


def _measurements(told: object) -> dict[str, Any]:
    """By name; QuPath before 0.4 wrote them as a list of names and values."""
    if isinstance(told, list):
        return {str(m.get("name")): m.get("value") for m in told if isinstance(m, dict)}
    return _table(told)


def _is_chance(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1  # type: ignore[operator]


def _without(members: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key not in keys}


def _hex(given: object) -> str:
    """QuPath's id as our uid; "" for none and for ids of other kinds."""
    is_uuid = isinstance(given, str) and _UUID.fullmatch(given)
    return str(given).replace("-", "").lower() if is_uuid else ""
