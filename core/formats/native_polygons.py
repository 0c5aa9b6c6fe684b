"""Objects of the native JSON: a region as a line of text, and regions out of the text."""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from core.annotation.region import Origin, Region, Ring, ring
from core.errors import CannotWrite, FormatError, InvalidGeometry
from core.formats.base import Problem
from core.formats.class_table import ClassTable
from core.formats.limits import LARGEST_LABEL
from core.formats.native_schema import JsonOrigin, Point, Polygon, names, unknown_keys, without

UNKNOWN = "unknown_keys"
"""The attribute that holds the keys of a polygon that are not ours, until it is written again."""
SOURCE_ID = "source_id"
"""The attribute that holds the id of a polygon of another program."""

MOST_VERTICES = 5_000_000
_KNOWN = names(Polygon)


def _plain(value: object) -> object:
    """What the encoder does not know: read-only tables and NumPy numbers."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is not text, number, list or table")


_encoder = msgspec.json.Encoder(enc_hook=_plain)


def to_json(value: object, what: str) -> bytes:
    """Compact JSON; raises CannotWrite that names `what` for what JSON does not hold."""
    _check_finite(value, what)
    return _encode(value, what)


def _encode(value: object, what: str) -> bytes:
    try:
        return _encoder.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise CannotWrite(f"{what} has a value that JSON does not hold ({error})") from error


def _check_finite(value: object, what: str) -> None:
    if not _is_finite(value):
        raise CannotWrite(f"{what} has a value that is not a finite number; correct it first")


def encode_polygon(region: Region, class_key: str | int, touches_border: bool) -> bytes:
    """The object as JSON; raises CannotWrite that names it when a number is not finite."""
    what = f"object {region.id}"
    if not all(np.isfinite(r).all() for r in region.rings):
        raise CannotWrite(f"{what} has a coordinate that is not a finite number; correct it first")
    attributes, foreign = _split(region.attributes)
    _check_finite((region.confidence, region.origin.threshold, attributes, foreign), what)
    polygon = {
        "id": region.uid,
        "points": _points(region.shell),
        "area": region.area,
        "confidence": region.confidence,
        "label": region.id,
        "holes": [_points(hole) for hole in region.holes],
        "class": class_key,
        "origin": vars(region.origin),
        "edited": region.edited,
        "reviewed": region.reviewed,
        "locked": region.locked,
        "touches_border": touches_border,
        "attributes": attributes,
    }
    return _encode(polygon | foreign, what)


class PolygonReader:
    """Takes the objects of one file, one by one; a bad one is reported and the next one taken."""

    def __init__(self, table: ClassTable, source: str, is_ours: bool) -> None:
        """source: name of the file. is_ours: ids in it are unique everywhere."""
        self.problems: list[Problem] = []
        self._regions: list[Region] = []
        self._labels: list[Any] = []
        self._uids: set[str] = set()
        self._vertices = 0
        self._table = table
        self._source = source
        self._is_ours = is_ours

    def take(self, index: int, raw: msgspec.Raw) -> None:
        """Read the object at place `index`; raises FormatError when the file is out of bounds."""
        name = f"number {index + 1} in the file"
        try:
            polygon = msgspec.json.decode(raw, type=Polygon)
            name = name if polygon.id is None else str(polygon.id)
            self._count(polygon)
            region = self._region(polygon, raw, name)
            self._add(self._valid_parts(region, name), polygon.label)
        except (msgspec.MsgspecError, InvalidGeometry, RecursionError) as error:
            self._tell(name, f"left out: {error}")

    def finish(self) -> tuple[Region, ...]:
        """The regions by number; those without a number, or with one in use, get a free one."""
        used: set[int] = set()
        waiting: list[Region] = []
        for region, label in zip(self._regions, self._labels, strict=True):
            if _is_label(label) and label not in used:
                used.add(label)
                continue
            if label is not None:
                self._tell(region.uid, f"its number {label} is taken or none; it got another one")
            waiting.append(region)
        first = max(used, default=0) + 1
        numbers = {region.uid: first + place for place, region in enumerate(waiting)}
        labelled = zip(self._regions, self._labels, strict=True)
        regions = [replace(r, id=numbers.get(r.uid, label)) for r, label in labelled]
        return tuple(sorted(regions, key=lambda r: r.id))

    def _count(self, polygon: Polygon) -> None:
        self._vertices += len(polygon.points) + sum(map(len, polygon.holes))
        if self._vertices > MOST_VERTICES:
            raise FormatError(f"its outlines have more than {MOST_VERTICES:,} points")

    def _region(self, polygon: Polygon, raw: msgspec.Raw, name: str) -> Region:
        return Region(
            id=0,
            shell=_ring(polygon.points),
            holes=self._holes(polygon, name),
            class_id=self._table.find(polygon.class_),
            confidence=polygon.confidence,
            origin=self._origin(polygon.origin),
            edited=polygon.edited,
            reviewed=polygon.reviewed,
            locked=polygon.locked,
            attributes=self._attributes(polygon, raw),
            uid=self._uid(polygon.id, name),
        )

    def _holes(self, polygon: Polygon, name: str) -> tuple[Ring, ...]:
        """The holes, less those that are none."""
        good = [hole for hole in polygon.holes if len(hole) >= 3]
        if len(good) < len(polygon.holes):
            self._tell(name, "a hole with fewer than three points was left out")
        return tuple(map(_ring, good))

    def _origin(self, origin: JsonOrigin | None) -> Origin:
        if origin is None:
            return Origin("import", source=self._source)
        return Origin(**msgspec.structs.asdict(origin))

    def _attributes(self, polygon: Polygon, raw: msgspec.Raw) -> dict[str, Any]:
        attributes = polygon.attributes
        if foreign := unknown_keys(raw, Polygon):
            kept = attributes.get(UNKNOWN)
            attributes[UNKNOWN] = (kept if isinstance(kept, dict) else {}) | foreign
        if not self._is_ours and polygon.id is not None:
            attributes[SOURCE_ID] = polygon.id
        return attributes

    def _uid(self, given: str | int | None, name: str) -> str:
        """The id in the file when it can be trusted and is not in use, else a new one."""
        if self._is_ours and isinstance(given, str) and given and given not in self._uids:
            uid = given
        else:
            uid = uuid.uuid4().hex
            if self._is_ours:
                self._tell(
                    name, f"its id is {'missing' if not given else 'in use'}; it got a new one"
                )
        self._uids.add(uid)
        return uid

    def _valid_parts(self, region: Region, name: str) -> list[Region]:
        """The region itself, or what it encloses when its outline crosses itself."""
        from core.annotation.geometry import is_valid, repair_parts

        if is_valid(region):
            return [region]
        parts = repair_parts(region.rings)
        into = "repaired" if len(parts) == 1 else f"divided into {len(parts)} objects"
        self._tell(name, f"its outline crossed or touched itself; it was {into}")
        first, *others = (replace(region, shell=s, holes=h, edited=True) for s, h in parts)
        return [first, *(replace(other, uid=uuid.uuid4().hex) for other in others)]

    def _add(self, regions: list[Region], label: object) -> None:
        self._regions += regions
        self._labels += [label, *[None] * (len(regions) - 1)]

    def _tell(self, name: str, reason: str) -> None:
        self.problems.append(Problem(name[:200], reason))


def _split(attributes: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes, and the keys among them that came from beside them in the file."""
    foreign = attributes.get(UNKNOWN)
    outside = without(_KNOWN, foreign) if isinstance(foreign, Mapping) else {}
    kept = dict(attributes)
    if isinstance(foreign, Mapping) and outside:
        kept[UNKNOWN] = {k: v for k, v in foreign.items() if k not in outside}
        if not kept[UNKNOWN]:
            del kept[UNKNOWN]
    return kept, outside


def _is_finite(value: object) -> bool:
    """Whether all numbers in it are; JSON would turn the others into null without a word."""
    if isinstance(value, float | np.floating):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    return True


def _is_label(value: object) -> bool:
    return type(value) is int and 1 <= value <= LARGEST_LABEL


def _points(points: Ring) -> list[Point]:
    return [Point(x, y) for x, y in points.tolist()]


def _ring(points: Iterable[Point]) -> Ring:
    return ring([(p.x, p.y) for p in points])
