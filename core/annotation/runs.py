"""Arithmetic on arrays that hold several runs one after the other, given the length of each."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Points: TypeAlias = npt.NDArray[np.float64]
"""(n, 2) of x, y."""


def firsts(lengths: Ints) -> Ints:
    """Index of the first element of each run."""
    return np.cumsum(lengths) - lengths


def positions(lengths: Ints) -> Ints:
    """0, 1, ... within each run, for all elements."""
    return np.arange(lengths.sum()) - np.repeat(firsts(lengths), lengths)


def pieces(points: Points, lengths: Ints) -> list[Points]:
    """Read-only views of the runs of `points`."""
    points.setflags(write=False)
    ends = np.cumsum(lengths).tolist()
    return [points[end - size : end] for size, end in zip(lengths.tolist(), ends, strict=True)]


def from_first(points: Points, lengths: Ints) -> Points:
    """Each point relative to the first one of its run, where products keep their digits."""
    return points - np.repeat(points[firsts(lengths)], lengths, axis=0)


def swept(a: Points, b: Points, lengths: Ints) -> Floats:
    """Half the sum of the cross products of each a[k] with b[k + 1] within each run.

    With a = b = `from_first` of points this is the area between a path and its chord, positive
    when it bulges to the left of its direction (y down), so for a ring clockwise on the screen.
    """
    following = np.roll(b, -1, axis=0)
    products = a[:, 0] * following[:, 1] - a[:, 1] * following[:, 0]
    products[np.cumsum(lengths) - 1] = 0
    return np.add.reduceat(products, firsts(lengths)) / 2 if len(lengths) else products
