"""A second reader for each format, which shares nothing with the codec that wrote the file."""

from core.export.readers import by_hand, coco, drawings, imagej, pixels, tables
from core.export.readers.found import Reader
from core.formats import class_masks, yolo_classes

_PIXELS, _SET = "the pixels of each object", "which pixels are set"
_OUTLINES, _WITH_CLASSES = "each outline", "each outline and its class"
_CLASSES = "the names of all classes and their order"
_OBJECTS = "rows; image, number, class, confidence, area, holes and box of each object"
_IMAGES = "rows; number of objects, also by class, density and mean area of each image"

READERS = {
    "json": Reader("Python's json", by_hand.native, _WITH_CLASSES),
    "label-tiff": Reader("tifffile", pixels.tiff, _PIXELS),
    "label-ome-tiff": Reader("tifffile", pixels.tiff, _PIXELS),
    "label-png": Reader("Pillow", pixels.png, _PIXELS),
    "mask-tiff": Reader("tifffile", pixels.tiff, _SET),
    "mask-png": Reader("Pillow", pixels.png, _SET),
    "classes-tiff": Reader("tifffile", pixels.tiff, f"{_SET}, and to which class"),
    "classes-png": Reader("Pillow", pixels.png, f"{_SET}, and to which class"),
    "geojson": Reader("Python's json", by_hand.geojson, _WITH_CLASSES),
    "imagej-roi": Reader("roifile", imagej.rois, _WITH_CLASSES),
    "coco": Reader("pycocotools", coco.coco, _WITH_CLASSES),
    "yolo": Reader("a strict reader of lines", by_hand.yolo, _OUTLINES),
    "labelme": Reader("Python's json and Pillow", by_hand.labelme, _WITH_CLASSES),
    "cellpose": Reader("NumPy", pixels.cellpose, _PIXELS),
    "ome-zarr": Reader("zarr", pixels.zarr_labels, _PIXELS),
    "csv": Reader("Python's csv", tables.comma_separated, _OBJECTS, is_partial=True),
    "csv-images": Reader("Python's csv", tables.comma_separated, _IMAGES, is_partial=True),
    "xlsx": Reader("a reader of sheets", tables.excel, f"{_OBJECTS}; {_IMAGES}", is_partial=True),
    "overlay-svg": Reader(
        "Python's XML", drawings.svg, f"size, number of outlines; {_WITH_CLASSES}"
    ),
    "overlay-png": Reader("Pillow", drawings.png, "size in pixels", is_partial=True),
    "training-set": Reader("Pillow", pixels.training_set, _PIXELS),
    class_masks.NAME: Reader("Python's json", by_hand.class_list, _CLASSES),
    yolo_classes.NAME: Reader("PyYAML", by_hand.class_names, _CLASSES),
}
"""By the name of the codec, or of the file that goes with all of its files."""
