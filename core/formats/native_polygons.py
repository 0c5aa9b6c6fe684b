"""Objects of the native JSON: a region as a line of text, and regions out of the text."""

import uuid
from collections.abc import Iterable
from typing import Any

import msgspec

from core.annotation.region import Origin, Region, Ring, ring
from core.errors import InvalidGeometry
from core.formats.base import Problem
from core.formats.class_table import ClassTable
from core.formats.foreign_keys import joined, split
from core.formats.incoming import Incoming
from core.formats.json_text import check_finite, check_outline, encode_finite
from core.formats.native_schema import JsonOrigin, Point, Polygon, names, unknown_keys

SOURCE_ID = "source_id"
"""The attribute that holds the id of a polygon of another program."""

_KNOWN = names(Polygon)


def encode_polygon(region: Region, class_key: str | int, touches_border: bool) -> bytes:
    """The object as JSON; raises CannotWrite that names it when a number is not finite."""
    what = f"object {region.id}"
    check_outline(region)
    attributes, foreign = split(region.attributes, _KNOWN)
    check_finite((region.confidence, region.origin.threshold, attributes, foreign), what)
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
    return encode_finite(polygon | foreign, what)


class PolygonReader:
    """Takes the objects of one file, one by one; a bad one is reported and the next one taken."""

    def __init__(self, table: ClassTable, source: str, is_ours: bool) -> None:
        """source: name of the file. is_ours: ids in it are unique everywhere."""
        self._incoming = Incoming()
        self._table = table
        self._source = source
        self._is_ours = is_ours

    @property
    def problems(self) -> list[Problem]:
        """What there is to tell so far."""
        return self._incoming.problems

    def take(self, index: int, raw: msgspec.Raw) -> None:
        """Read the object at place `index`; raises FormatError when the file is out of bounds."""
        name = f"number {index + 1} in the file"
        try:
            polygon = msgspec.json.decode(raw, type=Polygon)
            name = name if polygon.id is None else str(polygon.id)
            self._incoming.count(len(polygon.points) + sum(map(len, polygon.holes)))
            self._incoming.add(self._region(polygon, raw, name), name, polygon.label)
        except (msgspec.MsgspecError, InvalidGeometry, RecursionError) as error:
            self._incoming.tell(name, f"left out: {error}")

    def finish(self) -> tuple[Region, ...]:
        """The regions by number; those without a number, or with one in use, get a free one."""
        return self._incoming.finish()

    def _region(self, polygon: Polygon, raw: msgspec.Raw, name: str) -> Region:
        return Region(
            id=0,
            shell=ring(_pairs(polygon.points)),
            holes=self._incoming.holes(map(_pairs, polygon.holes), name),
            class_id=self._table.find(polygon.class_),
            confidence=polygon.confidence,
            origin=self._origin(polygon.origin),
            edited=polygon.edited,
            reviewed=polygon.reviewed,
            locked=polygon.locked,
            attributes=self._attributes(polygon, raw),
            uid=self._incoming.uid(polygon.id, name) if self._is_ours else uuid.uuid4().hex,
        )

    def _origin(self, origin: JsonOrigin | None) -> Origin:
        if origin is None:
            return Origin("import", source=self._source)
        return Origin(**msgspec.structs.asdict(origin))

    def _attributes(self, polygon: Polygon, raw: msgspec.Raw) -> dict[str, Any]:
        attributes = joined(polygon.attributes, unknown_keys(raw, Polygon))
        if not self._is_ours and polygon.id is not None:
            attributes[SOURCE_ID] = polygon.id
        return attributes


def _points(points: Ring) -> list[Point]:
    return [Point(x, y) for x, y in points.tolist()]


def _pairs(points: Iterable[Point]) -> list[tuple[float, float]]:
    return [(p.x, p.y) for p in points]
