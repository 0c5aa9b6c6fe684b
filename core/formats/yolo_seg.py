"""YOLO segmentation: a line for each object, its class and outer outline as fractions of the image.

Source: docs.ultralytics.com/datasets/segment. There are no holes. Outlines come back to within a
ten-thousandth of a pixel in images of up to 100,000 pixels a side.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Origin, Region, Ring, ring
from core.annotation.runs import Floats
from core.errors import FormatError, InvalidGeometry
from core.formats.base import Codec, Companion, Encoded, Problem, Reading, Report
from core.formats.class_places import places
from core.formats.class_table import ClassTable
from core.formats.incoming import Incoming, check_count
from core.formats.json_text import check_outline
from core.formats.painting import ATTRIBUTES, CONFIDENCE, MARKS, PIXEL_SIZE
from core.formats.yolo_classes import NAME, class_table, names_for

MOST_BYTES = 400_000_000
_HOLES, _NUMBERS = "holes", "numbers and origins of objects"
_DIGITS = 9
_DECIMALS_PX = 4
_SLACK = 0.01
"""How far beyond the image fractions may lie before they are taken to be something else."""


def encode(annotations: AnnotationSet) -> Encoded:
    """A line for each object; an image without objects has an empty file.

    Raises CannotWrite that names the object with a coordinate that is not finite.
    """
    numbers = places(annotations)
    size = annotations.width, annotations.height
    lines = [f"{numbers[r.class_id]} {_fractions(r, size)}\n" for r in annotations.regions]
    total = len(lines)
    report = Report(total, total, tuple(_losses(annotations)), tuple(_lost_holes(annotations)))
    return Encoded("".join(lines).encode("ascii"), report)


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The outlines in the file, for an image whose size must be known; raises FormatError."""
    if image is None:
        raise FormatError("it does not say how large its image is; open the image first")
    lines = _lines(path)
    check_count(len(lines))
    reader = _LineReader(path, image)
    for number, line in lines:
        reader.take(number, line)
    regions = reader.incoming.finish()
    if lines and not reader.numeric:
        raise FormatError("it is a text without numbers, not a label file")
    annotations = replace(image, regions=regions, classes=reader.table.classes, run=None, extra={})
    notes = (*reader.notes, *reader.table.notes)
    report = Report(len(lines), len(regions), (), tuple(reader.incoming.problems), notes)
    return Reading(annotations, report)


class _LineReader:
    """Takes lines one by one; a bad one is reported and the next one taken."""

    def __init__(self, path: Path, image: AnnotationSet) -> None:
        names = names_for(path)
        self.incoming = Incoming((image.width, image.height))
        self.table = ClassTable(image.classes)
        self.notes: list[str] = []
        self.numeric = 0
        self._origin = Origin("import", source=path.name)
        self._size = np.array((image.width, image.height), np.float64)
        if names is None:
            self.notes.append("There is no data.yaml: numbers are the places of our classes.")
            names = {number: c.name for number, c in enumerate(image.classes)}
        self._names = names

    def take(self, number: int, line: bytes) -> None:
        """Read line `number`; raises FormatError when the file is out of bounds."""
        name = f"line {number}"
        self.incoming.count(line.count(b" ") // 2)
        try:
            class_number, values = _numbers(line)
            self.numeric += 1
            points, confidence = self._outline(values)
            class_id = self._class(class_number)
            region = Region(0, points, (), class_id, confidence, self._origin)
            self.incoming.add(region, name)
        except InvalidGeometry as error:
            self.incoming.tell(name, f"left out: {error}")

    def _outline(self, values: Floats) -> tuple[Ring, float | None]:
        """The points in pixels, and the chance that some networks write behind them."""
        if len(values) == 4:
            raise InvalidGeometry("it is a box, not an outline")
        count = len(values) // 2 * 2
        if count < 6:
            raise InvalidGeometry("an outline needs at least three points, each of x and y")
        fractions, last = values[:count].reshape(-1, 2), values[count:]
        if not (np.abs(fractions - 0.5) <= 0.5 + _SLACK).all() or not _are_chances(last):
            raise InvalidGeometry("its numbers are no fractions of the size of the image")
        points = np.round(fractions * self._size, _DECIMALS_PX)
        return ring(points), float(last[0]) if len(last) else None

    def _class(self, number: int) -> int:
        return self.table.find(self._names.get(number, f"Class {number}"))


def _are_chances(values: Floats) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


def _fractions(region: Region, size: tuple[int, int]) -> str:
    check_outline(region)
    # A reader refuses the whole file for a number beyond 1, even by rounding.
    values = np.clip(region.shell / size, 0, 1).ravel().tolist()
    return " ".join(f"{value:.{_DIGITS}f}" for value in values)


def _losses(annotations: AnnotationSet) -> Iterator[str]:
    """What the annotations hold and the lines do not."""
    regions = annotations.regions
    if regions:
        yield _NUMBERS
    if any(region.confidence is not None for region in regions):
        yield CONFIDENCE
    if any(region.edited or region.reviewed or region.locked for region in regions):
        yield MARKS
    if any(region.attributes for region in regions):
        yield ATTRIBUTES
    if any(region.holes for region in regions):
        yield _HOLES
    if annotations.pixel_size_um is not None:
        yield PIXEL_SIZE


def _lost_holes(annotations: AnnotationSet) -> Iterator[Problem]:
    for region in annotations.regions:
        if count := len(region.holes):
            holes = "its hole was" if count == 1 else f"its {count} holes were"
            yield Problem(str(region.id), f"{holes} filled: YOLO has outer outlines only")


def _lines(path: Path) -> list[tuple[int, bytes]]:
    """Number and content of each line that is not empty."""
    if path.stat().st_size > MOST_BYTES:
        raise FormatError(f"it has more than {MOST_BYTES // 10**6} MB")
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    return [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]


def _numbers(line: bytes) -> tuple[int, Floats]:
    """The class and the other numbers of a line; raises InvalidGeometry when it holds others."""
    first, *rest = line.split()
    try:
        values = np.array(rest, np.float64)
        class_number = float(first)
    except ValueError as error:
        raise InvalidGeometry("it holds something that is not a number") from error
    if not class_number.is_integer() or not 0 <= class_number < 2**31:
        raise InvalidGeometry("it does not begin with the number of a class")
    return int(class_number), values


CODEC = Codec(
    "yolo",
    "YOLO segmentation",
    (".txt",),
    keeps_holes=False,
    decode=decode,
    encode=encode,
    companions=(Companion(NAME, class_table, in_parts=True),),
    knows_size=False,
    part_folder="labels",
    cannot_carry=(_HOLES, _NUMBERS, CONFIDENCE, MARKS, ATTRIBUTES, PIXEL_SIZE),
)
