"""File formats for annotations, one module each; CODECS is the list of them."""

from pathlib import Path

from core.errors import FormatError
from core.formats import (
    cellpose_npy,
    classes_png,
    classes_tiff,
    coco,
    geojson,
    imagej_roi,
    label_ome_tiff,
    label_png,
    label_tiff,
    labelme,
    mask_png,
    mask_tiff,
    native_json,
    ome_zarr,
    overlay_png,
    overlay_svg,
    tables,
    training_set,
    yolo_seg,
)
from core.formats.base import Codec

CODECS: tuple[Codec, ...] = (
    native_json.CODEC,
    label_tiff.CODEC,
    label_ome_tiff.CODEC,
    label_png.CODEC,
    mask_tiff.CODEC,
    mask_png.CODEC,
    classes_tiff.CODEC,
    classes_png.CODEC,
    geojson.CODEC,
    imagej_roi.CODEC,
    coco.CODEC,
    yolo_seg.CODEC,
    labelme.CODEC,
    cellpose_npy.CODEC,
    ome_zarr.CODEC,
    tables.CSV_OF_OBJECTS,
    tables.CSV_OF_IMAGES,
    tables.EXCEL,
    overlay_png.CODEC,
    overlay_svg.CODEC,
    training_set.CODEC,
)


def codec_named(name: str) -> Codec:
    """The codec with this name; raises FormatError that lists the names."""
    for codec in CODECS:
        if codec.name == name:
            return codec
    raise FormatError(f"There is no format '{name}', only {', '.join(c.name for c in CODECS)}.")


def readers_of(path: Path) -> tuple[Codec, ...]:
    """The codecs that read files with the suffix of `path`, the likeliest first.

    The likeliest is the one whose own files are called like it: a_coco.json, a_mask.png.
    """
    name = path.name.lower()
    found = [c for c in CODECS if c.can_read and name.endswith(c.suffixes)]
    return tuple(sorted(found, key=lambda codec: -_likeness(codec, name)))


def _likeness(codec: Codec, name: str) -> int:
    """How much of the end of the name is that of the files of the codec."""
    tagged = (codec.tag.lower() + suffix for suffix in codec.suffixes)
    return max((len(end) for end in tagged if codec.tag and name.endswith(end)), default=0)
