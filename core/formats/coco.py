"""COCO instances: polygons, run lengths for objects with holes; one image or many in a file.

Numbers, marks, origin, attributes and exact outlines stand in keys named cellscribe, which other
readers pass over; the confidence is called score.
"""

from collections.abc import Sequence
from typing import Any

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded, Report
from core.formats.coco_file import CocoFile
from core.formats.coco_schema import Document
from core.formats.coco_writing import (
    FINE_IN_RUNS,
    HEAD,
    SHAPES,
    Categories,
    image_json,
    object_lines,
)
from core.formats.json_text import to_json
from core.formats.native_schema import names, without

_KNOWN = names(Document)
DIFFERENT_KEYS = "keys of other programs that differ between the images"


def encode(annotations: AnnotationSet, shapes: str = SHAPES.usual) -> Encoded:
    """A file for one image; raises CannotWrite that names an object it cannot hold."""
    return encode_all([annotations], shapes)


def encode_all(sets: Sequence[AnnotationSet], shapes: str = SHAPES.usual) -> Encoded:
    """A file for all images, which have the numbers 1, 2 ... in this order; raises CannotWrite.

    An object has the number that it has in its image, plus the largest ones of the images before.
    """
    categories, images, lines, first, empty = Categories(), [], list[bytes](), 0, 0
    for number, annotations in enumerate(sets, 1):
        classes = categories.numbers(annotations)
        more, without_pixels = object_lines(annotations, number, classes, first, shapes)
        lines += more
        empty += without_pixels
        images.append(image_json(number, annotations))
        first += max((region.id for region in annotations.regions), default=0)
    head = HEAD | _extra(sets)
    members = {key: to_json(value, f"'{key}'") for key, value in head.items()}
    members["images"] = _rows([to_json(image, "an image") for image in images])
    members["categories"] = _rows([to_json(c, "a class") for c in categories.as_json()])
    members["annotations"] = _rows(lines)
    text = [b"%s: %s" % (to_json(key, "a key"), value) for key, value in members.items()]
    return Encoded(b"{\n" + b",\n".join(text) + b"\n}\n", _report(sets, empty, shapes))


def _extra(sets: Sequence[AnnotationSet]) -> dict[str, Any]:
    """Keys of files that the annotations were read from; where two differ the first one stays."""
    joined: dict[str, Any] = {}
    for annotations in sets:
        joined = without(_KNOWN, annotations.extra) | joined
    return joined


def _report(sets: Sequence[AnnotationSet], empty: int, shapes: str) -> Report:
    total = sum(len(s.regions) for s in sets)
    losses = []
    in_runs = [r for s in sets for r in s.regions if r.holes or shapes == "runs"]
    if any((points % 1).any() for region in in_runs for points in region.rings):
        losses.append(FINE_IN_RUNS)
    extra = _extra(sets)
    if any(extra[k] != v for s in sets for k, v in without(_KNOWN, s.extra).items()):
        losses.append(DIFFERENT_KEYS)
    notes = (f"{empty} objects cover the centre of no pixel; their area is 0.",) if empty else ()
    return Report(total, total, tuple(losses), (), notes)


def _rows(lines: Sequence[bytes]) -> bytes:
    return b"[\n" + b",\n".join(lines) + b"\n]" if lines else b"[]"


CODEC = Codec(
    "coco",
    "COCO",
    (".json",),
    keeps_holes=True,
    encode=encode,
    encode_all=encode_all,
    parse=CocoFile,
    options=(SHAPES,),
    cannot_carry=(FINE_IN_RUNS, DIFFERENT_KEYS),
    tag="_coco",
)
