"""Mask of classes as PNG: the value of a pixel is the number of a class in classes.json."""

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
from core.formats.painting import PIXEL_SIZE, without_scale
from core.formats.pixel_files import png_bytes


def encode(annotations: AnnotationSet) -> Encoded:
    """8 bits a pixel; raises CannotWrite for too many classes."""
    mask, report = paint_classes(annotations)
    return Encoded(png_bytes(mask), without_scale(report, annotations))


CODEC = Codec(
    "classes-png",
    "Mask of classes, PNG",
    (".png",),
    keeps_holes=True,
    decode=read_classes,
    encode=encode,
    companions=(Companion(NAME, class_table),),
    cannot_carry=(*CANNOT_CARRY, PIXEL_SIZE),
    pixel_type=lambda largest: PIXEL_TYPE,
    tag="_classes",
)
