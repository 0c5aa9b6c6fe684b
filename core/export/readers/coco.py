"""COCO files, read as evaluations read them: with pycocotools."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.export.readers.found import Found, Shape, Size, points


def coco(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The images in the order of the file, their objects in order; a crowd is refused."""
    data = json.loads(path.read_text("utf-8"))
    names = {category["id"]: category["name"] for category in data["categories"]}
    of_image: dict[int, list[dict[str, Any]]] = {image["id"]: [] for image in data["images"]}
    for annotation in data["annotations"]:
        if annotation["iscrowd"]:
            raise ValueError(f"object {annotation['id']} is a crowd, which evaluations ignore")
        of_image[annotation["image_id"]].append(annotation)
    return [_found(image, of_image[image["id"]], names) for image in data["images"]]


def _found(
    image: dict[str, Any], annotations: Sequence[dict[str, Any]], names: dict[int, str]
) -> Found:
    size = image["width"], image["height"]
    shapes = {
        place: _shape(a["segmentation"], size, names[a["category_id"]])
        for place, a in enumerate(annotations, 1)
    }
    return Found(size, shapes, in_order=True)


def _shape(segmentation: Any, size: Size, label: str) -> Shape:
    """A polygon as it stands there; run lengths, or polygons that are united, decoded."""
    if isinstance(segmentation, list) and len(segmentation) == 1:
        return Shape((points(segmentation[0]),), label=label)
    from pycocotools import mask

    runs = segmentation
    if isinstance(segmentation, list):
        runs = mask.merge(mask.frPyObjects(segmentation, size[1], size[0]))
    elif isinstance(segmentation["counts"], list):
        runs = mask.frPyObjects(segmentation, size[1], size[0])
    x, y, width, height = (int(value) for value in mask.toBbox(runs))
    part = mask.decode(runs)[y : y + height, x : x + width]
    return Shape(mask=part.astype(np.bool_), corner=(y, x), label=label)
