"""Judging a file as a whole: tables, lists of classes and pictures, which hold no outlines.

Of tables that is compared which can be worked out from the outlines again, by other code than that
which measured them.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import ring_area
from core.counted import counted
from core.export.readers.found import Found, Grid
from core.formats.class_places import all_classes
from core.formats.figure import SIZE

Value: TypeAlias = str | float
Columns: TypeAlias = Sequence[tuple[str, Sequence[Value]]]
"""Headings, and what stands below each; those that are alike in the order of the file."""

DIGITS = 1e-4
"""By how much a number may differ, as a share of it or of 1: areas far from the corner lose
digits."""


@dataclass(frozen=True)
class Judgement:
    """found: number of objects, None for a file without any. troubles: what does not agree."""

    found: int | None
    troubles: tuple[str, ...]


def objects_table(sets: Sequence[AnnotationSet], found: Found) -> Judgement:
    """A table with a row for each object."""
    grid = found.grids[0]
    return Judgement(len(grid) - 1, tuple(_troubles(_of_objects(sets), grid)))


def images_table(sets: Sequence[AnnotationSet], found: Found) -> Judgement:
    """A table with a row for each image."""
    headings, *rows = found.grids[0]
    place = headings.index("Objects")
    objects = sum(int(row[place]) for row in rows)
    return Judgement(objects, tuple(_troubles(_of_images(sets), found.grids[0])))


def workbook(sets: Sequence[AnnotationSet], found: Found) -> Judgement:
    """Both tables, on two sheets."""
    objects, images = found.grids
    judged = objects_table(sets, found)
    more = (f"on its second sheet {trouble}" for trouble in _troubles(_of_images(sets), images))
    return Judgement(len(objects) - 1, (*judged.troubles, *more))


def class_list(sets: Sequence[AnnotationSet], found: Found) -> Judgement:
    """The names of classes, in the places that the files of the images use."""
    wanted = [[c.name for c in all_classes(annotations)] for annotations in sets]
    longest = max(wanted, key=len)
    same = longest == list(found.classes) and all(n == longest[: len(n)] for n in wanted)
    trouble = f"its classes are {', '.join(found.classes)}, not {', '.join(longest)}"
    return Judgement(None, () if same else (trouble,))


def picture(sets: Sequence[AnnotationSet], found: Found) -> Judgement:
    """As large as the image, or larger by a factor that can be chosen."""
    (annotations,), size = sets, found.size
    wanted = annotations.width, annotations.height
    factors = (int(name) for name, _ in SIZE.choices)
    if size in [(wanted[0] * factor, wanted[1] * factor) for factor in factors]:
        return Judgement(None, ())
    return Judgement(None, (f"it is {size} pixels and the image {wanted}",))


def _of_objects(sets: Sequence[AnnotationSet]) -> Columns:
    unit, sizes = _unit(sets)
    objects = [
        (annotations, region, size)
        for annotations, size in zip(sets, sizes, strict=True)
        for region in annotations.regions
    ]
    names = {c.id: c.name for annotations in sets for c in all_classes(annotations)}
    boxes = [[edge * size for edge in region.bounds] for _, region, size in objects]
    return [
        ("Image", [annotations.image_name for annotations, _, _ in objects]),
        ("ID", [region.id for _, region, _ in objects]),
        ("Class", [names[region.class_id] for _, region, _ in objects]),
        ("Confidence", [_or_nan(region.confidence) for _, region, _ in objects]),
        (f"Area ({unit}²)", [region.area * size**2 for _, region, size in objects]),
        (f"Left ({unit})", [x0 for x0, _, _, _ in boxes]),
        (f"Top ({unit})", [y0 for _, y0, _, _ in boxes]),
        (f"Width ({unit})", [x1 - x0 for x0, _, x1, _ in boxes]),
        (f"Height ({unit})", [y1 - y0 for _, y0, _, y1 in boxes]),
        ("Holes", [len(region.holes) for _, region, _ in objects]),
        (
            f"Area of holes ({unit}²)",
            [sum(map(ring_area, region.holes)) * size**2 for _, region, size in objects],
        ),
    ]


def _of_images(sets: Sequence[AnnotationSet]) -> Columns:
    unit, sizes = _unit(sets)
    classes = {c.id: c.name for annotations in sets for c in all_classes(annotations)}
    per = "1/mm²" if unit == "µm" else "1/Mpx"
    pairs = list(zip(sets, sizes, strict=True))
    return [
        ("Image", [annotations.image_name for annotations in sets]),
        ("Objects", [len(annotations.regions) for annotations in sets]),
        (
            f"Density ({per})",
            [len(a.regions) / (a.width * a.height * size**2) * 1e6 for a, size in pairs],
        ),
        *(
            (f"Objects of class {name}", [_count(annotations, number) for annotations in sets])
            for number, name in classes.items()
        ),
        (f"Mean of Area ({unit}²)", [_mean_area(a) * size**2 for a, size in pairs]),
    ]


def _unit(sets: Sequence[AnnotationSet]) -> tuple[str, list[float]]:
    """The unit of lengths, and the edge of a pixel in it for each image."""
    known = [annotations.pixel_size_um for annotations in sets]
    sizes = [size for size in known if size]
    return ("µm", sizes) if len(sizes) == len(sets) else ("px", [1.0] * len(sets))


def _count(annotations: AnnotationSet, class_id: int) -> int:
    return sum(region.class_id == class_id for region in annotations.regions)


def _mean_area(annotations: AnnotationSet) -> float:
    areas = [region.area for region in annotations.regions]
    return math.fsum(areas) / len(areas) if areas else math.nan


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _troubles(wanted: Columns, grid: Grid) -> Iterator[str]:
    headings, *rows = grid
    if len(rows) != len(wanted[0][1]):
        yield f"it has {counted(len(rows), 'row')}, not {len(wanted[0][1])}"
        return
    places = {heading: -1 for heading, _ in wanted}
    for heading, values in wanted:
        if heading not in headings[places[heading] + 1 :]:
            yield f"it has no column '{heading}'"
            continue
        place = places[heading] = headings.index(heading, places[heading] + 1)
        wrong = sum(not _same(v, row[place]) for v, row in zip(values, rows, strict=True))
        if wrong:
            yield f"{counted(wrong, 'cell')} below '{heading}' not as yours"


def _same(value: Value, text: str) -> bool:
    """Texts that a spreadsheet would take for formulas have an apostrophe before them."""
    if isinstance(value, str):
        return text in (value, f"'{value}")
    if math.isnan(value) or not text:
        return math.isnan(value) and not text
    return math.isclose(float(text), value, rel_tol=DIGITS, abs_tol=DIGITS)
