"""Dividing images into a part to train with and one to validate with, fields kept whole.

Two tiles of one field show the same cells; one in each part would make a network look better than
it is.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from core.export.request import Split, Together
from core.project.records import ImageRecord

Part: TypeAlias = Literal["train", "val"]
PARTS: tuple[Part, ...] = get_args(Part)

_MARKS = "tile|crop|patch|part|row|col|ch|x|y|z|t|r|c"
_TILE = re.compile(rf"(?:[ _.\-]+(?:{_MARKS})?[ _\-]?\d+)*[ _.\-]+(?:{_MARKS})[ _\-]?\d+$", re.I)
"""The end of a name such as field_tile_03, A01_x0_y512 or scan-t7."""


def group_of(record: ImageRecord, together: Together) -> str:
    """What an image shares with those that must stay in its part."""
    folder, _, name = record.path.rpartition("/")
    if together == "folder":
        return folder
    if together == "image":
        return f"{record.path}#{record.id}"
    stem = name.rpartition(".")[0] or name
    return f"{folder}/{_TILE.sub('', stem) or stem}"


def parts_of(records: Sequence[ImageRecord], split: Split) -> dict[int, Part]:
    """The part of each image by id; a group is in one part, and both have one if there are two.

    The order in which groups are drawn depends on the seed and on their names alone.
    """
    groups: dict[str, list[int]] = {}
    for record in records:
        groups.setdefault(group_of(record, split.together), []).append(record.id)
    drawn = sorted(groups, key=lambda group: _lot(group, split.seed))
    wanted, chosen = split.share * len(records), set[int]()
    for group in drawn[:-1]:  # one is left to train with
        if len(chosen) + len(groups[group]) / 2 <= wanted:
            chosen.update(groups[group])
    if not chosen and len(drawn) > 1:
        smallest = min(drawn, key=lambda group: len(groups[group]))
        chosen.update(groups[smallest])
    return {record.id: "val" if record.id in chosen else "train" for record in records}


def _lot(group: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{group}".encode()).digest()
