"""Label image as TIFF: the value of a pixel is the number of its object."""

from dataclasses import replace

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded
from core.formats.label_reading import read_labels
from core.formats.label_types import DEPTH, label_type, type_name
from core.formats.painting import LOST_IN_PIXELS, largest_id, paint_labels
from core.formats.pixel_files import tiff_bytes

_WIDE_NOTE = "ImageJ opens numbers of 32 bits with Bio-Formats only."


def encode(annotations: AnnotationSet, depth: str = DEPTH.usual) -> Encoded:
    """8, 16 or 32 bits a pixel; the pixel size is kept. Raises CannotWrite for too few bits."""
    labels, report = paint_labels(annotations, label_type(largest_id(annotations), depth))
    if labels.dtype == np.int32:
        report = replace(report, notes=(_WIDE_NOTE,))
    return Encoded(tiff_bytes(labels, annotations.pixel_size_um), report)


CODEC = Codec(
    "label-tiff",
    "Label image, TIFF",
    (".tif", ".tiff"),
    keeps_holes=True,
    decode=read_labels,
    encode=encode,
    options=(DEPTH,),
    cannot_carry=LOST_IN_PIXELS,
    pixel_type=type_name,
    tag="_labels",
)
