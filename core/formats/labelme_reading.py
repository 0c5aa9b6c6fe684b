"""Objects out of the shapes of a labelme file."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from core.annotation.region import Region, Ring, ring
from core.errors import FormatError, InvalidGeometry
from core.formats.class_table import ClassTable
from core.formats.foreign_keys import joined
from core.formats.incoming import MOST_VERTICES, Incoming
from core.formats.labelme_masks import decoded, tight
from core.formats.labelme_schema import OPTIONAL, Shape, Tag
from core.formats.listed_classes import list_classes
from core.formats.mask_outlines import covers, outlines
from core.formats.native_schema import JsonClass, unknown_keys
from core.formats.own_data import OwnObject, fingerprint, object_from, own_rings, region_from

_NO_AREA = ("point", "points", "line", "linestrip")
_CORNERS = {"polygon": None, "oriented_rectangle": 4, "rotation": 4}


class ShapeReader:
    """Takes shapes one by one; a bad one is reported and the next one taken."""

    def __init__(
        self, table: ClassTable, classes: Sequence[JsonClass], size: tuple[int, int], source: str
    ) -> None:
        """classes: those that we listed. size: width and height of the image. source: the file."""
        self.incoming = Incoming(size)
        self._table = table
        self._width, self._height = size
        self._source = source
        for c in classes:
            table.add(c.id, c.name, c.color)
        self._names = {c.id: c.name for c in classes}

    def prepare(self, shapes: Sequence[msgspec.Raw]) -> None:
        """Make the classes of all shapes known, and tell of shapes that belong together."""
        tags = [tag for tag in map(_tag, shapes) if tag]
        list_classes(self._table, ((tag.label, "") for tag in tags), self._names.values())
        groups = Counter(tag.group_id for tag in tags if type(tag.group_id) is int)
        for group, count in groups.items():
            if count > 1:
                reason = f"its {count} shapes are objects of their own"
                self.incoming.tell(f"group {group}", reason)

    def take(self, index: int, raw: msgspec.Raw) -> None:
        """Read shape number `index`; raises FormatError when the file is out of bounds."""
        name = f"shape {index + 1}"
        try:
            _check_length(raw)
            self._add(msgspec.json.decode(raw, type=Shape), raw, name)
        except (msgspec.MsgspecError, InvalidGeometry, RecursionError) as error:
            self.incoming.tell(name, f"left out: {error}")

    def _add(self, shape: Shape, raw: msgspec.Raw, name: str) -> None:
        own = object_from(shape.cellscribe, name, self.incoming)
        parts, is_changed = self._parts(shape, own, name)
        self.incoming.count(sum(len(points) for rings in parts for points in rings))
        if len(parts) > 1:
            self.incoming.tell(name, f"its {len(parts)} parts are objects of their own now")
        first, *others = (self._region(shape, raw, own, rings, name) for rings in parts)
        if own:
            edited = own.edited or is_changed
            first = replace(first, uid=self.incoming.uid(own.uid, name), edited=edited)
        self.incoming.add(first, name, own.label if own else None)
        for other in others:
            self.incoming.add(other, name)

    def _region(
        self,
        shape: Shape,
        raw: msgspec.Raw,
        own: OwnObject | None,
        rings: Sequence[Ring],
        name: str,
    ) -> Region:
        foreign = unknown_keys(raw, Shape)
        told = {k: v for k, v in foreign.items() if k not in OPTIONAL or v not in (None, "", {})}
        return replace(
            region_from(own, rings, self._source),
            class_id=self._class(shape.label, own),
            confidence=self._chance(shape.score, name),
            locked=shape.locked is True,
            attributes=joined(own.attributes if own else {}, told),
        )

    def _parts(
        self, shape: Shape, own: OwnObject | None, name: str
    ) -> tuple[list[list[Ring]], bool]:
        """The rings of each part, and whether they are others than we wrote."""
        if shape.shape_type == "mask":
            return self._of_mask(shape, own, name)
        points = self._outline(shape, name)
        if own and fingerprint([points]) == own.outline:
            return [own_rings(own) or [points]], False
        return [[points]], True

    def _outline(self, shape: Shape, name: str) -> Ring:
        """The outline of a shape that is no mask."""
        kind, points = shape.shape_type, shape.points
        if kind in _NO_AREA:
            raise InvalidGeometry(f"a shape of the type {kind} is no outline")
        if kind == "circle":
            return self._circle(points, name)
        if kind == "rectangle" and len(points) == 2:
            (x0, y0), (x1, y1) = points
            return ring([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        if kind == "rectangle" or _CORNERS.get(kind, 0) in (None, len(points)):
            return ring(np.array(points, np.float64).reshape(-1, 2))
        raise InvalidGeometry(f"it is a {kind[:50]} of {len(points)} points, which is no outline")

    def _circle(self, points: Sequence[tuple[float, float]], name: str) -> Ring:
        """Corners a pixel apart, as far as that is not too few or too many."""
        if len(points) != 2:
            raise InvalidGeometry("a circle has two points, its centre and one on its rim")
        radius = math.dist(*points)
        count = int(np.clip(2 * math.pi * radius, 32, 512)) if math.isfinite(radius) else 32
        angles = np.arange(count) * (2 * np.pi / count)
        self.incoming.tell(name, f"the circle is an outline of {count} points now")
        return ring(points[0] + radius * np.stack((np.cos(angles), np.sin(angles)), axis=1))

    def _of_mask(
        self, shape: Shape, own: OwnObject | None, name: str
    ) -> tuple[list[list[Ring]], bool]:
        if not shape.mask or not shape.points:
            raise InvalidGeometry("it is a mask without pixels or without a place")
        mask = decoded(shape.mask)
        left, top, right, bottom = _box(shape.points)
        rows, columns = mask.shape
        if (columns, rows) != (right - left + 1, bottom - top + 1):
            self.incoming.tell(name, f"its mask of {columns} x {rows} pixels does not fit its box")
        mask, y0, x0 = tight(mask, top, left)
        if own and own.rings:
            shell, *holes = own_rings(own)
            known = Region(1, shell, tuple(holes))
            if covers(known, mask, y0, x0, self._height, self._width):
                return [[shell, *holes]], False
        return outlines(mask, y0, x0), True

    def _class(self, label: str, own: OwnObject | None) -> int:
        """By our number where that still has this name: two classes may have the same one."""
        number = own.class_ if own else None
        is_same = number is not None and self._names.get(number) == label
        return self._table.find(number if is_same else label)

    def _chance(self, score: float | None, name: str) -> float | None:
        if score is None or 0 <= score <= 1:
            return score
        self.incoming.tell(name, f"its score {score} is no chance between 0 and 1; it is unknown")
        return None


def _tag(raw: msgspec.Raw) -> Tag | None:
    try:
        return msgspec.json.decode(raw, type=Tag)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _check_length(raw: msgspec.Raw) -> None:
    """Refuse an object whose decoded numbers alone would take gigabytes."""
    if bytes(raw).count(b",") > 3 * MOST_VERTICES:
        raise FormatError(f"its outlines have more than {MOST_VERTICES:,} points")


def _box(points: Sequence[tuple[float, float]]) -> tuple[int, int, int, int]:
    """First column and row, and last ones."""
    xs, ys = zip(*points, strict=True)
    return int(min(xs)), int(min(ys)), int(max(xs)), int(max(ys))
