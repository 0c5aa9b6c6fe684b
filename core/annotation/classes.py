"""The classes that regions may have."""

from dataclasses import dataclass

# Okabe and Ito (2008): eight colours that stay apart for colour-blind readers; black left out.
PALETTE = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00", "#0072b2")


@dataclass(frozen=True)
class LabelClass:
    """A class with a stable id, a name and a colour as #rrggbb."""

    id: int
    name: str
    color: str


DEFAULT_CLASSES = (LabelClass(0, "Cell", PALETTE[0]),)


def next_class(classes: tuple[LabelClass, ...], name: str, next_id: int = 0) -> LabelClass:
    """A new class called `name`, with a free id and the next colour of the palette.

    next_id: ids below it were in use once and do not come back.
    """
    number = max(next_id, *(c.id + 1 for c in classes), 0)
    return LabelClass(number, name, PALETTE[number % len(PALETTE)])
