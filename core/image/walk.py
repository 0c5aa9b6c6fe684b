"""Axes of a stack that are neither pixels nor channels: which of them a person walks along."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.image.source import Plane


@dataclass(frozen=True)
class Walk:
    """time, depth: the axes of time points and focal planes, "" for none.

    fixed: axes of which only the first place is shown.
    """

    time: str = ""
    depth: str = ""
    fixed: tuple[str, ...] = ()

    def place(self, plane: Plane) -> dict[str, int]:
        """Where a plane lies along the axes that are walked, counted from 0."""
        place = {self.time: plane.t, self.depth: plane.z}
        return {axis: number for axis, number in place.items() if axis}

    def notes(self, sizes: Mapping[str, int]) -> tuple[str, ...]:
        """What a person should know of axes that are not walked, or count as others."""
        counted = {self.time: "time points", self.depth: "focal planes"}
        return (
            *(
                f"The {sizes[axis]} planes along the axis {axis} count as {what}."
                for axis, what in counted.items()
                if axis not in ("", "T", "Z")
            ),
            *(
                f"Only the first of {sizes[axis]} planes along the axis {axis} is shown."
                for axis in self.fixed
            ),
        )


def walk_of(sizes: Mapping[str, int]) -> Walk:
    """Axes T and Z by their names; others, as far as they are longer than 1, stand for focus or
    else for time where those are missing."""
    time, depth, fixed = "T" if "T" in sizes else "", "Z" if "Z" in sizes else "", []
    for axis in (a for a in sizes if a not in ("T", "Z") and sizes[a] > 1):
        if not depth:
            depth = axis
        elif not time:
            time = axis
        else:
            fixed.append(axis)
    return Walk(time, depth, tuple(fixed))
