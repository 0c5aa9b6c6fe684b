"""Regions out of the features of a GeoJSON file."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from core.annotation.region import Origin, Region, ring
from core.errors import InvalidGeometry
from core.formats.base import Problem
from core.formats.class_table import ClassTable
from core.formats.geojson_properties import Properties, children, class_of
from core.formats.geojson_schema import NOTHING, Feature, Geometry
from core.formats.incoming import Incoming
from core.formats.listed_classes import list_classes

Outline = list[list[list[float]]]
"""Rings of points of x, y and perhaps z: the shell, then holes."""


class FeatureReader:
    """Takes the features of one file; a bad one is reported and the next one taken."""

    def __init__(
        self,
        table: ClassTable,
        listed: Iterable[str],
        source: str,
        size: tuple[int, int],
        place: tuple[int, int],
    ) -> None:
        """listed: names of the classes in the head of the file. source: name of the file.

        size: width and height of the image. place: time point and focal plane of it.
        """
        self.total = 0
        self._listed = listed
        self._incoming = Incoming(size)
        self._table = table
        self._origin = Origin("import", source=source)
        self._place = place
        self._uids: set[str] = set()
        self._children = self._nuclei = self._planes = 0

    @property
    def problems(self) -> list[Problem]:
        """What there is to tell so far."""
        return self._incoming.problems

    @property
    def notes(self) -> Iterator[str]:
        """What a person should know about the file."""
        if self._children:
            yield f"{self._children} objects lay inside others in QuPath; here they stand alone."
        if self._nuclei:
            yield f"{self._nuclei} cells have an outline of the nucleus too; it was left out."
        if self._planes:
            yield f"{self._planes} objects are for another channel, slice or time of the image."

    def read(self, features: Iterable[msgspec.Raw]) -> tuple[Region, ...]:
        """The regions by number; raises FormatError when the file is out of bounds."""
        found = list(self._found(features))
        list_classes(self._table, (class_of(feature) for _, feature in found), self._listed)
        for name, feature in found:
            try:
                self._take(name, feature)
            except (msgspec.MsgspecError, InvalidGeometry, RecursionError) as error:
                self._incoming.tell(name, f"left out: {error}")
        return self._incoming.finish()

    def _found(self, features: Iterable[msgspec.Raw]) -> Iterator[tuple[str, Feature]]:
        """All features, each followed by those inside it, and how a person finds them again."""
        waiting = list(features)[::-1]
        while waiting:
            raw = waiting.pop()
            self.total += 1
            name = f"number {self.total} in the file"
            try:
                feature = msgspec.json.decode(raw, type=Feature)
            except (msgspec.MsgspecError, RecursionError) as error:
                self._incoming.tell(name, f"left out: {error}")
                continue
            inside = children(feature)
            self._children += len(inside)
            waiting += inside[::-1]
            yield feature.id if isinstance(feature.id, str) and feature.id else name, feature

    def _take(self, name: str, feature: Feature) -> None:
        geometry = msgspec.json.decode(feature.geometry, type=Geometry | None)
        if geometry is None:
            raise InvalidGeometry("it has no outline")
        outlines = self._outlines(geometry)
        self._nuclei += feature.nucleus != NOTHING
        self._planes += _is_elsewhere(geometry.plane, *self._place)
        properties = Properties(feature)
        known = properties.known(self._origin) | {
            "class_id": self._table.find(class_of(feature)[0])
        }
        facts = known | {"uid": self._uid(properties, name)}
        number = properties.number
        for outline in outlines:
            self._add_part(name, outline, facts, number, len(outlines) == 1)
            facts, number = known, None
        if len(outlines) > 1:
            self._incoming.tell(name, f"its {len(outlines)} parts are objects of their own now")

    def _outlines(self, geometry: Geometry) -> list[Outline]:
        """The polygons of a geometry, at least one; their points are counted before."""
        text = bytes(geometry.coordinates)
        if geometry.type not in ("Polygon", "MultiPolygon"):
            raise InvalidGeometry(f"a {geometry.type[:50]} is not the outline of an object")
        self._incoming.count(text.count(b"["))
        if geometry.type == "Polygon":
            return [msgspec.json.decode(text, type=Outline)]
        return msgspec.json.decode(text, type=list[Outline]) or [[]]

    def _add_part(
        self, name: str, outline: Outline, facts: dict[str, Any], number: int | None, is_all: bool
    ) -> None:
        """Take one polygon of an object; a bad one does not lose the others."""
        try:
            shell, *holes = map(_pairs, outline or [[]])
            region = Region(0, ring(shell), self._incoming.holes(holes, name), **facts)
            self._incoming.add(region, name, number)
        except InvalidGeometry as error:
            if is_all:
                raise
            self._incoming.tell(name, f"a part was left out: {error}")

    def _uid(self, properties: Properties, name: str) -> str:
        """The uid in the file when it is not in use, else a new one."""
        uid = properties.uid or uuid.uuid4().hex
        if uid in self._uids:
            self._incoming.tell(name, "its id is in use; it got a new one")
            uid = uuid.uuid4().hex
        self._uids.add(uid)
        return uid


def _is_elsewhere(plane: dict[str, Any] | None, t: int, z: int) -> bool:
    """Whether it is another plane than that of the image; -1 is all of them, 0 the first."""
    own = {"c": 0, "t": t, "z": max(z, 0)}
    return any((plane or {}).get(key, 0) not in (0, -1, number) for key, number in own.items())


def _pairs(points: list[list[float]]) -> npt.NDArray[np.float64]:
    """(n, 2) x and y of each point; raises InvalidGeometry where they are not two or three."""
    try:
        array = np.array(points, np.float64)
    except ValueError as error:
        raise InvalidGeometry("its points have different numbers of coordinates") from error
    return array[:, :2] if array.ndim == 2 else array
