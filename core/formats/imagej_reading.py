"""Regions out of ImageJ ROIs.

ROIs of areas are in our own frame, whatever their type. Lines, points and angles count from the
centres of pixels; they enclose nothing and are told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from core.annotation.region import Region, Ring, ring
from core.errors import InvalidGeometry
from core.formats.base import Problem
from core.formats.class_table import ClassTable
from core.formats.imagej_entries import Entry
from core.formats.imagej_properties import OWN, from_properties
from core.formats.imagej_shapes import outlines_of
from core.formats.incoming import Incoming
from core.formats.listed_classes import list_classes
from core.formats.own_data import OwnObject, fingerprint, object_from, region_from

if TYPE_CHECKING:
    from roifile import ImagejRoi


class _Found(NamedTuple):
    """An ROI, its name and what its properties say."""

    name: str
    roi: "ImagejRoi"
    properties: dict[str, str]


class RoiReader:
    """Takes the ROIs of one file; a bad one is reported and the next one taken."""

    def __init__(
        self, table: ClassTable, source: str, size: tuple[int, int], place: tuple[int, int]
    ) -> None:
        """source: name of the file. size: width and height of the image. place: time point and
        focal plane of it, counted from 0."""
        self._incoming = Incoming(size)
        self._table = table
        self._source = source
        self._place = place
        self._elsewhere = 0

    @property
    def problems(self) -> list[Problem]:
        """What there is to tell so far."""
        return self._incoming.problems

    @property
    def notes(self) -> Iterator[str]:
        """What a person should know about the file."""
        if self._elsewhere:
            yield f"{self._elsewhere} ROIs are for another channel, slice or time of a stack."

    def read(self, entries: Iterable[Entry]) -> tuple[Region, ...]:
        """The regions by number; raises FormatError when the file is out of bounds."""
        found = list(self._found(entries))
        list_classes(self._table, map(_class_of, found))
        for one in found:
            try:
                self._take(one)
            except InvalidGeometry as error:
                self._incoming.tell(one.name, f"left out: {error}")
        return self._incoming.finish()

    def _found(self, entries: Iterable[Entry]) -> Iterator[_Found]:
        from roifile import ImagejRoi

        for entry in entries:
            try:
                roi = ImagejRoi.frombytes(entry.data)
            except Exception as error:  # damaged bytes: whatever the library raises
                self._incoming.tell(entry.name, f"left out: it is damaged ({error})")
                continue
            yield _Found(roi.name or entry.name, roi, from_properties(roi.props))

    def _take(self, one: _Found) -> None:
        outlines, changes = outlines_of(one.roi)
        for rings in outlines:
            self._incoming.count(sum(map(len, rings)))
        for change in changes:
            self._incoming.tell(one.name, change)
        self._elsewhere += _is_elsewhere(one.roi, *self._place)
        raw = msgspec.Raw(one.properties.get(OWN, "null").encode())
        own = object_from(raw, one.name, self._incoming)
        number = _number(one.name) or (own.label if own else None)
        for rings in outlines:
            self._incoming.add(self._region(one, rings, own), one.name, number)
            own = number = None
        if len(outlines) > 1:
            self._incoming.tell(one.name, f"its {len(outlines)} parts are objects of their own now")

    def _region(self, one: _Found, rings: Sequence[Ring], own: OwnObject | None) -> Region:
        """With what we knew of it; it is edited when its outline is another now."""
        shell, holes = ring(rings[0]), self._incoming.holes(rings[1:], one.name)
        name: dict[str, Any] = {} if _number(one.name) else {"name": one.name}
        region = replace(
            region_from(own, (shell, *holes), self._source),
            class_id=self._table.find(_class_of(one)[0]),
            confidence=_confidence(one.properties),
            attributes=(own.attributes if own else {}) | name,
        )
        if own is None:
            return region
        changed = own.outline != fingerprint(region.rings)
        uid = self._incoming.uid(own.uid, one.name)
        return replace(region, edited=own.edited or changed, uid=uid)


def _class_of(one: _Found) -> tuple[str | None, str]:
    """Name and colour of the class; ROIs of others have a group at most."""
    if name := one.properties.get("class"):
        return name, one.roi.hexcolor(one.roi.stroke_color) or ""
    return (f"Group {one.roi.group}" if one.roi.group else None), ""


def _confidence(properties: dict[str, str]) -> float | None:
    try:
        value = float(properties.get("confidence", "nan"))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _number(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 20 else None


def _is_elsewhere(roi: "ImagejRoi", t: int, z: int) -> bool:
    """Whether it is for another plane; 0 is all of them."""
    is_plane = roi.t_position in (0, t + 1) and roi.z_position in (0, z + 1)
    return not is_plane or max(roi.c_position, roi.position) > 1
