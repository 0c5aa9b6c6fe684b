"""labelme JSON, which X-AnyLabeling reads too: polygons, and masks for objects with holes.

What they have no place for stands in keys named cellscribe, which both keep when they save.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import region_mask
from core.annotation.region import Region
from core.errors import FormatError
from core.formats.base import Codec, Encoded, Option, Problem, Reading, Report
from core.formats.class_table import ClassTable
from core.formats.foreign_keys import UNKNOWN, split
from core.formats.incoming import check_count
from core.formats.json_text import check_finite, check_outline, encode_finite, load, to_json
from core.formats.labelme_masks import encoded
from core.formats.labelme_reading import ShapeReader
from core.formats.labelme_schema import OPTIONAL, VERSION, Document, Shape, is_proper
from core.formats.native_schema import JsonImage, names, unknown_keys, without
from core.formats.own_data import KEY, OwnImage, image_from, own_image, own_object
from core.formats.told_image import image_facts, image_notes

HOLES = Option(
    "holes",
    "Objects with holes",
    (("mask", "As masks, with their holes"), ("outline", "As polygons, without their holes")),
)
_FINE_WITH_HOLES = "outlines finer than a pixel, of objects with holes"
_KNOWN_IN_FILE = names(Document)
_KNOWN_IN_SHAPE = names(Shape)


def encode(annotations: AnnotationSet, holes: str = HOLES.usual) -> Encoded:
    """The file; raises CannotWrite that names the object with a number that is not finite."""
    labels = {c.id: c.name for c in annotations.classes}
    drawn = [_drawn(region, annotations, holes == "mask") for region in annotations.regions]
    pairs = zip(annotations.regions, drawn, strict=True)
    shapes = [_shape(r, labels.get(r.class_id, f"Class {r.class_id}"), how) for r, how in pairs]
    flags = annotations.extra.get("flags")
    head = {
        "version": VERSION,
        "flags": flags if is_proper("flags", flags) else {},
        "shapes": [],
        "imagePath": annotations.image_name,
        "imageData": None,
        "imageHeight": annotations.height,
        "imageWidth": annotations.width,
    }
    foreign = without(_KNOWN_IN_FILE | {"flags"}, annotations.extra)
    values = head | foreign | {KEY: own_image(annotations)}
    members = {key: to_json(value, f"'{key}'") for key, value in values.items()}
    members["shapes"] = b"[" + b",".join(shapes) + b"]"
    text = [to_json(key, "a key") + b":" + value for key, value in members.items()]
    data = msgspec.json.format(b"{" + b",".join(text) + b"}", indent=2) + b"\n"
    count = len(shapes)
    problems = tuple(_lost_holes(annotations.regions, drawn))
    losses = _losses(annotations) if holes == "mask" else ()
    return Encoded(data, Report(count, count, tuple(losses), problems))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The shapes in the file that have an area; raises FormatError."""
    data = load(path)
    document = _document(data)
    own = image_from(document.cellscribe)
    told = _told(document, own)
    facts = image_facts(told, image)
    table = ClassTable(image.classes if image else ())
    reader = ShapeReader(table, own.classes, (facts["width"], facts["height"]), path.name)
    check_count(len(document.shapes))
    reader.prepare(document.shapes)
    for index, raw in enumerate(document.shapes):
        reader.take(index, raw)
    regions = reader.incoming.finish()
    extra = {k: v for k, v in unknown_keys(data, Document).items() if (k, v) != ("flags", {})}
    annotations = AnnotationSet(
        **facts, regions=regions, classes=table.classes, run=own.run, extra=extra
    )
    notes = (*table.notes, *image_notes(told, image))
    problems = tuple(reader.incoming.problems)
    return Reading(annotations, Report(len(document.shapes), len(regions), (), problems, notes))


def _shape(region: Region, label: str, drawn: dict[str, Any]) -> bytes:
    """The object as JSON."""
    what = f"object {region.id}"
    attributes, foreign = _split(region.attributes)
    check_finite((region.confidence, region.origin.threshold, attributes, foreign), what)
    shape: dict[str, Any] = {"label": label, **OPTIONAL, **drawn}
    if region.confidence is not None:
        shape["score"] = region.confidence
    if region.locked:
        shape["locked"] = True
    own = own_object(region, attributes, () if drawn["mask"] else (region.shell,))
    return encode_finite(shape | foreign | {KEY: own}, what)


def _drawn(region: Region, annotations: AnnotationSet, as_mask: bool) -> dict[str, Any]:
    """A polygon, or a mask for an object with holes, as long as that has pixels."""
    check_outline(region)
    if region.holes and as_mask:
        mask, (y0, x0) = region_mask(region, annotations.height, annotations.width)
        if mask.size:
            rows, columns = mask.shape
            corners = [[x0, y0], [x0 + columns - 1, y0 + rows - 1]]
            return {"points": corners, "shape_type": "mask", "mask": encoded(mask)}
    return {"points": region.shell.tolist(), "shape_type": "polygon", "mask": None}


def _split(attributes: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes, and the keys that go beside ours; labelme refuses some of other kinds."""
    foreign = attributes.get(UNKNOWN)
    table = foreign if isinstance(foreign, Mapping) else {}
    improper = {k for k in OPTIONAL if k in table and not is_proper(k, table[k])}
    return split(attributes, _KNOWN_IN_SHAPE | improper)


def _losses(annotations: AnnotationSet) -> Iterator[str]:
    regions = [region for region in annotations.regions if region.holes]
    if any((points % 1).any() for region in regions for points in region.rings):
        yield _FINE_WITH_HOLES


def _lost_holes(regions: Iterable[Region], drawn: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """The objects whose holes only we see."""
    for region, how in zip(regions, drawn, strict=True):
        if region.holes and not how["mask"]:
            yield Problem(str(region.id), "other programs see it without its hole")


def _document(data: bytes) -> Document:
    try:
        return msgspec.json.decode(data, type=Document)
    except (msgspec.ValidationError, RecursionError) as error:
        raise FormatError(f"it is not a labelme file ({error})") from error


def _told(document: Document, own: OwnImage) -> JsonImage | None:
    """What the file says about its image; None when it does not say how large it is."""
    width, height = document.image_width, document.image_height
    if width is None or height is None:
        return None
    name = PureWindowsPath(document.image_path or "").as_posix()
    return JsonImage(width, height, name, own.content_hash, own.pixel_size_um)


CODEC = Codec(
    "labelme",
    "labelme",
    (".json",),
    keeps_holes=True,
    decode=decode,
    encode=encode,
    options=(HOLES,),
    cannot_carry=(_FINE_WITH_HOLES,),
    tag="_labelme",
)
