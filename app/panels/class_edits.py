"""Functions that build the delta of a change of the classes."""

from dataclasses import replace

from core.annotation.classes import LabelClass, next_class
from core.project.delta import Delta

MOST_LETTERS = 60


def add(classes: tuple[LabelClass, ...], name: str, next_id: int = 0) -> Delta:
    """A new class with the next colour; a name that is taken gets a number.

    next_id: the lowest id that no class ever had, `ClassTable.next_id`.
    """
    new = next_class(classes, _free_name(classes, name), next_id)
    return Delta(f"Add class {new.name}", classes_after={new.id: new})


def rename(classes: tuple[LabelClass, ...], old: LabelClass, name: str) -> Delta | None:
    """None when nothing would change or the name is empty."""
    wanted = name.strip()[:MOST_LETTERS]
    if not wanted or wanted == old.name:
        return None
    others = tuple(c for c in classes if c.id != old.id)
    new = replace(old, name=_free_name(others, wanted))
    return Delta(f"Rename class {old.name}", {}, {}, {old.id: old}, {new.id: new})


def recolour(old: LabelClass, colour: str) -> Delta | None:
    """None when it has that colour already; colour: #rrggbb."""
    if colour.lower() == old.color.lower():
        return None
    new = replace(old, color=colour)
    return Delta(f"Recolour class {old.name}", {}, {}, {old.id: old}, {new.id: new})


def _free_name(classes: tuple[LabelClass, ...], name: str) -> str:
    taken = {c.name.casefold() for c in classes}
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name} {number}", number + 1
    return candidate
