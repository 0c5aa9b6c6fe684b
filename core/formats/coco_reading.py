"""Objects out of the annotations of a COCO file."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from core.annotation.region import Region, Ring, ring
from core.errors import FormatError, InvalidGeometry
from core.formats.class_table import ClassTable
from core.formats.coco_rle import expanded, mask_of
from core.formats.coco_schema import Annotation, Category, Key, Rle
from core.formats.foreign_keys import joined
from core.formats.incoming import MOST_VERTICES, Incoming
from core.formats.mask_outlines import covers, outlines
from core.formats.native_schema import unknown_keys
from core.formats.own_data import OwnObject, fingerprint, object_from, own_rings, region_from


class AnnotationReader:
    """Takes annotations one by one; a bad one is reported and the next one taken."""

    def __init__(
        self, table: ClassTable, categories: Sequence[Category], size: tuple[int, int], source: str
    ) -> None:
        """size: width and height of the image. source: name of the file."""
        self.incoming = Incoming(size)
        self._table = table
        self._width, self._height = size
        self._source = source
        self._classes = _classes(table, categories)

    def take(self, index: int, raw: msgspec.Raw) -> None:
        """Read annotation number `index`; raises FormatError when the file is out of bounds."""
        name = f"number {index + 1} of the annotations"
        try:
            _check_length(raw)
            annotation = msgspec.json.decode(raw, type=Annotation)
            name = name if annotation.id is None else str(annotation.id)
            self._add(annotation, raw, name)
        except (msgspec.MsgspecError, InvalidGeometry, RecursionError) as error:
            self.incoming.tell(name, f"left out: {error}")

    def _add(self, annotation: Annotation, raw: msgspec.Raw, name: str) -> None:
        own = object_from(annotation.cellscribe, name, self.incoming)
        parts, is_changed = self._parts(annotation, own, name)
        self.incoming.count(sum(len(points) for rings in parts for points in rings))
        if len(parts) > 1:
            self.incoming.tell(name, f"its {len(parts)} parts are objects of their own now")
        if annotation.iscrowd:
            self.incoming.tell(name, "it was marked as a crowd; it is an object now")
        first, *others = (self._region(annotation, raw, own, rings, name) for rings in parts)
        if own:
            edited = own.edited or is_changed
            first = replace(first, uid=self.incoming.uid(own.uid, name), edited=edited)
        self.incoming.add(first, name, own.label if own else None)
        for other in others:
            self.incoming.add(other, name)

    def _region(
        self,
        annotation: Annotation,
        raw: msgspec.Raw,
        own: OwnObject | None,
        rings: Sequence[Ring],
        name: str,
    ) -> Region:
        return replace(
            region_from(own, rings, self._source),
            class_id=self._class(annotation.category_id),
            confidence=self._chance(annotation.score, name),
            attributes=joined(own.attributes if own else {}, unknown_keys(raw, Annotation)),
        )

    def _parts(
        self, annotation: Annotation, own: OwnObject | None, name: str
    ) -> tuple[list[list[Ring]], bool]:
        """The rings of each part, and whether they are others than we wrote."""
        shape = annotation.segmentation
        if isinstance(shape, Rle):
            return self._of_runs(shape, own)
        if not shape:
            raise InvalidGeometry("it has no outline, and a box alone is none")
        rings = self._polygons(shape, name)
        if own and fingerprint(rings) == own.outline:
            return [own_rings(own) or rings], False
        return _united(rings), True

    def _of_runs(self, runs: Rle, own: OwnObject | None) -> tuple[list[list[Ring]], bool]:
        height, width = self._height, self._width
        if runs.size != (height, width):
            raise InvalidGeometry(f"its mask is for {runs.size[1]} x {runs.size[0]} pixels")
        counts = runs.counts
        lengths = expanded(counts) if isinstance(counts, str) else np.array(counts, np.int64)
        mask, y0, x0 = mask_of(lengths, height, width)
        if own and own.rings:
            shell, *holes = own_rings(own)
            if covers(Region(1, shell, tuple(holes)), mask, y0, x0, height, width):
                return [[shell, *holes]], False
        return outlines(mask, y0, x0), True

    def _polygons(self, shape: list[list[float] | float], name: str) -> list[Ring]:
        """The polygons of an annotation, less those that are none."""
        polygons = [numbers for numbers in shape if isinstance(numbers, list)]
        if len(polygons) < len(shape):
            polygons = [[n for n in shape if not isinstance(n, list)]]
        rings, reasons = [], []
        for numbers in polygons:
            try:
                rings.append(_ring(numbers))
            except InvalidGeometry as error:
                reasons.append(f"a part was left out: {error}")
        if not rings:
            raise InvalidGeometry("An outline needs at least three points, each of x and y.")
        for reason in reasons:
            self.incoming.tell(name, reason)
        return rings

    def _class(self, key: Key | None) -> int:
        number = None if key is None else self._classes.get(key, f"Category {key}")
        return self._table.find(number)

    def _chance(self, score: float | None, name: str) -> float | None:
        if score is None or 0 <= score <= 1:
            return score
        self.incoming.tell(name, f"its score {score} is no chance between 0 and 1; it is unknown")
        return None


def _classes(table: ClassTable, categories: Sequence[Category]) -> dict[Key, int]:
    """The number of each category in the table: that of our class, or its own."""
    numbers: dict[Key, int] = {}
    for place, c in enumerate(categories, 1):
        wished = (c.cellscribe.id if c.cellscribe else c.id, c.id, -place)
        free = (n for n in wished if isinstance(n, int) and n not in numbers.values())
        number = numbers[c.id] = next(free)
        table.add(number, c.name, c.cellscribe.color if c.cellscribe else "")
    return numbers


def _check_length(raw: msgspec.Raw) -> None:
    """Refuse an object whose decoded numbers alone would take gigabytes."""
    if bytes(raw).count(b",") > 2 * MOST_VERTICES:
        raise FormatError(f"its outlines have more than {MOST_VERTICES:,} points")


def _ring(numbers: Sequence[float]) -> Ring:
    if len(numbers) % 2:
        raise InvalidGeometry("it has an x without a y")
    return ring(np.array(numbers, np.float64).reshape(-1, 2))


def _united(rings: list[Ring]) -> list[list[Ring]]:
    """The rings of each connected area: COCO's readers unite the polygons of an object."""
    import shapely

    from core.annotation.geometry import from_shapely, repair_parts, to_shapely

    if len(rings) == 1:
        return [rings]
    polygons = [to_shapely(part.rings) for points in rings for part in repair_parts((points,))]
    return [list(part.rings) for part in from_shapely(shapely.union_all(polygons))]
