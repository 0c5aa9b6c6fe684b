"""Label image as 16-bit PNG: the value of a pixel is the number of its object."""

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite
from core.formats.base import Codec, Encoded
from core.formats.label_reading import read_labels
from core.formats.label_types import type_name
from core.formats.painting import (
    LARGEST_16_BIT,
    LOST_IN_PIXELS,
    PIXEL_SIZE,
    largest_id,
    paint_labels,
    without_scale,
)
from core.formats.pixel_files import png_bytes


def encode(annotations: AnnotationSet) -> Encoded:
    """16 bits a pixel; raises CannotWrite when a number needs more."""
    pixel_type(largest_id(annotations))
    labels, report = paint_labels(annotations)
    return Encoded(png_bytes(labels), without_scale(report, annotations))


def pixel_type(largest: int) -> str:
    """The type in words for the largest number of an object; raises CannotWrite."""
    if largest > LARGEST_16_BIT:
        raise CannotWrite(
            f"a PNG holds numbers up to {LARGEST_16_BIT} and there is an object {largest}; write a "
            f"label image as TIFF instead"
        )
    return type_name(largest, "16")


CODEC = Codec(
    "label-png",
    "Label image, PNG",
    (".png",),
    keeps_holes=True,
    decode=read_labels,
    encode=encode,
    cannot_carry=(*LOST_IN_PIXELS, PIXEL_SIZE),
    pixel_type=pixel_type,
    tag="_labels",
)
