"""Colourings: what the colour of an outline tells. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from app.settings.schema import ColourBy
from core.annotation.classes import PALETTE
from core.annotation.region import Region

# Chosen by search: any two differ by 22 in CIEDE2000, and by 11 as red- and green-blind readers
# see them; all keep away from white and from the accent colour.
OBJECTS = (
    *("#ffc4ff", "#00c400", "#0076b1", "#c42700", "#c40076", "#4eebc4"),
    *("#9d76ff", "#9d894e", "#27764e", "#27b1c4", "#eb8989", "#ffc489"),
)
BLOCK_SHIFT = 5  # colours by which each dozen of numbers is shifted further than the one before
# From violet through teal to yellow, lightness 38 to 92 in even steps, for every reader.
RAMP = (
    *("#6445af", "#645bbc", "#6171c4", "#5788c8", "#49a0c2"),
    *("#58b4b5", "#74c798", "#96d77a", "#c6e35a", "#ffea2f"),
)
UNKNOWN = len(RAMP)
GREY = "#a0a0a0"
KINDS = ("human", "model", "import")


@dataclass(frozen=True)
class LegendRow:
    """A line of a legend: the colours of these keys side by side, and what they mean."""

    keys: tuple[int, ...]
    text: str


@dataclass(frozen=True, eq=False)
class Colouring:
    """A paint key for each region, and for each key its colour as #rrggbb; without colours the keys
    are ids of classes, which have colours of their own."""

    by: ColourBy
    title: str
    key: Callable[[Region], int]
    colors: tuple[str, ...] = ()
    legend: tuple[LegendRow, ...] = ()


def object_key(region: Region) -> int:
    """Twelve numbers in a row have twelve colours; the shift grows, so that rows of objects do
    not line up whatever their length."""
    block = region.id // len(OBJECTS)
    return (region.id + BLOCK_SHIFT * (block * (block + 1) // 2)) % len(OBJECTS)


def confidence_key(region: Region) -> int:
    """The tenth that the confidence lies in, UNKNOWN without one."""
    if region.confidence is None:
        return UNKNOWN
    return min(int(len(RAMP) * region.confidence + 1e-9), len(RAMP) - 1)


def origin_key(region: Region) -> int:
    return KINDS.index(region.origin.kind)


def review_key(region: Region) -> int:
    """2 when reviewed, 1 when only edited, else 0."""
    return 2 if region.reviewed else int(region.edited)


def _rows(*texts: str) -> tuple[LegendRow, ...]:
    return tuple(LegendRow((key,), text) for key, text in enumerate(texts))


BY_CLASS = Colouring("class", "Class", attrgetter("class_id"))
COLOURINGS = (
    BY_CLASS,
    Colouring(
        "object",
        "Object",
        object_key,
        OBJECTS,
        (LegendRow(tuple(range(len(OBJECTS))), "neighbours differ"),),
    ),
    Colouring(
        "confidence",
        "Confidence",
        confidence_key,
        (*RAMP, GREY),
        (LegendRow(tuple(range(len(RAMP))), "0 to 1"), LegendRow((UNKNOWN,), "unknown")),
    ),
    Colouring(
        "origin",
        "Origin",
        origin_key,
        (PALETTE[3], PALETTE[0], PALETTE[1]),
        _rows("Drawn", "Model", "Imported"),
    ),
    Colouring(
        "review",
        "Review state",
        review_key,
        (PALETTE[1], PALETTE[0], PALETTE[2]),
        _rows("Not reviewed", "Edited, not reviewed", "Reviewed"),
    ),
)


def named(by: ColourBy) -> Colouring:
    return next(c for c in COLOURINGS if c.by == by)
