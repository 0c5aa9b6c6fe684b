"""Binary mask as TIFF: 255 inside objects, 0 outside."""

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded
from core.formats.label_reading import read_mask
from core.formats.painting import LOST_IN_MASKS, LOST_IN_PIXELS, MASK_TYPE, paint_mask
from core.formats.pixel_files import tiff_bytes


def encode(annotations: AnnotationSet) -> Encoded:
    """8 bits a pixel; the pixel size is kept."""
    mask, report = paint_mask(annotations)
    return Encoded(tiff_bytes(mask, annotations.pixel_size_um), report)


CODEC = Codec(
    "mask-tiff",
    "Binary mask, TIFF",
    (".tif", ".tiff"),
    keeps_holes=True,
    decode=read_mask,
    encode=encode,
    cannot_carry=(*LOST_IN_MASKS, *LOST_IN_PIXELS),
    pixel_type=lambda largest: MASK_TYPE,
    tag="_mask",
)
