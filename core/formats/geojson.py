"""GeoJSON as QuPath writes and reads it, with holes, classes and their colours."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Origin, Region, Ring
from core.errors import FormatError
from core.formats.base import Codec, Encoded, Option, Reading, Report
from core.formats.class_table import ClassTable
from core.formats.geojson_reading import FeatureReader
from core.formats.geojson_schema import (
    AREA,
    ATTRIBUTES,
    CONFIDENCE,
    EDITED,
    NUMBER,
    ORIGIN,
    REVIEWED,
    UID,
    Collection,
    Ours,
)
from core.formats.incoming import check_count
from core.formats.json_text import check_finite, check_outline, encode_finite, load, to_json
from core.formats.native_schema import JsonClass
from core.formats.told_image import FOREIGN_KEYS, RUN, image_facts, image_notes, tell_image

MOST_ANNOTATIONS = 3000
"""QuPath is slow with more annotations than a few thousand, and fast with detections."""
KIND = Option(
    "kind",
    "In QuPath",
    (
        ("auto", f"Annotations; detections from {MOST_ANNOTATIONS + 1:,} objects on"),
        ("annotation", "Annotations, which are edited"),
        ("detection", "Detections, which are fast"),
    ),
)
MOST_VALUES = 50_000_000
_HEX = re.compile("[0-9a-f]{32}")
_MANY_NOTE = (
    f"With more than {MOST_ANNOTATIONS:,} objects they are QuPath's detections, which it shows "
    "fast and does not edit with its brush."
)


def encode(annotations: AnnotationSet, kind: str = KIND.usual) -> Encoded:
    """A FeatureCollection, one object a line.

    Raises CannotWrite that names the object with a number that is not finite.
    """
    count = len(annotations.regions)
    is_many = kind == KIND.usual and count > MOST_ANNOTATIONS
    if kind == KIND.usual:
        kind = "detection" if is_many else "annotation"
    classes = {c.id: _classification(c) for c in annotations.classes}
    lines = [
        _feature(
            region,
            kind,
            classes.get(region.class_id, {"name": f"Class {region.class_id}"}),
            _plane(annotations),
        )
        for region in annotations.regions
    ]
    ours = Ours(tell_image(annotations), [JsonClass(**asdict(c)) for c in annotations.classes])
    head = b'{"type": "FeatureCollection", "cellscribe": %s, "features": [\n'
    data = head % to_json(msgspec.to_builtins(ours), "the image") + b",\n".join(lines) + b"\n]}\n"
    notes = (_MANY_NOTE,) if is_many else ()
    return Encoded(data, Report(count, count, tuple(_losses(annotations)), notes=notes))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The polygons in the file, the parts of a multipolygon as objects; raises FormatError."""
    collection = _collection(load(path))
    ours, features = collection.cellscribe, collection.features or []
    check_count(len(features))
    told = ours.image if ours else None
    facts = image_facts(told, image)
    table = ClassTable(image.classes if image else ())
    listed = ours.classes if ours else []
    for c in listed:
        table.add(c.id, c.name, c.color)
    names = [c.name for c in listed]
    size, place = (facts["width"], facts["height"]), (facts["t"], facts["z"])
    reader = FeatureReader(table, names, path.name, size, place)
    regions = reader.read(features)
    annotations = AnnotationSet(**facts, regions=regions, classes=table.classes)
    notes = (*table.notes, *reader.notes, *image_notes(told, image))
    report = Report(reader.total, len(regions), (), tuple(reader.problems), notes)
    return Reading(annotations, report)


def _collection(data: bytes) -> Collection:
    """The file as a collection, also when it is a list of features or a single one."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise FormatError(f"it holds more than {MOST_VALUES:,} values")
    try:
        if data.lstrip()[:1] == b"[":
            return Collection(features=msgspec.json.decode(data, type=list[msgspec.Raw]))
        collection = msgspec.json.decode(data, type=Collection)
    except (msgspec.ValidationError, RecursionError) as error:
        raise FormatError(f"it is not GeoJSON ({error})") from error
    if collection.type == "Feature":
        return Collection(features=[msgspec.Raw(data)])
    if collection.features is None:
        raise FormatError("it is JSON of another kind, not GeoJSON with a list of features")
    return collection


def _classification(label_class: LabelClass) -> dict[str, Any]:
    return {"name": label_class.name, "color": list(bytes.fromhex(label_class.color[1:]))}


def _plane(annotations: AnnotationSet) -> dict[str, Any]:
    """The plane of a stack as a member of geometries; nothing for the first one. -1: all."""
    t, z = annotations.t, annotations.z
    return {"plane": {"c": -1, "z": max(z, 0), "t": t}} if t or z > 0 else {}


def _feature(
    region: Region, kind: str, classification: dict[str, Any], plane: dict[str, Any]
) -> bytes:
    what = f"object {region.id}"
    check_outline(region)
    check_finite((region.confidence, region.origin.threshold), what)
    properties: dict[str, Any] = {
        "objectType": kind,
        "name": str(region.id),
        "classification": classification,
        "measurements": _measurements(region),
        "metadata": _metadata(region, what),
    }
    if region.locked:
        properties["isLocked"] = True
    feature = {
        "type": "Feature",
        "id": _feature_id(region.uid),
        "geometry": {"type": "Polygon", "coordinates": [_closed(r) for r in region.rings]} | plane,
        "properties": properties,
    }
    return encode_finite(feature, what)


def _closed(points: Ring) -> list[list[float]]:
    pairs: list[list[float]] = points.tolist()
    return [*pairs, pairs[0]]


def _feature_id(uid: str) -> str:
    """The uid as QuPath writes it; one made from it when it is of another kind."""
    if not _HEX.fullmatch(uid):
        return str(uuid5(NAMESPACE_OID, uid))
    return "-".join((uid[:8], uid[8:12], uid[12:16], uid[16:20], uid[20:]))


def _measurements(region: Region) -> dict[str, float]:
    known = {CONFIDENCE: region.confidence, AREA: region.area}
    return {name: value for name, value in known.items() if value is not None}


def _metadata(region: Region, what: str) -> dict[str, str]:
    """What QuPath has no field for, as text."""
    known = {NUMBER: str(region.id)}
    if not _HEX.fullmatch(region.uid):
        known[UID] = region.uid
    if region.origin != Origin():
        known[ORIGIN] = to_json(vars(region.origin), what).decode()
    if region.attributes:
        known[ATTRIBUTES] = to_json(region.attributes, what).decode()
    marks = {EDITED: region.edited, REVIEWED: region.reviewed}
    return known | {key: "true" for key, is_set in marks.items() if is_set}


def _losses(annotations: AnnotationSet) -> Iterator[str]:
    if annotations.run:
        yield RUN
    if annotations.extra:
        yield FOREIGN_KEYS


CODEC = Codec(
    "geojson",
    "GeoJSON for QuPath",
    (".geojson", ".json"),
    keeps_holes=True,
    decode=decode,
    encode=encode,
    options=(KIND,),
    cannot_carry=(RUN, FOREIGN_KEYS),
)
