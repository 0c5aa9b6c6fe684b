"""The objects of a file that is being read: made valid, numbered, and told about when changed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy.typing as npt

from core.annotation.region import Region, Ring, ring
from core.errors import FormatError, InvalidGeometry
from core.formats.base import Problem
from core.formats.limits import LARGEST_LABEL

MOST_VERTICES = 5_000_000
MOST_OBJECTS = 500_000


def check_count(objects: int) -> None:
    """Raise FormatError when there are too many objects to hold, before the first is read."""
    if objects > MOST_OBJECTS:
        raise FormatError(f"it holds more than {MOST_OBJECTS:,} objects; divide it")


class Incoming:
    """Takes the objects of one file, one by one, and makes each fit to be stored."""

    def __init__(self, size: tuple[int, int] | None = None) -> None:
        """size: width and height of the image; what lies outside is cut off. None cuts nothing."""
        self.problems: list[Problem] = []
        self._size = size
        self._regions: list[Region] = []
        self._labels: list[Any] = []
        self._uids: set[str] = set()
        self._vertices = 0

    def count(self, points: int) -> None:
        """Count vertices before they are decoded; raises FormatError when there are too many."""
        self._vertices += points
        if self._vertices > MOST_VERTICES:
            raise FormatError(f"its outlines have more than {MOST_VERTICES:,} points")

    def uid(self, given: object, name: str) -> str:
        """The uid that we once wrote when it is not in use, else a new one, which is told."""
        uid = given if isinstance(given, str) and given and given not in self._uids else ""
        if not uid:
            self.tell(name, f"its id is {'missing' if not given else 'in use'}; it got a new one")
        self._uids.add(uid := uid or uuid.uuid4().hex)
        return uid

    def holes(self, rings: Iterable[npt.ArrayLike], name: str) -> tuple[Ring, ...]:
        """The rings (n, 2) of x, y as holes; those that are none are told and left out."""
        good = []
        for points in rings:
            try:
                good.append(ring(points))
            except InvalidGeometry:
                self.tell(name, "a hole with fewer than three points was left out")
        return tuple(good)

    def add(self, region: Region, name: str, label: object = None) -> None:
        """Take a region, as several objects when its outline encloses several areas.

        name: as a person finds it in the file. label: its number in the image, if it has one.
        Raises InvalidGeometry when it encloses nothing in the image.
        """
        regions = self._inside(self._valid(region, name), name)
        self._regions += regions
        self._labels += [label, *[None] * (len(regions) - 1)]

    def tell(self, name: str, reason: str) -> None:
        """Report on one object."""
        self.problems.append(Problem(name[:200], reason))

    def finish(self) -> tuple[Region, ...]:
        """The regions by number; those without a number, or with one in use, get a free one."""
        used: set[int] = set()
        waiting: list[Region] = []
        for region, label in zip(self._regions, self._labels, strict=True):
            if _is_label(label) and label not in used:
                used.add(label)
                continue
            if label is not None:
                self.tell(region.uid, f"its number {label} is taken or none; it got another one")
            waiting.append(region)
        return self._numbered(_free_numbers(waiting, used))

    def _numbered(self, numbers: dict[str, int]) -> tuple[Region, ...]:
        labelled = zip(self._regions, self._labels, strict=True)
        regions = [replace(r, id=numbers.get(r.uid, label)) for r, label in labelled]
        return tuple(sorted(regions, key=lambda r: r.id))

    def _valid(self, region: Region, name: str) -> list[Region]:
        """The region itself, or what it encloses when its outline crosses itself."""
        from core.annotation.geometry import is_valid, repair_parts

        if is_valid(region):
            return [region]
        regions = _pieces(region, [part.rings for part in repair_parts(region.rings)])
        into = "repaired" if len(regions) == 1 else f"divided into {len(regions)} objects"
        self.tell(name, f"its outline crossed or touched itself; it was {into}")
        return regions

    def _inside(self, regions: list[Region], name: str) -> list[Region]:
        """What of the regions lies in the image."""
        if self._size is None or all(_is_inside(region, *self._size) for region in regions):
            return regions
        inside = [part for region in regions for part in _cut(region, *self._size)]
        if not inside:
            raise InvalidGeometry("it lies outside the image")
        into = "" if len(inside) == len(regions) else f"; {len(inside)} objects are left of it"
        self.tell(name, f"what lies outside the image was cut off{into}")
        return inside


def _pieces(region: Region, outlines: Sequence[Sequence[Ring]]) -> list[Region]:
    """The region with these rings in place of its own; the first keeps its uid."""
    made = [replace(region, shell=s, holes=tuple(holes), edited=True) for s, *holes in outlines]
    return [*made[:1], *(replace(other, uid=uuid.uuid4().hex) for other in made[1:])]


def _is_inside(region: Region, width: int, height: int) -> bool:
    x0, y0, x1, y1 = region.bounds
    return x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height


def _cut(region: Region, width: int, height: int) -> list[Region]:
    """The valid parts of the region that lie in the image, all of them."""
    import shapely

    from core.annotation.geometry import from_shapely, is_valid, to_shapely

    if _is_inside(region, width, height):
        return [region]
    inside = shapely.intersection(to_shapely(region.rings), shapely.box(0, 0, width, height))
    return [r for r in _pieces(region, [p.rings for p in from_shapely(inside)]) if is_valid(r)]


def _free_numbers(regions: Iterable[Region], used: Iterable[int]) -> dict[str, int]:
    """Numbers above those in use, by uid."""
    first = max(used, default=0) + 1
    return {region.uid: first + place for place, region in enumerate(regions)}


def _is_label(value: object) -> bool:
    return type(value) is int and 1 <= value <= LARGEST_LABEL
