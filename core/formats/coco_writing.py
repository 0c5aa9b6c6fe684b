"""Images, categories and objects as COCO has them."""

from collections.abc import Iterable
from typing import Any

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import region_mask
from core.annotation.region import Region
from core.formats.base import Option
from core.formats.class_places import all_classes
from core.formats.coco_rle import compressed, counts_of
from core.formats.coco_schema import Annotation
from core.formats.foreign_keys import split
from core.formats.json_text import check_finite, check_outline, encode_finite
from core.formats.native_schema import names
from core.formats.own_data import KEY, own_image, own_object
from core.formats.pixel_counts import pixel_counts

_KNOWN = names(Annotation)
HEAD: dict[str, object] = {"info": {"description": "Cellscribe"}, "licenses": []}
"""What is the same in each of our files."""
FINE_IN_RUNS = "outlines finer than a pixel, of objects that are run lengths"
"""What other programs do not see; our key has it."""
SHAPES = Option(
    "shapes",
    "Outlines",
    (("polygons", "Polygons; run lengths for objects with holes"), ("runs", "Run lengths for all")),
)


class Categories:
    """The classes of several images as categories, numbered by the id of the class plus one.

    A class that has the name of one of another image is the same category.
    """

    def __init__(self) -> None:
        self._rows: dict[int, LabelClass] = {}

    def numbers(self, annotations: AnnotationSet) -> dict[int, int]:
        """The category of each class of an image, by the id of the class."""
        numbers: dict[int, int] = {}
        for c in all_classes(annotations):
            numbers[c.id] = self._number(c, numbers.values())
        return numbers

    def as_json(self) -> list[dict[str, Any]]:
        """The categories as they stand in the file."""
        return [
            {"id": n, "name": c.name, "supercategory": "", KEY: {"id": c.id, "color": c.color}}
            for n, c in sorted(self._rows.items())
        ]

    def _number(self, label_class: LabelClass, taken: Iterable[int]) -> int:
        same = [
            number
            for number, known in self._rows.items()
            if known.name == label_class.name and number not in taken
        ]
        wished = label_class.id + 1
        if same:
            return wished if wished in same else same[0]
        number = max(self._rows) + 1 if wished in self._rows else wished
        self._rows[number] = label_class
        return number


def image_json(number: int, annotations: AnnotationSet) -> dict[str, Any]:
    """The image as it stands in the file."""
    own = own_image(annotations)
    own.classes = []  # they are categories
    return {
        "id": number,
        "file_name": annotations.image_name,
        "width": annotations.width,
        "height": annotations.height,
        KEY: own,
    }


def object_lines(
    annotations: AnnotationSet, image: int, categories: dict[int, int], first: int, shapes: str
) -> tuple[list[bytes], int]:
    """The objects of image number `image` as JSON, with the numbers of the regions plus `first`.

    shapes: a value of SHAPES. Second: how many of them cover the centre of no pixel. Raises
    CannotWrite that names the object with a number that is not finite.
    """
    for region in annotations.regions:
        check_outline(region)
    size = annotations.height, annotations.width
    counts = pixel_counts(annotations.regions, *size)
    lines = []
    for region, count in zip(annotations.regions, counts, strict=True):
        category = categories[region.class_id]
        head = {"id": first + region.id, "image_id": image, "category_id": category}
        members = _members(region, size, count, bool(region.holes) or shapes == "runs")
        lines.append(encode_finite(head | members, f"object {region.id}"))
    return lines, counts.count(0)


def _members(region: Region, size: tuple[int, int], count: int, in_runs: bool) -> dict[str, Any]:
    attributes, foreign = split(region.attributes, _KNOWN)
    threshold = region.origin.threshold
    check_finite((region.confidence, threshold, attributes, foreign), f"object {region.id}")
    x0, y0, x1, y1 = region.bounds
    members: dict[str, Any] = {
        "segmentation": _runs(region, *size) if in_runs else [region.shell.ravel().tolist()],
        "area": count,
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "iscrowd": 0,
    }
    if region.confidence is not None:
        members["score"] = region.confidence
    own = own_object(region, attributes, () if in_runs else (region.shell,))
    return members | foreign | {KEY: own}


def _runs(region: Region, height: int, width: int) -> dict[str, Any]:
    """Polygons would be united, holes with them, hence run lengths."""
    mask, (y0, x0) = region_mask(region, height, width)
    counts = counts_of(mask, y0, x0, height, width)
    return {"size": [height, width], "counts": compressed(counts)}
