"""Placing: copies of regions made ready for an image, in a thread when they are many. No Qt."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from core.annotation.classes import LabelClass
from core.annotation.geometry import clip_to_image, shifted
from core.annotation.region import Region
from core.errors import CellscribeError, InvalidGeometry
from core.formats.class_table import ClassTable
from core.progress import Ticket
from core.project.codec import DamagedBlobError, decode_delta, encode_delta
from core.project.delta import Delta

STEP = 12.0  # px; what is pasted onto itself lies so far to the right and below
EVERY = 200  # regions between two reports
UNREADABLE = "What is on the clipboard cannot be read; copy it again."


@dataclass(frozen=True, eq=False)
class Place:
    """An image of some size, px, and the regions in it."""

    width: int
    height: int
    regions: tuple[Region, ...]


@dataclass(frozen=True, eq=False)
class Placed:
    """New regions, all classes that there are with them, and how many regions lie outside."""

    regions: tuple[Region, ...]
    classes: tuple[LabelClass, ...]
    outside: int


def packed(regions: Iterable[Region], classes: Iterable[LabelClass]) -> bytes:
    """Regions and classes as bytes."""
    after, classes_after = {r.id: r for r in regions}, {c.id: c for c in classes}
    return encode_delta(Delta("Copy", after=after, classes_after=classes_after))


def unpacked(
    data: bytes, classes: tuple[LabelClass, ...]
) -> tuple[list[Region], tuple[LabelClass, ...]]:
    """The regions in `data` as new ones, their classes found by name among those of the project,
    and all classes that are needed; raises CellscribeError."""
    try:
        delta = decode_delta(data)
    except DamagedBlobError as error:
        raise CellscribeError(UNREADABLE) from error
    table, used = ClassTable(classes), {region.class_id for region in delta.after.values()}
    for number, label in delta.classes_after.items():
        if number in used:
            table.add(number, label.name, label.color)
    regions = (replace(r, class_id=table.find(r.class_id)) for r in delta.after.values())
    return list(regions), table.classes


def pasted(data: bytes, classes: tuple[LabelClass, ...], place: Place, ticket: Ticket) -> Placed:
    """What `packed` made, placed; raises CellscribeError."""
    ticket.step(0, 1, "reading")
    return placed(*unpacked(data, classes), place, ticket)


def placed(
    regions: Sequence[Region], classes: tuple[LabelClass, ...], place: Place, ticket: Ticket
) -> Placed:
    """The parts of the regions that lie in the image, aside of what is there."""
    found = []
    for number, region in enumerate(regions):
        if number % EVERY == 0:
            ticket.step(number, len(regions), "placing")
        if fit := _fitted(region, place):
            found.append(fit)
    aside = _aside(found, place) if found else []
    return Placed(tuple(aside), classes, len(regions) - len(found))


def _fitted(region: Region, place: Place) -> Region | None:
    """The part of a region that lies in the image, as a new one: not locked, not reviewed, and a
    person's, so that no run takes it away."""
    try:
        fit = clip_to_image(region, place.width, place.height)
    except InvalidGeometry:
        return None
    return replace(fit, uid=uuid4().hex, edited=True, reviewed=False, locked=False)


def _aside(regions: list[Region], place: Place) -> list[Region]:
    """Moved together until none of them lies exactly on one that is there."""
    taken = {region.bounds for region in place.regions}
    for dx, dy in _ways(regions, place):
        moved = [shifted(region, dx, dy) if dx or dy else region for region in regions]
        if not any(region.bounds in taken for region in moved):
            return moved
    return regions


def _ways(regions: list[Region], place: Place) -> Iterator[tuple[float, float]]:
    """Nowhere, then further and further right and down, or left and up where there is more room;
    never over the edge of the image."""
    yield 0.0, 0.0
    x0, y0, x1, y1 = zip(*(region.bounds for region in regions), strict=True)
    right, down = place.width - max(x1), place.height - max(y1)
    room_x, way_x = max((right, 1), (min(x0), -1))
    room_y, way_y = max((down, 1), (min(y0), -1))
    for step in range(1, math.ceil(max(room_x, room_y) / STEP) + 1):
        yield way_x * min(step * STEP, room_x), way_y * min(step * STEP, room_y)
