"""COCO instances: polygons, run lengths for objects with holes; one image or many in a file.

Numbers, marks, origin, attributes and exact outlines stand in keys named cellscribe, which other
readers pass over; the confidence is called score.
"""

from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from typing import Any
from unicodedata import normalize

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.errors import FormatError
from core.formats.base import Codec, Encoded, Reading, Report
from core.formats.class_table import ClassTable
from core.formats.coco_reading import AnnotationReader, belongs_to
from core.formats.coco_schema import Document, Image
from core.formats.coco_writing import FINE_IN_RUNS, SHAPES, Categories, image_json, object_lines
from core.formats.incoming import check_count
from core.formats.json_text import load, to_json
from core.formats.native_schema import JsonImage, names, unknown_keys, without
from core.formats.own_data import image_from
from core.formats.told_image import image_facts, image_notes

_KNOWN = names(Document)
_HEAD: dict[str, object] = {"info": {"description": "Cellscribe"}, "licenses": []}
DIFFERENT_KEYS = "keys of other programs that differ between the images"
_LISTED = 5
"""How many names an error lists."""


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
    head = _HEAD | _extra(sets)
    members = {key: to_json(value, f"'{key}'") for key, value in head.items()}
    members["images"] = _rows([to_json(image, "an image") for image in images])
    members["categories"] = _rows([to_json(c, "a class") for c in categories.as_json()])
    members["annotations"] = _rows(lines)
    text = [b"%s: %s" % (to_json(key, "a key"), value) for key, value in members.items()]
    return Encoded(b"{\n" + b",\n".join(text) + b"\n}\n", _report(sets, empty, shapes))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The objects of `image`, found by its name, or of the only image; raises FormatError."""
    data = load(path)
    document = _document(data)
    chosen = _choose(document.images, image)
    own = image_from(chosen.cellscribe)
    told = JsonImage(
        chosen.width, chosen.height, chosen.file_name, own.content_hash, own.pixel_size_um
    )
    facts = image_facts(told, image)
    table = ClassTable(image.classes if image else ())
    size = chosen.width, chosen.height
    reader = AnnotationReader(table, document.categories, size, path.name)
    mine = [belongs_to(raw, chosen, len(document.images)) for raw in document.annotations]
    check_count(sum(mine))
    for index, raw in enumerate(document.annotations):
        if mine[index]:
            reader.take(index, raw)
    regions = reader.incoming.finish()
    extra = {k: v for k, v in unknown_keys(data, Document).items() if _HEAD.get(k) != v}
    annotations = AnnotationSet(
        **facts, regions=regions, classes=table.classes, run=own.run, extra=extra
    )
    notes = (
        *table.notes,
        *image_notes(told, image),
        *_other_notes(chosen, image, mine.count(False)),
    )
    report = Report(sum(mine), len(regions), (), tuple(reader.incoming.problems), notes)
    return Reading(annotations, report)


def images_in(path: Path) -> tuple[str, ...]:
    """The last names of the images that the file is for; raises FormatError."""
    return tuple(_last_name(image.file_name) for image in _document(load(path)).images)


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


def _document(data: bytes) -> Document:
    try:
        return msgspec.json.decode(data, type=Document)
    except (msgspec.ValidationError, RecursionError) as error:
        raise FormatError(f"it is not a COCO file of instances ({error})") from error


def _choose(images: Sequence[Image], image: AnnotationSet | None) -> Image:
    """The image of the file that `image` is, else the only one."""
    if image is not None:
        for same in (_whole_name, _last_name):
            found = [i for i in images if same(i.file_name) == same(image.image_name)]
            if len(found) == 1:
                return found[0]
    if len(images) == 1:
        return images[0]
    listed = ", ".join(i.file_name[:100] for i in images[:_LISTED])
    more = f" and {len(images) - _LISTED} more" if len(images) > _LISTED else ""
    wanted = f"none or several named {image.image_name}" if image else "no single one"
    raise FormatError(f"it is for {len(images)} images, {wanted}: {listed}{more}; open one of them")


def _whole_name(name: str) -> str:
    return normalize("NFC", name)


def _last_name(name: str) -> str:
    return normalize("NFC", PureWindowsPath(name).name)


def _other_notes(chosen: Image, image: AnnotationSet | None, others: int) -> list[str]:
    """What a person should know about the other images of the file."""
    notes = []
    if image and _last_name(chosen.file_name) != _last_name(image.image_name):
        notes.append(f"The objects are those of {chosen.file_name[:200]}, the file's only image.")
    if others:
        notes.append(f"{others} objects in the file belong to other images.")
    return notes


CODEC = Codec(
    "coco",
    "COCO",
    (".json",),
    keeps_holes=True,
    decode=decode,
    encode=encode,
    encode_all=encode_all,
    images_in=images_in,
    options=(SHAPES,),
    cannot_carry=(FINE_IN_RUNS, DIFFERENT_KEYS),
    tag="_coco",
)
