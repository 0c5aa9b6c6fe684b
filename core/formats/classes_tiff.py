"""Mask of classes as TIFF: the value of a pixel is the number of a class in classes.json."""

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Companion, Encoded
from core.formats.class_masks import (
    CANNOT_CARRY,
    NAME,
    PIXEL_TYPE,
    class_table,
    paint_classes,
    read_classes,
)
from core.formats.pixel_files import tiff_bytes


def encode(annotations: AnnotationSet) -> Encoded:
    """8 bits a pixel; the pixel size is kept. Raises CannotWrite for too many classes."""
    mask, report = paint_classes(annotations)
    return Encoded(tiff_bytes(mask, annotations.pixel_size_um), report)


CODEC = Codec(
    "classes-tiff",
    "Mask of classes, TIFF",
    (".tif", ".tiff"),
    keeps_holes=True,
    decode=read_classes,
    encode=encode,
    companions=(Companion(NAME, class_table),),
    cannot_carry=CANNOT_CARRY,
    pixel_type=lambda largest: PIXEL_TYPE,
    tag="_classes",
)
