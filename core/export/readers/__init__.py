"""A second reader for each format, which shares nothing with the codec that wrote the file."""

from core.export.readers import by_hand, coco, imagej, pixels
from core.export.readers.found import Reader

_TIFF, _PNG = Reader("tifffile", pixels.tiff), Reader("Pillow", pixels.png)

READERS = {
    "json": Reader("Python's json", by_hand.native),
    "label-tiff": _TIFF,
    "label-png": _PNG,
    "mask-tiff": _TIFF,
    "mask-png": _PNG,
    "geojson": Reader("Python's json", by_hand.geojson),
    "imagej-roi": Reader("roifile", imagej.rois),
    "coco": Reader("pycocotools", coco.coco),
    "yolo": Reader("a strict reader of lines", by_hand.yolo),
    "labelme": Reader("Python's json and Pillow", by_hand.labelme),
    "cellpose": Reader("NumPy", pixels.cellpose),
    "ome-tiff": _TIFF,
    "ome-zarr": Reader("zarr", pixels.zarr_labels),
    "csv": Reader("Python's csv", by_hand.table),
}
"""By the name of the codec."""
