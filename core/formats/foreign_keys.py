"""Keys of an object that are not ours: kept among its attributes until it is written again."""

from collections.abc import Mapping
from typing import Any

from core.formats.native_schema import without

UNKNOWN = "unknown_keys"
"""The attribute that holds the keys of an object that are not ours."""


def split(
    attributes: Mapping[str, object], known: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes, and the keys among them that came from beside them and are not `known`."""
    foreign = attributes.get(UNKNOWN)
    outside = without(known, foreign) if isinstance(foreign, Mapping) else {}
    kept = dict(attributes)
    if isinstance(foreign, Mapping) and outside:
        kept[UNKNOWN] = {k: v for k, v in foreign.items() if k not in outside}
        if not kept[UNKNOWN]:
            del kept[UNKNOWN]
    return kept, outside


def joined(attributes: Mapping[str, Any], foreign: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes with the keys that stood beside them; the inverse of `split`."""
    if not foreign:
        return dict(attributes)
    kept = attributes.get(UNKNOWN)
    return {**attributes, UNKNOWN: (kept if isinstance(kept, dict) else {}) | dict(foreign)}
