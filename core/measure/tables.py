"""Tables of measurements: a row for each object, and a row for each image."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from core.annotation.classes import LabelClass
from core.annotation.runs import Floats
from core.measure.measured import Column, Measured, columns_of, unit_of
from core.measure.quantities import IMAGE, Quantity, Unit
from core.tables import Column as Cells
from core.tables import Table

BACKGROUND = Quantity(
    "background",
    "Background",
    "intensity",
    "median of the pixels of the image outside all objects",
    "image",
    "no pixel lies outside all objects",
)


def object_table(
    images: Sequence[Measured],
    classes: Sequence[LabelClass],
    columns: Sequence[Column] | None = None,
    rows: Sequence[np.ndarray] | None = None,
) -> Table:
    """A row for each object, image by image. columns: all that there are unless given; rows: of
    each image the places of the objects that are wanted, in their order.
    """
    unit = unit_of(images)
    chosen = columns_of(images) if columns is None else list(columns)
    places = [np.arange(image.count) for image in images] if rows is None else list(rows)
    names = {c.id: c.name for c in classes}
    pairs = list(zip(images, places, strict=True))

    def joined(read: Callable[[Measured], np.ndarray]) -> np.ndarray:
        parts = [read(image)[place] for image, place in pairs]
        return np.concatenate(parts) if parts else np.zeros(0)

    image_names = [image.name for image, place in pairs for _ in range(len(place))]
    class_ids = joined(lambda image: image.class_ids).tolist()
    numbers = [joined(partial(_scaled, column, unit)) for column in chosen]
    cells = [_cells(c.quantity, n) for c, n in zip(chosen, numbers, strict=True)]
    return Table(
        ("Image", "ID", "Class", "Confidence", *(column.heading(unit) for column in chosen)),
        (
            image_names,
            joined(lambda image: image.ids),
            [names.get(number, str(number)) for number in class_ids],
            joined(lambda image: image.confidence),
            *cells,
        ),
        tuple((c.heading(unit), meaning(c.quantity)) for c in chosen),
    )


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
    for column in columns_of(images):
        headings.append(f"Mean of {column.heading(unit)}")
        columns.append([mean(image.scaled(column, unit)) for image in images])
    notes = tuple((q.heading(unit), meaning(q)) for q in IMAGE)
    return Table(("Image", *headings), ([image.name for image in images], *columns), notes)


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


def meaning(quantity: Quantity) -> str:
    """The formula in words, from what it is computed, and when there is no number."""
    text = f"{quantity.formula}; from: {quantity.source}"
    return f"{text}; empty when {quantity.unknown}" if quantity.unknown else text


def _scaled(column: Column, unit: Unit, image: Measured) -> Floats:
    return image.scaled(column, unit)


def _cells(quantity: Quantity, numbers: Floats) -> Cells:
    """Flags in words, counts as whole numbers."""
    if quantity.dimension == "flag":
        return [None if np.isnan(n) else "yes" if n else "no" for n in numbers.tolist()]
    return numbers
