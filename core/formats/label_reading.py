"""Regions out of label images and masks, along the pixel edges."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import DEFAULT_CLASSES
from core.annotation.raster import regions_from_labels
from core.annotation.region import Origin, Region, ring_area
from core.annotation.tracing import Outline
from core.errors import FormatError
from core.formats.base import Problem, Reading, Report, check_size
from core.formats.limits import LARGEST_LABEL
from core.image.model import Image
from core.image.read import read_image

_MASK_NOTE = "A mask does not tell objects apart that touch by an edge: each connected area is one."


def read_labels(path: Path, image: AnnotationSet | None = None) -> Reading:
    """Each value above 0 as the object of that number; a mask of 0 and 255 as `read_mask` does.

    Parts of an object that do not touch become objects of their own. Raises FormatError, or what
    `read_image` raises.
    """
    picture, labels = read_plane(path, image)
    if labels.dtype == np.uint8 and np.isin(labels, (0, 255)).all():
        return _mask_reading(picture, labels, image)
    outlines = regions_from_labels(labels)
    refuse_scattered(outlines)
    regions, problems = numbered(outlines, _maker(picture, image))
    report = Report(len(outlines), len(regions), (), tuple(problems), picture.notes)
    return Reading(annotations_for(picture, image, regions), report)


def refuse_scattered(outlines: Sequence[Outline]) -> None:
    """Raise FormatError where values lie about in many parts, as grey values do."""
    values = len({outline.label for outline in outlines})
    if len(outlines) > 5 * values + 50:
        raise FormatError(
            f"its {values} values lie in {len(outlines)} scattered parts, as the grey values of a "
            "picture do; choose a label image"
        )


def read_mask(path: Path, image: AnnotationSet | None = None) -> Reading:
    """Each connected area above 0 as an object, areas that touch by a corner only as two.

    Raises FormatError, also when there is more than one value above 0, or what `read_image` raises.
    """
    picture, mask = read_plane(path, image)
    values = np.unique(mask[mask > 0])
    if len(values) > 1:
        raise FormatError(
            f"a mask has one value inside and this has {len(values)}; read it as a label image"
        )
    return _mask_reading(picture, mask, image)


def _mask_reading(
    picture: Image, mask: npt.NDArray[np.integer], image: AnnotationSet | None
) -> Reading:
    outlines = regions_from_labels(mask > 0)
    make = _maker(picture, image)
    regions = tuple(make(outline, number) for number, outline in enumerate(outlines, 1))
    notes = (*picture.notes, _MASK_NOTE)
    report = Report(len(regions), len(regions), notes=notes)
    return Reading(annotations_for(picture, image, regions), report)


def read_plane(path: Path, image: AnnotationSet | None) -> tuple[Image, npt.NDArray[np.integer]]:
    """The picture and its one channel (H, W); raises FormatError for what is no label image."""
    picture = read_image(path)
    if image and image.content_hash == picture.content_hash:
        raise FormatError("it is the image itself; choose the label image that belongs to it")
    if picture.channels != 1:
        raise FormatError(
            f"it has {picture.channels} channels, colours perhaps, and a label image has one; "
            f"choose the label image, not a picture of it"
        )
    labels = picture.pixels[..., 0]
    if labels.dtype.kind not in "iub":
        raise FormatError(f"its values are {labels.dtype}, and numbers of objects are integers")
    check_size(image, picture.width, picture.height)
    if labels.min() < 0 or labels.max() > LARGEST_LABEL:
        raise FormatError(
            f"its values go from {labels.min()} to {labels.max()}, and numbers of objects go from "
            f"0 to {LARGEST_LABEL}"
        )
    return picture, labels


def annotations_for(
    picture: Image, image: AnnotationSet | None, regions: Iterable[Region]
) -> AnnotationSet:
    """For `image` when it is known, else for an image of the size of the picture."""
    known = image or AnnotationSet(picture.name, picture.width, picture.height)
    scale = picture.pixel_size_um if known.pixel_size_um is None else known.pixel_size_um
    classes = image.classes if image else DEFAULT_CLASSES
    return replace(
        known, regions=tuple(regions), classes=classes, pixel_size_um=scale, run=None, extra={}
    )


def _maker(picture: Image, image: AnnotationSet | None) -> Callable[[Outline, int], Region]:
    """Makes regions that say which file they are from, of the first class."""
    origin = Origin("import", source=picture.name)
    usual = (image.classes if image else DEFAULT_CLASSES)[0].id

    def make(outline: Outline, number: int) -> Region:
        return Region(number, outline.shell, outline.holes, class_id=usual, origin=origin)

    return make


def numbered(
    outlines: Sequence[Outline], make: Callable[[Outline, int], Region]
) -> tuple[tuple[Region, ...], list[Problem]]:
    """Regions by number; of an object in parts the largest keeps it, the others get free ones."""
    whole: dict[int, Outline] = {}
    rest: list[Outline] = []
    for outline in sorted(outlines, key=_area, reverse=True):
        if whole.setdefault(outline.label, outline) is not outline:
            rest.append(outline)
    numbers = dict(enumerate(rest, max(whole, default=0) + 1))
    problems = [
        Problem(str(part.label), f"a part that does not touch the rest is now object {number}")
        for number, part in numbers.items()
    ]
    return tuple(make(o, number) for number, o in sorted((whole | numbers).items())), problems


def _area(outline: Outline) -> float:
    return ring_area(outline.shell) - sum(map(ring_area, outline.holes))
