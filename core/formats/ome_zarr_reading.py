"""Objects out of the label images of OME-Zarr folders of the versions 0.1 to 0.5."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import regions_from_labels
from core.annotation.region import Origin, Region
from core.annotation.tracing import Outline
from core.errors import CellscribeError, FormatError
from core.formats.base import Reading, Report, check_size
from core.formats.class_table import ClassTable
from core.formats.label_reading import numbered, refuse_scattered
from core.formats.limits import LARGEST_LABEL
from core.formats.listed_classes import list_classes
from core.image.budget import check_budget
from core.image.pixel_size import both, single_size
from core.image.zarr_array import open_array
from core.image.zarr_metadata import Multiscale, attributes, inside, is_zarr, multiscales

CELLS = "cells"
"""The name of the labels that we write."""

Labels = npt.NDArray[np.integer[Any]]


Known: TypeAlias = tuple[str | None, str, float | None]
"""Class, colour as #rrggbb and confidence of a label; None and "" where it is unknown."""


@dataclass(frozen=True)
class _Found:
    """A label image of a folder; pixel_size_um: None when the folder does not say."""

    labels: Labels
    pixel_size_um: float | None
    known: dict[int, Known]
    notes: tuple[str, ...]


def read_zarr(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The objects of the first label image of a folder, or of one that is a label image itself.

    Raises FormatError.
    """
    try:
        found = _found(path)
    except FormatError:
        raise
    except ImportError as error:
        raise FormatError(
            "OME-Zarr needs a library more; install it with  pip install 'cellscribe[formats]'"
        ) from error
    except CellscribeError as error:
        raise FormatError(str(error)) from error
    except Exception as error:  # damaged files: whatever the library raises
        raise FormatError("it is damaged, or packed in an unknown way") from error
    height, width = found.labels.shape
    check_size(image, width, height)
    known = image or AnnotationSet(path.name, width, height, pixel_size_um=found.pixel_size_um)
    return _reading(found, known, ClassTable(image.classes if image else ()), path.name)


def _found(path: Path) -> _Found:
    group, notes = _label_group(path)
    told = multiscales(group)[0]
    size = single_size(both(told.scales["X"], told.scales["Y"]))[0]
    return _Found(_pixels(group, told), size, _properties(attributes(group)), notes)


def _reading(found: _Found, image: AnnotationSet, table: ClassTable, source: str) -> Reading:
    outlines = regions_from_labels(found.labels)
    refuse_scattered(outlines)
    used = [found.known[n] for n in sorted({o.label for o in outlines} & found.known.keys())]
    list_classes(table, [(name, color) for name, color, _ in used])
    origin = Origin("import", source=source)

    def make(outline: Outline, number: int) -> Region:
        name, _, confidence = found.known.get(outline.label, (None, "", None))
        shell, holes = outline.shell, outline.holes
        return Region(number, shell, holes, table.find(name), confidence, origin)

    regions, problems = numbered(outlines, make)
    notes = (*found.notes, *table.notes)
    report = Report(len(outlines), len(regions), (), tuple(problems), notes)
    made = replace(image, regions=regions, classes=table.classes, run=None, extra={})
    return Reading(made, report)


def _label_group(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder of a label image, and what a person should know."""
    if not is_zarr(path):
        raise FormatError("it is no OME-Zarr folder; choose the folder that ends in .zarr")
    if "image-label" in attributes(path):
        return path, ()
    names = attributes(inside(path, "labels")).get("labels")
    names = [n for n in names if isinstance(n, str)] if isinstance(names, list) else []
    if not names:
        raise FormatError("it has no labels, only an image")
    chosen = CELLS if CELLS in names else names[0]
    group = inside(path, f"labels/{chosen}")
    others = [name[:100] for name in names if name != chosen]
    return group, (f"Read were the labels '{chosen}', not {', '.join(others)}.",) * bool(others)


def _pixels(folder: Path, told: Multiscale) -> Labels:
    """(H, W) of the largest size."""
    array = open_array(folder, told.paths[0])
    sizes = dict(zip(told.axes, array.shape, strict=True))
    stack = [f"{n} along {axis}" for axis, n in sizes.items() if n > 1 and axis not in "YX"]
    if stack:
        raise FormatError(f"its labels are a stack ({', '.join(stack)}); save one plane of it")
    if array.dtype.kind not in "iu":
        raise FormatError(f"its labels are {array.dtype}, and numbers of objects are integers")
    check_budget(sizes["Y"], sizes["X"], 1, array.dtype.itemsize)
    plane = np.asarray(array[...]).reshape([n for a, n in sizes.items() if a in "YX"])
    labels = plane if told.axes.index("Y") < told.axes.index("X") else plane.T
    least, most = int(labels.min()), int(labels.max())
    if least < 0 or most > LARGEST_LABEL:
        raise FormatError(f"its labels go from {least} to {most}, not from 0 to {LARGEST_LABEL}")
    return labels


def _properties(told: Mapping[str, Any]) -> dict[int, Known]:
    """What is known of each label that is listed."""
    label = told.get("image-label")
    if not isinstance(label, dict):
        return {}
    colors = {n: _color(c.get("rgba")) for n, c in _rows(label.get("colors"))}
    return {
        number: (_name(row.get("class")), colors.get(number, ""), _chance(row.get("confidence")))
        for number, row in _rows(label.get("properties"))
    }


def _rows(told: object) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in told if isinstance(told, list) else ():
        number = row.get("label-value") if isinstance(row, dict) else None
        if type(number) is int:
            yield number, row


def _name(told: object) -> str | None:
    return told if isinstance(told, str) and told else None


def _chance(told: object) -> float | None:
    if not isinstance(told, int | float) or isinstance(told, bool):
        return None
    return float(told) if 0 <= told <= 1 else None


def _color(told: object) -> str:
    try:
        return f"#{bytes(told[:3]).hex()}" if isinstance(told, list) and len(told) > 2 else ""
    except (TypeError, ValueError):
        return ""
