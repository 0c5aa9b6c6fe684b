"""The native JSON: everything that is known about one image, lossless, readable, versioned.

A superset of the service's SegmentationResult. One object a line, so that two versions of a file
can be compared line by line.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from core.annotation.annotation_set import AnnotationSet, RunInfo, mean_confidence
from core.annotation.classes import LabelClass
from core.errors import FormatError
from core.formats.base import Codec, Encoded, Reading, Report
from core.formats.class_table import ClassTable
from core.formats.incoming import check_count
from core.formats.json_text import load, to_json
from core.formats.native_polygons import PolygonReader, encode_polygon
from core.formats.native_schema import (
    SCHEMA,
    VERSION,
    Document,
    names,
    unknown_keys,
    without,
)
from core.formats.told_image import image_facts, image_json, image_notes

_KNOWN = names(Document)


def encode(annotations: AnnotationSet) -> Encoded:
    """The file; raises CannotWrite that names the object with a number that is not finite."""
    members = _members(annotations)
    lines = [b"%s: %s" % (to_json(key, "a key"), value) for key, value in members.items()]
    count = len(annotations.regions)
    return Encoded(b"{\n" + b",\n".join(lines) + b"\n}\n", Report(count, count))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The annotations in the file; raises FormatError."""
    data = load(path)
    document = _document(data)
    facts = image_facts(document.image, image)
    table = ClassTable(image.classes if image else ())
    for c in document.classes:
        table.add(c.id, c.name, c.color)
    reader = PolygonReader(table, path.name, is_ours=document.schema == SCHEMA)
    check_count(len(document.polygons))
    for index, raw in enumerate(document.polygons):
        reader.take(index, raw)
    regions = reader.finish()
    annotations = AnnotationSet(
        **facts,
        regions=regions,
        classes=table.classes,
        run=_run(document),
        extra=unknown_keys(data, Document),
    )
    notes = (*table.notes, *image_notes(document.image, image))
    total = len(document.polygons)
    return Reading(annotations, Report(total, len(regions), (), tuple(reader.problems), notes))


def _members(annotations: AnnotationSet) -> dict[str, bytes]:
    """Keys of the file and their encoded values, in order."""
    polygons = _polygons(annotations)  # first, because its errors name the object
    run = annotations.run
    values: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "image": image_json(annotations),
        "model_used": run.model if run else None,
        "threshold_used": run.threshold if run else None,
        "processing_time": run.processing_time_ms if run else None,
        "confidence": mean_confidence(annotations.regions),
        "classes": [asdict(c) for c in annotations.classes],
    }
    members = {key: to_json(value, f"'{key}'") for key, value in values.items()}
    members["polygons"] = polygons
    foreign = without(_KNOWN, annotations.extra)
    return members | {key: to_json(value, f"'{key}'") for key, value in foreign.items()}


def _polygons(annotations: AnnotationSet) -> bytes:
    from core.annotation.geometry import touches_border

    keys = _class_keys(annotations.classes)
    width, height = annotations.width, annotations.height
    lines = [
        encode_polygon(r, keys.get(r.class_id, r.class_id), touches_border(r, width, height))
        for r in annotations.regions
    ]
    return b"[\n" + b",\n".join(lines) + b"\n]" if lines else b"[]"


def _class_keys(classes: Sequence[LabelClass]) -> Mapping[int, str | int]:
    """How objects refer to a class: by its name, by its id where names are equal."""
    often = Counter(c.name for c in classes)
    return {c.id: c.name if often[c.name] == 1 else c.id for c in classes}


def _document(data: bytes) -> Document:
    """The checked file; its polygons are still text."""
    try:
        head = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise FormatError("it is JSON of another kind, not a segmentation result") from error
    _check_version(head)
    try:
        return msgspec.json.decode(data, type=Document)
    except (msgspec.ValidationError, RecursionError) as error:
        raise FormatError(f"it is not a segmentation result ({error})") from error


def _check_version(head: Mapping[str, msgspec.Raw]) -> None:
    """Before anything else: a newer file may differ in whatever else is checked."""
    if "schema" not in head:  # a plain result of the service
        if "polygons" not in head:
            raise FormatError("it is JSON of another kind, not a segmentation result")
        return
    if msgspec.json.decode(head["schema"]) != SCHEMA:
        raise FormatError(f"its schema is {bytes(head['schema'])[:50].decode()}, not '{SCHEMA}'")
    version = msgspec.json.decode(head.get("version", b"null"))
    if type(version) is not int or version < 1:
        raise FormatError(f"its version {str(version)[:50]!r} is not a number of ours")
    if version > VERSION:
        raise FormatError(
            f"it has version {version} of the format and this program knows {VERSION}; update "
            f"Cellscribe to read it"
        )


def _run(document: Document) -> RunInfo | None:
    """The model run, when all of it is known."""
    model, threshold = document.model_used, document.threshold_used
    time = document.processing_time
    if model is None or threshold is None or time is None:
        return None
    return RunInfo(model, threshold, time)


CODEC = Codec("json", "Cellscribe JSON", (".json",), keeps_holes=True, decode=decode, encode=encode)
