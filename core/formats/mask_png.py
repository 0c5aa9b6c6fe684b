"""Binary mask as PNG: 255 inside objects, 0 outside."""

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded
from core.formats.label_reading import read_mask
from core.formats.painting import (
    LOST_IN_MASKS,
    LOST_IN_PIXELS,
    MASK_TYPE,
    PIXEL_SIZE,
    paint_mask,
    without_scale,
)
from core.formats.pixel_files import png_bytes


def encode(annotations: AnnotationSet) -> Encoded:
    """8 bits a pixel."""
    mask, report = paint_mask(annotations)
    return Encoded(png_bytes(mask), without_scale(report, annotations))


CODEC = Codec(
    "mask-png",
    "Binary mask, PNG",
    (".png",),
    keeps_holes=True,
    decode=read_mask,
    encode=encode,
    cannot_carry=(*LOST_IN_MASKS, *LOST_IN_PIXELS, PIXEL_SIZE),
    pixel_type=lambda largest: MASK_TYPE,
    tag="_mask",
)
