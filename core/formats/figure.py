"""What a figure shows over an image: outlines in the colours of classes, numbers, a scale bar.

Lengths are pixels of the image; the figure may be larger by a whole factor.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region
from core.annotation.runs import Points
from core.errors import CannotWrite
from core.formats.base import Option, Report
from core.formats.class_places import all_classes
from core.formats.json_text import check_outline
from core.formats.picture import Picture, Rgb8
from core.formats.rendering import shown

MOST_PIXELS = 200_000_000
CANNOT_CARRY = ("objects as programs read them (it is a picture for people)",)
CONTRAST = Option("contrast", "Contrast", (("seen", "As on the screen"), ("auto", "Automatic")))
NUMBERS = Option("numbers", "Numbers of objects", (("no", "Without"), ("yes", "With")))
BAR = Option("bar", "Scale bar", (("yes", "When the pixel size is known"), ("no", "Without")))
SIZE = Option(
    "size",
    "Size",
    (("1", "As large as the image"), ("2", "Twice as large"), ("4", "Four times as large")),
)
OPTIONS = (NUMBERS, BAR, SIZE, CONTRAST)
_BAR_SHARE = 0.25
"""The bar is at most this part of the width of the image."""
_LETTER_WIDTH, _LABEL_HEIGHT = 0.7, 1.4
"""Of a wide font with its dark edge, and of its letters above the bar, as parts of their size."""
_UNITS = ((1e3, "mm"), (1.0, "µm"), (1e-3, "nm"))


@dataclass(frozen=True)
class Bar:
    """A scale bar, by its upper left corner; text: how long it is, in the middle above it."""

    x: float
    y: float
    width: float
    height: float
    text: str
    letters: float


@dataclass(frozen=True, eq=False)
class Figure:
    """pixels: (H, W, 3). scale: by which the figure is larger. colors: #rrggbb of each region.
    places: (n, 2) x, y of the middle of each number, None without numbers."""

    pixels: Rgb8
    scale: int
    regions: tuple[Region, ...]
    colors: tuple[str, ...]
    line: float
    letters: float
    places: Points | None
    bar: Bar | None
    report: Report

    @property
    def enlarged(self) -> Rgb8:
        """The image as large as the figure; its pixels stay squares."""
        larger: Rgb8 = self.pixels.repeat(self.scale, axis=0).repeat(self.scale, axis=1)
        return larger


def figure_of(
    annotations: AnnotationSet,
    picture: Picture | None,
    contrast: str = CONTRAST.usual,
    numbers: str = NUMBERS.usual,
    bar: str = BAR.usual,
    size: str = SIZE.usual,
) -> Figure:
    """What there is to draw; raises CannotWrite, and what reading the image raises."""
    scale, regions = int(size), annotations.regions
    area = annotations.width * annotations.height * scale**2
    if area > MOST_PIXELS:
        raise CannotWrite(
            f"the figure would have {area // 10**6} megapixels and {MOST_PIXELS // 10**6} are the "
            "limit; choose a smaller size, or export a part of the image"
        )
    for region in regions:
        check_outline(region)
    colors = {c.id: c.color for c in all_classes(annotations)}
    short = min(annotations.width, annotations.height)
    letters = max(11 / scale, short / 45)
    has_bar = bar == "yes" and bool(annotations.pixel_size_um)
    return Figure(
        shown(picture, annotations, contrast == "seen"),
        scale,
        regions,
        tuple(colors[region.class_id] for region in regions),
        line=max(1.0, short / 500),
        letters=letters,
        places=places_inside(regions) if numbers == "yes" else None,
        bar=scale_bar(annotations, letters) if has_bar else None,
        report=Report(len(regions), len(regions), CANNOT_CARRY if regions else ()),
    )


def places_inside(regions: Sequence[Region]) -> Points:
    """(n, 2) x, y in each region: its centre, elsewhere where that lies outside, as of a C."""
    import shapely

    from core.annotation.geometry import to_shapely

    if not regions:
        return np.zeros((0, 2))
    shapes = np.array([to_shapely(region.rings) for region in regions])
    middle = shapely.centroid(shapes)
    outside = ~shapely.contains(shapes, middle)
    middle[outside] = shapely.point_on_surface(shapes[outside])
    return np.asarray(shapely.get_coordinates(middle), np.float64)


def scale_bar(annotations: AnnotationSet, letters: float) -> Bar:
    """Of a round length, in the corner with the fewest objects, at best at the lower right.

    letters: their size; smaller where the length would not fit into the image.
    """
    size = annotations.pixel_size_um
    assert size is not None
    width, height = annotations.width, annotations.height
    short = min(width, height)
    length = round_length(width * size * _BAR_SHARE)
    text, edge = length_text(length), short / 30
    long, thick = length / size, min(max(2.0, short / 100), short / 4)
    letters = min(letters, short / 7, (width - 2 * edge) / (_LETTER_WIDTH * len(text)))
    room = max(long, _LETTER_WIDTH * letters * len(text)), thick + _LABEL_HEIGHT * letters
    x, y = _corner(annotations, room, edge)
    return Bar(x + (room[0] - long) / 2, y + room[1] - thick, long, thick, text, letters)


def _corner(
    annotations: AnnotationSet, room: tuple[float, float], edge: float
) -> tuple[float, float]:
    """The upper left corner of a room (width, height) that covers the least of the objects."""
    right, bottom = annotations.width - edge - room[0], annotations.height - edge - room[1]
    corners = [(x, y) for y in (bottom, edge) for x in (right, edge)]
    boxes = np.array([region.bounds for region in annotations.regions]).reshape(-1, 4)

    def covered(corner: tuple[float, float]) -> float:
        ends = np.minimum(boxes[:, 2:], np.add(corner, room))
        return float((ends - np.maximum(boxes[:, :2], corner)).clip(0).prod(axis=1).sum())

    return min(corners, key=covered)


def round_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 ... that is not above `most`."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most * (1 + 1e-9))


def length_text(length_um: float) -> str:
    """With the unit that gives a number from 1 on."""
    for unit, name in _UNITS:
        if length_um >= unit * (1 - 1e-9):
            return f"{length_um / unit:g} {name}"
    return f"{length_um / 1e-3:g} nm"
