"""Annotations as pixels, and what is lost on the way."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import DEFAULT_CLASSES
from core.annotation.raster import label_image, region_mask
from core.annotation.region import Region
from core.formats.base import Problem, Report
from core.formats.pixel_files import Plane

LARGEST_16_BIT = 65535
CLASSES, CONFIDENCE, ATTRIBUTES, PIXEL_SIZE = "classes", "confidence", "attributes", "pixel size"
MARKS, FINE = "edit, review and lock marks", "outlines finer than a pixel"
LOST_IN_PIXELS = (CLASSES, CONFIDENCE, MARKS, ATTRIBUTES, FINE)
LOST_IN_MASKS = ("numbers of objects", "borders between objects that touch")
MASK_TYPE = "0 outside, 255 inside (uint8)"
_LEFT_OUT = "left out:"
_NOWHERE = f"{_LEFT_OUT} it covers the centre of no pixel of the image"


def largest_id(annotations: AnnotationSet) -> int:
    """The largest number of an object, 0 when there is none."""
    return max((region.id for region in annotations.regions), default=0)


def paint_labels(
    annotations: AnnotationSet, dtype: npt.DTypeLike | None = None
) -> tuple[Plane, Report]:
    """(height, width) uint16, or int32 when a number is too large for it: an object's id, or 0.

    dtype: another one that holds all numbers. An object that has no pixel of its own is reported,
    and so is one that lost some to another.
    """
    regions, labels = annotations.regions, _labels(annotations, dtype)
    problems = tuple(_lost_pixels(regions, labels))
    done = len(regions) - sum(problem.reason.startswith(_LEFT_OUT) for problem in problems)
    return labels, Report(len(regions), done, tuple(_losses(annotations)), problems)


def paint_mask(annotations: AnnotationSet) -> tuple[npt.NDArray[np.uint8], Report]:
    """(height, width) uint8, 255 inside any object; an object without a pixel is reported."""
    labels = _labels(annotations)
    visible = set(np.unique(labels).tolist())
    hidden = [region for region in annotations.regions if region.id not in visible]
    missed = [region.id for region in hidden if not _covered(region, labels)]
    problems = tuple(Problem(str(number), _NOWHERE) for number in missed)
    total = len(annotations.regions)
    losses = (*LOST_IN_MASKS, *_losses(annotations))
    report = Report(total, total - len(missed), losses if total else (), problems)
    return (labels > 0) * np.uint8(255), report


def without_scale(report: Report, annotations: AnnotationSet) -> Report:
    """The report of a format that does not carry the pixel size either."""
    if annotations.pixel_size_um is None:
        return report
    return replace(report, losses=(*report.losses, PIXEL_SIZE))


def _labels(annotations: AnnotationSet, dtype: npt.DTypeLike | None = None) -> Plane:
    usual = np.uint16 if largest_id(annotations) <= LARGEST_16_BIT else np.int32
    size = annotations.height, annotations.width
    return label_image(annotations.regions, *size, usual if dtype is None else dtype)


def _lost_pixels(regions: Sequence[Region], labels: Plane) -> Iterator[Problem]:
    """The objects that have fewer pixels in `labels` than they cover."""
    values, counts = np.unique(labels, return_counts=True)
    visible = dict(zip(values.tolist(), counts.tolist(), strict=True))
    shared = _shared_pixels(regions, labels)
    for region in regions:
        left = visible.get(region.id, 0)
        if left and not shared[_box(region)].any():
            continue  # most objects: counting their pixels one by one would take seconds
        covered = _covered(region, labels)
        if left < covered or not covered:
            yield Problem(str(region.id), _reason(left, covered))


def _shared_pixels(regions: Sequence[Region], labels: Plane) -> npt.NDArray[np.bool_]:
    """Where objects overlap: `labels` has the largest number there, and another is the smallest."""
    in_order = sorted(regions, key=lambda region: -region.id)
    turned = [replace(region, id=place) for place, region in enumerate(in_order, 1)]
    numbers = np.array([0, *(region.id for region in in_order)])
    shared: npt.NDArray[np.bool_] = numbers[label_image(turned, *labels.shape)] != labels
    return shared


def _covered(region: Region, labels: Plane) -> int:
    """How many pixels of the image the region covers."""
    mask, _ = region_mask(region, *labels.shape)
    return int(mask.sum())


def _box(region: Region) -> tuple[slice, slice]:
    """Rows and columns of the image that the region can cover."""
    x0, y0, x1, y1 = (max(0, math.floor(edge)) for edge in region.bounds)
    return slice(y0, y1 + 1), slice(x0, x1 + 1)


def _reason(left: int, covered: int) -> str:
    if not covered:
        return _NOWHERE
    if not left:
        return f"{_LEFT_OUT} objects with larger numbers hide it"
    return f"{covered - left} of its {covered} pixels belong to objects with larger numbers"


def _losses(annotations: AnnotationSet) -> Iterator[str]:
    """What the annotations hold and pixels do not."""
    regions = annotations.regions
    if annotations.classes != DEFAULT_CLASSES:
        yield CLASSES
    if any(region.confidence is not None for region in regions):
        yield CONFIDENCE
    if any(region.edited or region.reviewed or region.locked for region in regions):
        yield MARKS
    if any(region.attributes for region in regions):
        yield ATTRIBUTES
    if any((r % 1).any() for region in regions for r in region.rings):
        yield FINE
