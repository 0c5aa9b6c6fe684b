"""Label image as OME-TIFF, with the size of a pixel in micrometres."""

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded
from core.formats.label_reading import read_labels
from core.formats.label_types import DEPTH, label_type, type_name
from core.formats.painting import LOST_IN_PIXELS, largest_id, paint_labels
from core.formats.pixel_files import ome_tiff_bytes


def encode(annotations: AnnotationSet, depth: str = DEPTH.usual) -> Encoded:
    """8, 16 or 32 bits a pixel; raises CannotWrite for too few bits."""
    labels, report = paint_labels(annotations, label_type(largest_id(annotations), depth))
    name = f"Labels of {annotations.image_name}"
    return Encoded(ome_tiff_bytes(labels, annotations.pixel_size_um, name), report)


CODEC = Codec(
    "label-ome-tiff",
    "Label image, OME-TIFF",
    (".ome.tif", ".ome.tiff"),
    keeps_holes=True,
    decode=read_labels,
    encode=encode,
    options=(DEPTH,),
    cannot_carry=LOST_IN_PIXELS,
    pixel_type=type_name,
    tag="_labels",
)
