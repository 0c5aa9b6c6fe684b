"""Label image as TIFF: the value of a pixel is the number of its object."""

from dataclasses import replace

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded
from core.formats.label_reading import read_labels
from core.formats.painting import paint_labels
from core.formats.pixel_files import tiff_bytes

_WIDE_NOTE = "Numbers above 65535 need 32 bits, which ImageJ opens with Bio-Formats only."


def encode(annotations: AnnotationSet) -> Encoded:
    """16 bits a pixel, 32 when a number needs them; the pixel size is kept."""
    labels, report = paint_labels(annotations)
    if labels.dtype != np.uint16:
        report = replace(report, notes=(_WIDE_NOTE,))
    return Encoded(tiff_bytes(labels, annotations.pixel_size_um), report)


CODEC = Codec(
    "label-tiff", "Label image, TIFF", (".tif", ".tiff"), True, decode=read_labels, encode=encode
)
