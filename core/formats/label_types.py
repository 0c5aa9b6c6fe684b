"""The type of the pixels of a label image: as small as the numbers of the objects allow."""

from typing import Any

import numpy as np

from core.errors import CannotWrite
from core.formats.base import Option
from core.formats.limits import LARGEST_LABEL

LARGEST_8_BIT = 254
"""A single object with the number 255 would look like a mask."""
_TYPES: dict[str, type[np.integer[Any]]] = {"8": np.uint8, "16": np.uint16, "32": np.int32}
_LARGEST = {"8": LARGEST_8_BIT, "16": 65535, "32": LARGEST_LABEL}
_NAMES = {
    "8": "8-bit numbers (uint8)",
    "16": "16-bit numbers (uint16)",
    "32": "32-bit numbers (int32)",
}

DEPTH = Option(
    "depth",
    "Pixels",
    (
        ("auto", "As small as the numbers allow"),
        ("16", "16 bits (uint16)"),
        ("32", "32 bits (int32)"),
    ),
)


def label_type(largest: int, depth: str = "auto") -> type[np.integer[Any]]:
    """uint8, uint16 or int32 for this largest number of an object; raises CannotWrite."""
    return _TYPES[_depth(largest, depth)]


def type_name(largest: int, depth: str = "auto") -> str:
    """The same in words."""
    return _NAMES[_depth(largest, depth)]


def _depth(largest: int, depth: str) -> str:
    wished = tuple(_TYPES) if depth == "auto" else (depth,)
    for bits in wished:
        if largest <= _LARGEST[bits]:
            return bits
    raise CannotWrite(
        f"{wished[-1]} bits hold numbers up to {_LARGEST[wished[-1]]} and there is an object "
        f"{largest}; choose more bits"
    )
