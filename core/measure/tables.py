"""Tables of measurements: a row for each object, and a row for each image."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.annotation.classes import LabelClass
from core.annotation.runs import Floats
from core.measure.measured import Column, Measured, columns_of, unit_of
from core.measure.quantities import IMAGE, Quantity, Unit, meaning
from core.measure.sheet import Sheet
from core.tables import Table

PLACES = frozenset({"centroid_x", "centroid_y", "left", "top"})
BACKGROUND = Quantity(
    "background",
    "Background",
    "intensity",
    "median of the pixels of the image outside all objects",
    "image",
    "no pixel lies outside all objects",
)


def object_table(images: Sequence[Measured], classes: Sequence[LabelClass]) -> Table:
    """A row for each object, image by image, with all that was measured."""
    return Sheet(tuple(images), tuple(classes)).table()


def image_table(images: Sequence[Measured], classes: Sequence[LabelClass]) -> Table:
    """A row for each image: counts, density, confluence, counts of classes, means of columns.

    Means leave out objects without a number; the areas of objects cut by the border count.
    """
    unit = unit_of(images)
    numbers = [image_numbers(image, unit) for image in images]
    headings = [quantity.heading(unit) for quantity in IMAGE]
    columns: list[Any] = [[row[q.name] for row in numbers] for q in IMAGE]
    for each in classes:
        headings.append(f"Objects of class {each.name}")
        columns.append([int((image.class_ids == each.id).sum()) for image in images])
    for name in dict.fromkeys(name for image in images for name, _ in image.backgrounds):
        headings.append(BACKGROUND.heading(unit, name))
        columns.append([dict(image.backgrounds).get(name, np.nan) for image in images])
    for column in filter(_has_mean, columns_of(images)):
        headings.append(f"Mean of {column.heading(unit)}")
        columns.append([mean(image.scaled(column, unit)) for image in images])
    notes = tuple((q.heading(unit), meaning(q)) for q in IMAGE)
    return Table(("Image", *headings), ([image.name for image in images], *columns), notes)


def _has_mean(column: Column) -> bool:
    """The mean of directions, places or answers says nothing about an image."""
    quantity = column.quantity
    return quantity.dimension not in ("angle", "flag") and quantity.name not in PLACES


def image_numbers(image: Measured, unit: Unit) -> dict[str, float]:
    """The quantities of IMAGE."""
    size = image.pixel_size_um if unit == "µm" else None
    pixels = image.width * image.height
    raw = {
        "count": float(image.count),
        "density": image.count / pixels if pixels else np.nan,
        "confluence": 100 * image.covered,
    }
    return {quantity.name: raw[quantity.name] * quantity.factor(size) for quantity in IMAGE}


def mean(values: Floats) -> float:
    """Of the numbers there are; NaN without any."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
