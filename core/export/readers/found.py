"""What a reader finds in a file, whatever the format: shapes, or an image of numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.float64]
Size: TypeAlias = tuple[int, int]
"""Width and height."""
Grid: TypeAlias = Sequence[Sequence[str]]
"""The rows of a table; an empty cell is an empty text."""


@dataclass(frozen=True, eq=False)
class Shape:
    """An object: rings (n, 2) of x, y that are even-odd, or a mask (h, w) that begins at `corner`.

    corner: row and column. label: the name of its class, "" when the file does not say.
    """

    rings: tuple[Points, ...] = ()
    mask: npt.NDArray[np.bool_] | None = None
    corner: tuple[int, int] = (0, 0)
    label: str = ""


@dataclass(frozen=True, eq=False)
class Found:
    """What is in a file of one image, or in a table of all.

    size: as the file says it, None when it does not. shapes: by number of the object, or by its
    place from 1 on when `in_order`. pixels: (H, W) of a label image or a mask; objects are counted
    anew in it when `in_order`. grids: the cells of each table, headings first. classes: names in
    their places.
    """

    size: Size | None = None
    shapes: Mapping[int, Shape] = field(default_factory=dict)
    in_order: bool = False
    pixels: npt.NDArray[Any] | None = None
    grids: tuple[Grid, ...] = ()
    classes: tuple[str, ...] = ()


Read: TypeAlias = Callable[[Path, Sequence[Size]], Sequence[Found]]
"""Takes the sizes of the images that the file is of, for formats that have fractions of them."""


@dataclass(frozen=True)
class Reader:
    """A way to read a format that shares nothing with the codec that wrote it.

    name: for people. compares: what of the file is compared with the project. is_partial: there is
    more in the file, which is not compared.
    """

    name: str
    read: Read
    compares: str
    is_partial: bool = False


def points(pairs: Any) -> Points:
    """(n, 2) of x, y without a repeated last point."""
    array = np.array(pairs, np.float64).reshape(-1, 2)
    return array[:-1] if len(array) > 1 and (array[0] == array[-1]).all() else array
