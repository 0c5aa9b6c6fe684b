"""Everything measured of one image, and of several together: columns with units.

Numbers are kept in pixels and scaled when they are asked for, so a table has one unit throughout:
µm when the pixel size of all its images is known, else px.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region
from core.annotation.runs import Floats, Ints
from core.image.channel_names import channel_names
from core.image.model import Image
from core.measure.error_bars import area_bars, intensity_bars, spread_of
from core.measure.intensities import Intensities, covered_part, measure_intensities
from core.measure.neighbours import neighbours
from core.measure.prediction import Prediction
from core.measure.quantities import (
    ERROR_BARS,
    INTENSITY,
    INTENSITY_BARS,
    NEIGHBOURS,
    SHAPE,
    Quantity,
    Unit,
)
from core.measure.shapes import Columns, measure_many
from core.progress import Ticket


@dataclass(frozen=True)
class Column:
    """One column of a table: a quantity, and the number (from 1) and name of its channel."""

    quantity: Quantity
    channel: int = 0
    channel_name: str = ""

    @property
    def key(self) -> str:
        """For files and filters, e.g. area, mean_2."""
        return f"{self.quantity.name}_{self.channel}" if self.channel else self.quantity.name

    def heading(self, unit: Unit) -> str:
        return self.quantity.heading(unit, self.channel_name)


@dataclass(frozen=True, eq=False)
class Measured:
    """The objects of one image. values: (n,) by Column, in pixels, for all of `columns`.

    image_id: of the project. class_ids: (n,). covered: part of the image in objects, 0..1.
    backgrounds: of each channel, (name, value).
    """

    name: str
    width: int
    height: int
    pixel_size_um: float | None
    ids: Ints
    class_ids: Ints
    values: dict[Column, Floats]
    covered: float
    backgrounds: tuple[tuple[str, float], ...] = ()
    image_id: int = 0
    confidence: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def count(self) -> int:
        return len(self.ids)

    def scaled(self, column: Column, unit: Unit) -> Floats:
        """(n,) in a unit; NaN for a column that this image does not have."""
        if column not in self.values:
            return np.full(self.count, np.nan)
        size = self.pixel_size_um if unit == "µm" else None
        return self.values[column] * column.quantity.factor(size)


def measure_image(
    annotations: AnnotationSet,
    image: Image | None = None,
    prediction: Prediction | None = None,
    ticket: Ticket | None = None,
    image_id: int = 0,
) -> Measured:
    """All that can be measured; without the image no brightness, without a prediction no error
    bars. Raises Cancelled, and what reading the pixels raises."""
    ticket = ticket or Ticket()
    regions, size = annotations.regions, (annotations.width, annotations.height)
    steps = 3
    ticket.step(0, steps, "measuring shapes")
    shape = measure_many(regions, *size)
    values = _named(SHAPE, shape)
    ticket.step(1, steps, "measuring distances")
    values |= _named(NEIGHBOURS, neighbours(regions, shape))
    ticket.step(2, steps, "measuring brightness")
    found = measure_intensities(regions, image, ticket.quiet()) if image else None
    names = _names_in_columns(image) if image else ()
    if found:
        values |= _of_channels(INTENSITY, found.channels, names)
    if prediction and prediction.foreground.shape == size[::-1]:
        values |= _bars(regions, shape, image, names, prediction)
    covered = found.covered if found else covered_part(regions, *size[::-1])
    ticket.step(steps, steps)
    return Measured(
        annotations.image_name,
        *size,
        annotations.pixel_size_um,
        np.array([region.id for region in regions], np.int64),
        np.array([region.class_id for region in regions], np.int64),
        values,
        covered,
        _backgrounds(names, found),
        image_id,
        np.array([region.confidence for region in regions], np.float64),
    )


def columns_of(images: Sequence[Measured]) -> list[Column]:
    """The columns that some of the images have, in the order of the quantities."""
    order = [*SHAPE, *NEIGHBOURS, *ERROR_BARS, *INTENSITY, *INTENSITY_BARS]
    place = {quantity.name: number for number, quantity in enumerate(order)}
    known = {column for image in images for column in image.values}
    return sorted(known, key=lambda c: (c.channel, place[c.quantity.name], c.channel_name))


def unit_of(images: Sequence[Measured]) -> Unit:
    """µm when the pixel size of all is known, else px."""
    return "µm" if images and all(image.pixel_size_um for image in images) else "px"


def _names_in_columns(image: Image) -> tuple[str, ...]:
    """The only channel of an image needs no name, unless the file has one."""
    if image.channels == 1 and not any(channel.name for channel in image.channel_info):
        return ("",)
    return channel_names(image)


def _named(quantities: Sequence[Quantity], columns: Columns) -> dict[Column, Floats]:
    return {Column(quantity): columns[quantity.name] for quantity in quantities}


def _of_channels(
    quantities: Sequence[Quantity], channels: Sequence[Columns], names: Sequence[str]
) -> dict[Column, Floats]:
    return {
        Column(quantity, number, name): columns[quantity.name]
        for number, (columns, name) in enumerate(zip(channels, names, strict=True), 1)
        for quantity in quantities
    }


def _bars(
    regions: Sequence[Region],
    shape: Columns,
    image: Image | None,
    names: Sequence[str],
    prediction: Prediction,
) -> dict[Column, Floats]:
    spread = spread_of(regions, prediction.foreground, prediction.threshold)
    bars = _named(ERROR_BARS, area_bars(shape["area"], spread))
    if image:
        planes = (np.asarray(image.pixels[..., number]) for number in range(image.channels))
        channels = [intensity_bars(plane, spread) for plane in planes]
        bars |= _of_channels(INTENSITY_BARS, channels, names)
    return bars


def _backgrounds(names: Sequence[str], found: Intensities | None) -> tuple[tuple[str, float], ...]:
    return tuple(zip(names, found.backgrounds, strict=True)) if found else ()
