"""Reading a written file back with another reader, and judging what is in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.counted import counted
from core.export.compare import (
    Comparison,
    compare,
    compare_classes,
    compare_mask,
)
from core.export.plan import Target
from core.export.readers import READERS
from core.export.readers.found import Found
from core.export.record import Change, FileRecord
from core.export.whole import class_list, images_table, objects_table, picture, workbook
from core.files import files_in, sha256_of
from core.formats import class_masks, yolo_classes
from core.formats.base import Report

_HOW = {
    "mask-tiff": compare_mask,
    "mask-png": compare_mask,
    "classes-tiff": compare_classes,
    "classes-png": compare_classes,
}
_WHOLE = {
    "csv": objects_table,
    "csv-images": images_table,
    "xlsx": workbook,
    "overlay-png": picture,
    class_masks.NAME: class_list,
    yolo_classes.NAME: class_list,
}
_ROUNDED = "its coordinates were rounded"
_WRONG = "it is not what was to be written, and nothing says why"


def certify(
    path: Path, target: Target, sets: Sequence[AnnotationSet], report: Report
) -> FileRecord:
    """What is in the file at `path`, against the annotations that it was made of.

    report: of the codec, which announces what it could not write. Never raises for what is wrong
    with the file: that is told in the record.
    """
    kind = target.companion.name if target.companion else target.codec.name
    reader = READERS[kind]
    facts = FileRecord(
        name=target.name,
        format=target.codec.name,
        images=tuple(a.image_name for a in sets),
        sha256=sha256_of(path),
        bytes=sum(file.stat().st_size for file in files_in(path)),
        reader=reader.name,
        compared=reader.compares,
        is_partial=reader.is_partial,
        size=(sets[0].width, sets[0].height) if len(sets) == 1 else None,
        expected=0 if target.companion else sum(len(a.regions) for a in sets),
        losses=report.losses,
        notes=report.notes,
    )
    try:
        found = reader.read(path, [(a.width, a.height) for a in sets])
        if kind in _WHOLE:
            judgement = _WHOLE[kind](sets, found[0])
            return replace(facts, found=judgement.found, troubles=judgement.troubles)
    except Exception as error:  # a reader meets bytes that it does not understand
        return replace(facts, troubles=(f"{reader.name} cannot read it: {error}",))
    return _compared(facts, found, sets, report)


def _compared(
    facts: FileRecord, found: Sequence[Found], sets: Sequence[AnnotationSet], report: Report
) -> FileRecord:
    """Object by object."""
    if len(found) != len(sets):
        trouble = f"it holds {counted(len(found), 'image')}, not {len(sets)}"
        return replace(facts, troubles=(trouble,))
    how = _HOW.get(facts.format, compare)
    comparisons = [how(a, f) for a, f in zip(sets, found, strict=True)]
    agreements = np.concatenate(
        [_agreements(*pair) for pair in zip(sets, comparisons, strict=True)]
    )
    return replace(
        facts,
        pixel_type=_pixel_type(found),
        found=sum(c.found for c in comparisons),
        smallest=float(agreements.min()) if len(agreements) else None,
        mean=float(agreements.mean()) if len(agreements) else None,
        changes=tuple(_changes(sets, comparisons, report)),
        troubles=tuple(trouble for c in comparisons for trouble in c.troubles),
    )


def _agreements(annotations: AnnotationSet, comparison: Comparison) -> np.ndarray:
    """(n,) of 0..1, of each object of one image."""
    known = comparison.agreement
    return np.array([known.get(region.id, 1.0) for region in annotations.regions], np.float64)


def _changes(
    sets: Sequence[AnnotationSet], comparisons: Sequence[Comparison], report: Report
) -> Iterator[Change]:
    """Every object that is not the same, with the reason that the codec gave for it."""
    announced = {problem.id: problem.reason for problem in report.problems}
    for annotations, comparison in zip(sets, comparisons, strict=True):
        name = annotations.image_name
        for number, share in comparison.agreement.items():
            rounded = _ROUNDED if number in comparison.rounded else ""
            reason = announced.get(str(number), rounded)
            off = comparison.rounded.get(number)
            yield Change(name, str(number), share, reason or _WRONG, bool(reason), off)
        for number, label in comparison.other_class.items():
            yield Change(name, str(number), None, f"its class is '{label}' in the file", False)


def _pixel_type(found: Sequence[Found]) -> str:
    first = found[0].pixels if found else None
    return "" if first is None else str(first.dtype)
