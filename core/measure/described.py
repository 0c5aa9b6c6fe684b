"""The page about measurements, made from the records of the quantities."""

from collections.abc import Sequence

from core.measure.error_bars import REACH, STEP
from core.measure.intensities import GRID
from core.measure.neighbours import NEARBY, TOUCH
from core.measure.quantities import (
    ELLIPSE,
    ERROR_BARS,
    HULL,
    IMAGE,
    INTENSITY,
    INTENSITY_BARS,
    NEIGHBOURS,
    OUTLINE,
    Quantity,
)

_SECTIONS: tuple[tuple[str, Sequence[Quantity]], ...] = (
    ("Of the outline", OUTLINE),
    ("Of the ellipse", ELLIPSE),
    ("Of the convex hull", HULL),
    ("Among neighbours", NEIGHBOURS),
    ("Of each channel", INTENSITY),
    ("Error bars", (*ERROR_BARS, *INTENSITY_BARS)),
    ("Of an image", IMAGE),
)
_INTRODUCTION = f"""# Measurements

This page is written by `python -m core.measure.described`; a test holds it to the code.

Coordinates are x right, y down, from the top left corner of the image; angles are counterclockwise
as seen. Numbers come from the outline with all its decimals, those of brightness from the pixels
whose centre is inside, holes left out. Lengths are multiplied by the size of a pixel, areas by its
square, when that is known; ratios and brightness never. A table has one unit throughout: µm when
the pixel size of all its images is known, else px; the heading says which.

A number that does not exist is an empty cell, with the reason below; nothing is clamped to a range.

Outlines of label images run along pixel edges, as stairs that are 4/π times as long as the circle
they stand for. For the perimeter, and what is computed with it, stairs are averaged over five
corners of pixels, twice, and the outline is enlarged until it encloses the area of its pixels.
Discs of a radius from 5 to 300 px get a circularity of 0.99 to 1.00, and from 10 px on a perimeter
within 1 % of 2πr. A corner between straight runs of three pixels or more stays, so an upright
square keeps 4 times its side; corners of a rotated one are rounded, which takes up to 8 % when a
side is 20 px, and of branches that are one pixel wide little is left. Outlines that a network
found or a person drew are measured as they are.

Touching means at most {TOUCH} px apart, nearby at most {NEARBY:g} median equivalent diameters from
centre to centre. The background of a channel is the median of all pixels outside all objects (of
an image of more than {GRID / 1e6:.0f} million pixels, of each n-th row and column). Error bars hold
for a threshold that is {STEP} higher or lower; pixels more than {REACH:g} px from all objects
belong to none of them.
"""


def page() -> str:
    """Markdown."""
    return "\n".join((_INTRODUCTION, *(_section(*section) for section in _SECTIONS)))


def _section(title: str, quantities: Sequence[Quantity]) -> str:
    head = "| name in files | heading | unit | formula | from | empty when |\n" + "|---" * 6 + "|"
    return "\n".join((f"## {title}\n", head, *map(_row, quantities), ""))


def _row(quantity: Quantity) -> str:
    units = dict.fromkeys(filter(None, map(quantity.unit, ("px", "µm"))))
    plain = "of the file" if quantity.dimension == "intensity" else "–"
    cells = (
        f"`{quantity.name}`",
        quantity.title,
        " or ".join(units) or plain,
        quantity.formula,
        quantity.source,
        quantity.unknown or "never",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(page(), end="")
