"""The parts of a COCO instances file that we read; what else is there is kept.

Source: the format description at cocodataset.org and the loader of pycocotools. Outlines and boxes
are in our frame: the box [0, 0, 1, 1] encloses the first pixel.
"""

from typing import Any, TypeAlias

import msgspec

from core.formats.own_data import NOTHING, Side

Key: TypeAlias = int | str


class Image(msgspec.Struct):
    """An image; width and height in pixels."""

    id: Key
    width: Side
    height: Side
    file_name: str = ""
    cellscribe: msgspec.Raw = NOTHING


class OwnCategory(msgspec.Struct):
    """What we know of a class: its id and its colour as #rrggbb."""

    id: int
    color: str = ""


class Category(msgspec.Struct):
    """A class."""

    id: Key
    name: str
    cellscribe: OwnCategory | None = None


class Rle(msgspec.Struct):
    """Run lengths; size: height and width."""

    size: tuple[int, int]
    counts: list[int] | str


class Annotation(msgspec.Struct):
    """One object. segmentation: a list of polygons x1, y1, x2, y2 ..., of one alone, or runs."""

    id: Any = None
    image_id: Key | None = None
    category_id: Key | None = None
    segmentation: list[list[float] | float] | Rle | None = None
    area: Any = None
    bbox: Any = None
    iscrowd: int | bool | None = None
    score: float | None = None
    cellscribe: msgspec.Raw = NOTHING


class Place(msgspec.Struct):
    """Which image an annotation belongs to; reading this much of it is fast."""

    image_id: Key | None = None


class Document(msgspec.Struct):
    """The whole file; its annotations are still text."""

    images: list[Image]
    annotations: list[msgspec.Raw]
    categories: list[Category] = []
