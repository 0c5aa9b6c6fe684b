"""Semantic masks: the value of a pixel is the number of a class, 0 where there is no object.

classes.json says which class a number is. Numbers are the places of the classes, counted from 1.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import regions_from_labels
from core.annotation.region import Origin, Region
from core.errors import CannotWrite, FormatError
from core.formats.base import Reading, Report
from core.formats.class_places import common_classes, places
from core.formats.class_table import ClassTable
from core.formats.json_text import load, to_json
from core.formats.label_reading import annotations_for, read_plane
from core.formats.painting import CLASSES, LOST_IN_MASKS, LOST_IN_PIXELS, paint_labels

NAME = "classes.json"
MOST_CLASSES = 255
PIXEL_TYPE = "0 outside, 1, 2, ... by class (uint8)"
CANNOT_CARRY = (*LOST_IN_MASKS, *(loss for loss in LOST_IN_PIXELS if loss != CLASSES))
_MOST_UNKNOWN = 5
_NOTE = "A mask of classes does not tell objects apart that touch: each connected area is one."


class _Listed(msgspec.Struct):
    """A class as it stands in the file."""

    value: int
    name: str
    color: str = ""
    id: int | None = None


class _Table(msgspec.Struct):
    classes: list[_Listed]
    background: int = 0


def paint_classes(annotations: AnnotationSet) -> tuple[npt.NDArray[np.uint8], Report]:
    """(height, width) uint8, one more than the place of the class; raises CannotWrite.

    Where objects overlap the one with the larger number counts, as in label images.
    """
    numbers = places(annotations)
    if len(numbers) > MOST_CLASSES:
        raise CannotWrite(f"a mask holds {MOST_CLASSES} classes and there are {len(numbers)}")
    labels, report = paint_labels(annotations)
    ids = np.array([0, *(region.id for region in annotations.regions)])
    values = [0, *(numbers[region.class_id] + 1 for region in annotations.regions)]
    mask = np.array(values, np.uint8)[np.searchsorted(ids, labels)]
    kept = [loss for loss in report.losses if loss != CLASSES]
    losses = (*LOST_IN_MASKS, *kept) if annotations.regions else ()
    return mask, replace(report, losses=losses)


def class_table(sets: Sequence[AnnotationSet]) -> bytes:
    """classes.json for the masks of these images; raises CannotWrite."""
    rows = [
        {"value": number, "name": c.name, "color": c.color, "id": c.id}
        for number, c in enumerate(common_classes(sets), 1)
    ]
    text = to_json({"background": 0, "classes": rows}, "the classes")
    return msgspec.json.format(text, indent=2) + b"\n"


def read_classes(path: Path, image: AnnotationSet | None = None) -> Reading:
    """Each connected area of a value above 0 as an object of that class.

    Raises FormatError, or what `read_image` raises.
    """
    picture, mask = read_plane(path, image)
    known, notes = annotations_for(picture, image, ()), picture.notes
    listed = _listed(path)
    table = ClassTable(image.classes if image else ())
    if listed is None:
        notes = (*notes, f"There is no {NAME}: numbers are the places of our classes.")
        listed = [_Listed(n, c.name, c.color) for n, c in enumerate(known.classes, 1)]
    _check_values(mask, listed)
    for c in listed:
        table.add(c.value, c.name, c.color)
    outlines = regions_from_labels(mask)
    origin = Origin("import", source=path.name)
    regions = tuple(
        Region(number, o.shell, o.holes, class_id=table.find(o.label), origin=origin)
        for number, o in enumerate(outlines, 1)
    )
    report = Report(len(regions), len(regions), notes=(*notes, *table.notes, _NOTE))
    return Reading(replace(known, regions=regions, classes=table.classes), report)


def _check_values(mask: npt.NDArray[np.integer[Any]], listed: Sequence[_Listed]) -> None:
    """Raise FormatError where values are no classes, as the grey values of a picture are none."""
    values = set(np.unique(mask).tolist()) - {0}
    unknown = values - {c.value for c in listed}
    if len(unknown) > _MOST_UNKNOWN:
        raise FormatError(
            f"its {len(values)} values are not the numbers of {len(listed)} classes; choose a mask "
            f"of classes, and put its {NAME} beside it"
        )


def _listed(path: Path) -> list[_Listed] | None:
    """The classes in the file beside the mask; None when there is none."""
    table = path.with_name(NAME)
    if not table.is_file():
        return None
    try:
        return msgspec.json.decode(load(table), type=_Table).classes
    except (msgspec.MsgspecError, FormatError) as error:
        raise FormatError(f"{NAME} beside it is damaged; correct it or move it away") from error
