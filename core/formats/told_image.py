"""The image that a file is for: as we write it where a format has room, and as it is read."""

import math
from typing import Any

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.errors import FormatError
from core.formats.base import check_size
from core.formats.native_schema import JsonImage

RUN, FOREIGN_KEYS = "the model run", "keys of other programs"
"""What some formats have no place for."""
_PLACE = ("t", "z", "scene")


def tell_image(annotations: AnnotationSet) -> JsonImage:
    """Name, size and scale of the image, as they go into a file."""
    return JsonImage(
        name=annotations.image_name,
        width=annotations.width,
        height=annotations.height,
        content_hash=annotations.content_hash,
        pixel_size_um=annotations.pixel_size_um,
        t=annotations.t,
        z=annotations.z,
        scene=annotations.scene,
    )


def image_json(annotations: AnnotationSet) -> dict[str, Any]:
    """The same as a table; without its place in the file where that is the first one."""
    told = msgspec.structs.asdict(tell_image(annotations))
    return {key: value for key, value in told.items() if key not in _PLACE or value}


def image_facts(told: JsonImage | None, image: AnnotationSet | None) -> dict[str, Any]:
    """Arguments for an AnnotationSet: what is known about the image, else what the file told.

    Raises FormatError when the two disagree, or neither says how large the image is.
    """
    if told and min(told.width, told.height) < 1:
        raise FormatError(f"it is for an image of {told.width} x {told.height} pixels")
    if image:
        if told:
            check_size(image, told.width, told.height)
        names = ("image_name", "width", "height", "pixel_size_um", "content_hash", *_PLACE)
        return {name: getattr(image, name) for name in names}
    if told is None:
        raise FormatError("it does not say how large its image is; open the image first")
    facts = msgspec.structs.asdict(told)
    return {"image_name": facts.pop("name"), **facts, "pixel_size_um": _pixel_size(told)}


def image_notes(told: JsonImage | None, image: AnnotationSet | None) -> list[str]:
    """What a person should know about the image that the file was made for."""
    notes = []
    if told and told.pixel_size_um is not None and _pixel_size(told) is None:
        notes.append(f"The pixel size {told.pixel_size_um} was left out.")
    if image and told and told.content_hash and image.content_hash not in ("", told.content_hash):
        notes.append("The outlines were made on another version of this image.")
    return notes


def _pixel_size(told: JsonImage) -> float | None:
    size = told.pixel_size_um
    return size if size is not None and math.isfinite(size) and size > 0 else None
