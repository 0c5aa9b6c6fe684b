"""A second reader for each format, which shares nothing with the codec that wrote the file."""

from core.export.readers import by_hand, coco, drawings, imagej, pixels, tables
from core.export.readers.found import Reader

_TIFF, _PNG = Reader("tifffile", pixels.tiff), Reader("Pillow", pixels.png)
_CSV = Reader("Python's csv", tables.comma_separated)

READERS = {
    "json": Reader("Python's json", by_hand.native),
    "label-tiff": _TIFF,
    "label-ome-tiff": _TIFF,
    "label-png": _PNG,
    "mask-tiff": _TIFF,
    "mask-png": _PNG,
    "classes-tiff": _TIFF,
    "classes-png": _PNG,
    "geojson": Reader("Python's json", by_hand.geojson),
    "imagej-roi": Reader("roifile", imagej.rois),
    "coco": Reader("pycocotools", coco.coco),
    "yolo": Reader("a strict reader of lines", by_hand.yolo),
    "labelme": Reader("Python's json and Pillow", by_hand.labelme),
    "cellpose": Reader("NumPy", pixels.cellpose),
    "ome-zarr": Reader("zarr", pixels.zarr_labels),
    "csv": _CSV,
    "csv-images": _CSV,
    "xlsx": Reader("a reader of sheets", tables.excel),
    "overlay-svg": Reader("Python's XML", drawings.svg),
    "training-set": Reader("Pillow", pixels.training_set),
}
"""By the name of the codec; a picture for people, which holds no objects, has none."""
