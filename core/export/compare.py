"""Comparing what a reader found in a file with what was to be written, object by object."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import binary_mask, label_image, region_mask
from core.annotation.region import Region
from core.counted import counted
from core.export.readers.found import Found, Points, Shape
from core.formats.pixel_counts import pixel_counts

Mask = npt.NDArray[np.bool_]
ROUNDING_PX = 0.005
"""How far the digits of a format may move a vertex: 32 bits at the far end of a large image."""


@dataclass(frozen=True)
class Comparison:
    """How the file of one image compares with its annotations.

    found: objects in the file. agreement: intersection over union, 0..1, of each object that is
    not the same, by number; 0 for one that is missing. rounded: pixels that the vertices of objects
    are off by where only their last digits were cut, by number. other_class: what the file calls
    the class of objects where that differs. troubles: what else does not agree, in words.
    """

    found: int
    agreement: Mapping[int, float] = field(default_factory=dict)
    rounded: Mapping[int, float] = field(default_factory=dict)
    other_class: Mapping[int, str] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()


def compare(annotations: AnnotationSet, found: Found) -> Comparison:
    """Compare one image; which way depends on what was found."""
    wanted = annotations.width, annotations.height
    if found.size is not None and found.size != wanted:
        size, image = ("{} x {}".format(*pair) for pair in (found.size, wanted))
        return Comparison(0, troubles=(f"it is {size} pixels and the image {image}",))
    if found.pixels is None:
        return _shapes(annotations, found)
    return _labels(annotations, found.pixels, found.in_order)


def compare_mask(annotations: AnnotationSet, found: Found) -> Comparison:
    """The same for a mask, which does not tell objects apart: is each of their pixels set?"""
    pixels = found.pixels
    assert pixels is not None
    if pixels.shape != (annotations.height, annotations.width):
        return compare(annotations, found)
    inside, size = pixels > 0, (annotations.height, annotations.width)
    wanted = binary_mask(annotations.regions, *size) > 0
    extra = int((inside & ~wanted).sum())
    troubles = (f"{counted(extra, 'pixel')} set outside all objects",) if extra else ()
    agreement = {
        number: share
        for number, share in _covered(annotations.regions, inside, wanted).items()
        if share < 1
    }
    visible = len(annotations.regions) - sum(share == 0 for share in agreement.values())
    return Comparison(visible, agreement, troubles=troubles)


def _covered(regions: Sequence[Region], inside: Mask, wanted: Mask) -> dict[int, float]:
    """Which share of the pixels of each region is set; 0 for one without pixels."""
    counts = pixel_counts(regions, *inside.shape)
    is_whole = not (wanted & ~inside).any()
    return {
        region.id: float(count > 0) if is_whole or not count else _share(region, inside)
        for region, count in zip(regions, counts, strict=True)
    }


def _share(region: Region, inside: Mask) -> float:
    mask, (y0, x0) = region_mask(region, *inside.shape)
    there = inside[y0 : y0 + mask.shape[0], x0 : x0 + mask.shape[1]]
    return float(there[mask].mean())


def compare_classes(annotations: AnnotationSet, found: Found) -> Comparison:
    """The same for a mask of classes: one value for each class, and no value for two."""
    comparison, pixels = compare_mask(annotations, found), found.pixels
    if comparison.troubles or pixels is None:
        return comparison
    owners = label_image(annotations.regions, annotations.height, annotations.width)
    kinds = {region.id: region.class_id for region in annotations.regions}
    inside = (owners > 0) & (pixels > 0)
    pairs = np.unique(np.stack((owners[inside], pixels[inside])), axis=1).T.tolist()
    values = {(kinds[owner], value) for owner, value in pairs}
    mixed = len(values) - len({kind for kind, _ in values})
    mixed += len(values) - len({value for _, value in values})
    return replace(comparison, troubles=("it mixes up classes",)) if mixed else comparison


def _labels(
    annotations: AnnotationSet, labels: npt.NDArray[np.integer], in_order: bool
) -> Comparison:
    """Pixels of each number against those of the object, also where another one hides it."""
    regions, size = annotations.regions, (annotations.height, annotations.width)
    wanted = label_image(regions, *size)
    if in_order:
        labels = _with_numbers(labels, wanted)
    values, counts = np.unique(labels, return_counts=True)
    there = {v: c for v, c in zip(values.tolist(), counts.tolist(), strict=True) if v}
    differ = set(np.unique(labels[labels != wanted]).tolist())
    agreement = {}
    for region, covered in zip(regions, pixel_counts(regions, *size), strict=True):
        number = there.get(region.id, 0)
        common = _common(region, labels) if region.id in differ else number
        share = common / max(covered + number - common, 1)
        if share < 1:
            agreement[region.id] = share
    strange = sorted(there.keys() - {region.id for region in regions})
    some = ", ".join(map(str, strange[:5]))
    troubles = (f"{counted(len(strange), 'number')} of no object: {some}",) if strange else ()
    return Comparison(len(there), agreement, troubles=troubles)


def _with_numbers(
    labels: npt.NDArray[np.integer], wanted: npt.NDArray[np.integer]
) -> npt.NDArray[np.integer]:
    """Labels that count objects anew, with the numbers of those that have pixels; -1 for others."""
    numbers = np.unique(np.append(wanted, 0))
    known = np.minimum(labels, len(numbers) - 1)
    renamed: npt.NDArray[np.integer] = np.where(labels == known, numbers[known], -1)
    return renamed


def _common(region: Region, labels: npt.NDArray[np.integer]) -> int:
    mask, (y0, x0) = region_mask(region, *labels.shape)
    part = labels[y0 : y0 + mask.shape[0], x0 : x0 + mask.shape[1]]
    return int((part[mask] == region.id).sum())


def _shapes(annotations: AnnotationSet, found: Found) -> Comparison:
    shapes = _by_number(annotations.regions, found)
    names = {c.id: c.name for c in annotations.classes}
    size = annotations.height, annotations.width
    agreement, other, rounded = {}, {}, {}
    for region in annotations.regions:
        shape = shapes.get(region.id)
        share = 0.0 if shape is None else _agreement(region, shape, size)
        if share < 1:
            agreement[region.id] = share
        if shape and share < 1 and (off := _off(region, shape)) <= ROUNDING_PX:
            rounded[region.id] = off
        if shape and shape.label and shape.label != names.get(region.class_id, shape.label):
            other[region.id] = shape.label
    extra = len(found.shapes) - sum(region.id in shapes for region in annotations.regions)
    troubles = (f"{counted(extra, 'object')} in it not to be written",) if extra else ()
    return Comparison(len(found.shapes), agreement, rounded, other, troubles)


def _by_number(regions: Sequence[Region], found: Found) -> Mapping[int, Shape]:
    """Shapes that stand in order belong to the regions in their order."""
    if not found.in_order:
        return found.shapes
    numbers = {place: region.id for place, region in enumerate(regions, 1)}
    return {numbers.get(place, -place): shape for place, shape in found.shapes.items()}


def _agreement(region: Region, shape: Shape, size: tuple[int, int]) -> float:
    if shape.mask is not None:
        return _mask_agreement(region, shape.mask, shape.corner, size)
    same = len(shape.rings) == len(region.rings)
    if same and all(map(np.array_equal, shape.rings, region.rings)):
        return 1.0
    return _ring_agreement(region, shape.rings)


def _off(region: Region, shape: Shape) -> float:
    """How far a vertex is from where it was at most, pixels; infinite when there are others."""
    if [len(points) for points in shape.rings] != [len(points) for points in region.rings]:
        return math.inf
    pairs = zip(shape.rings, region.rings, strict=True)
    return max((float(np.abs(a - b).max()) for a, b in pairs), default=math.inf)


def _mask_agreement(
    region: Region, found: Mask, corner: tuple[int, int], size: tuple[int, int]
) -> float:
    """Of pixels; two that have none agree."""
    mask, origin = region_mask(region, *size)
    mine, other = _places(mask, origin, size[1]), _places(found, corner, size[1])
    common = len(np.intersect1d(mine, other, assume_unique=True))
    union = len(mine) + len(other) - common
    return common / union if union else 1.0


def _places(mask: Mask, corner: tuple[int, int], width: int) -> npt.NDArray[np.intp]:
    """The pixels of a part of an image as numbers, counted along its rows."""
    rows, columns = np.nonzero(mask)
    return (corner[0] + rows) * width + corner[1] + columns


def _ring_agreement(region: Region, rings: Sequence[Points]) -> float:
    """Of the areas enclosed, even-odd; what encloses nothing agrees with nothing."""
    import shapely

    one, other = _area_of(region.rings), _area_of(rings)
    common = float(shapely.intersection(one, other).area)
    union = one.area + other.area - common
    return common / union if union else 0.0


def _area_of(rings: Sequence[Points]) -> Any:
    """The rings as one geometry of shapely: where an odd number of them lies around a point."""
    import shapely

    areas = [_valid(shapely.Polygon(ring)) for ring in rings if len(ring) > 2]
    return reduce(shapely.symmetric_difference, areas) if areas else shapely.Polygon()


def _valid(polygon: Any) -> Any:
    import shapely

    return polygon if polygon.is_valid else shapely.make_valid(polygon)
