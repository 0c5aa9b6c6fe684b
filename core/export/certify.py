"""Reading a written file back with another reader, and judging what is in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.export.compare import (
    Comparison,
    compare,
    compare_classes,
    compare_mask,
    compare_table,
)
from core.export.plan import Target
from core.export.readers import READERS
from core.export.readers.found import Found, Reader
from core.export.record import Change, FileRecord
from core.files import files_in, sha256_of
from core.formats.base import Report

_HOW = {
    "mask-tiff": compare_mask,
    "mask-png": compare_mask,
    "classes-tiff": compare_classes,
    "classes-png": compare_classes,
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
    reader = None if target.companion else READERS.get(target.codec.name)
    facts = FileRecord(
        name=target.name,
        format=target.codec.name,
        images=tuple(a.image_name for a in sets),
        sha256=sha256_of(path),
        bytes=sum(file.stat().st_size for file in files_in(path)),
        reader=reader.name if reader else "",
        size=(sets[0].width, sets[0].height) if len(sets) == 1 else None,
        expected=0 if target.companion else sum(len(a.regions) for a in sets),
        losses=report.losses,
        notes=report.notes,
    )
    return _compared(facts, path, reader, sets, report) if reader else facts


def _compared(
    facts: FileRecord, path: Path, reader: Reader, sets: Sequence[AnnotationSet], report: Report
) -> FileRecord:
    try:
        found = reader.read(path, [(a.width, a.height) for a in sets])
    except Exception as error:  # a reader meets bytes that it does not understand
        return replace(facts, troubles=(f"{reader.name} cannot read it: {error}",))
    if len(found) == 1 and found[0].rows is not None:
        comparison = compare_table(_wanted_rows(facts, sets), found[0].rows)
        count = comparison.found if facts.format != "csv-images" else sum(found[0].rows)
        return replace(facts, found=count, troubles=comparison.troubles)
    if len(found) != len(sets):
        trouble = f"it holds {len(found)} images, not {len(sets)}"
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


def _wanted_rows(facts: FileRecord, sets: Sequence[AnnotationSet]) -> list[int]:
    """Numbers of objects, or how many there are in each image."""
    if facts.format == "csv-images":
        return [len(annotations.regions) for annotations in sets]
    return [region.id for annotations in sets for region in annotations.regions]


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
            yield Change(name, str(number), share, reason or _WRONG, bool(reason))
        for number, label in comparison.other_class.items():
            yield Change(name, str(number), None, f"its class is '{label}' in the file", False)


def _pixel_type(found: Sequence[Found]) -> str:
    first = found[0].pixels if found else None
    return "" if first is None else str(first.dtype)
