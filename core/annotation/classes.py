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


def next_class(classes: tuple[LabelClass, ...], name: str) -> LabelClass:
    """A new class called `name`, with a free id and the next colour of the palette."""
    number = max((c.id for c in classes), default=-1) + 1
    return LabelClass(number, name, PALETTE[number % len(PALETTE)])
