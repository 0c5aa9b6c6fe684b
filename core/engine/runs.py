"""An image of labels as runs: the stretches of equal pixels along its rows.

There are thousands of them instead of millions of pixels, so that objects follow a slider.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.annotation.runs import Flags, Ints, positions


class Runs(NamedTuple):
    """Stretches of equal pixels above 0 along the rows of an image, in reading order.

    row, start, stop, value: (n,) each; a run covers the columns start..stop - 1.
    """

    row: Ints
    start: Ints
    stop: Ints
    value: Ints

    @property
    def length(self) -> Ints:
        """(n,) pixels of each run."""
        return self.stop - self.start

    def take(self, which: Flags | Ints) -> "Runs":
        """Those runs only."""
        return Runs(*(column[which] for column in self))


def runs_of(image: np.ndarray) -> Runs:
    """The runs of an image (H, W) of labels or of booleans."""
    flat, width = image.ravel(), image.shape[1]
    ends = flat[1:] != flat[:-1]
    ends[width - 1 :: width] = True
    begin = np.concatenate(([0], np.flatnonzero(ends) + 1))
    value, length = flat[begin], np.diff(begin, append=flat.size)
    inside = value > 0
    row, start = np.divmod(begin[inside], width)
    return Runs(row, start, start + length[inside], value[inside].astype(np.int64))


def painted(runs: Runs, values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Image of that shape and of the type of `values` (n,): those along the runs, else 0."""
    begin = runs.row * shape[1]
    bounds = np.column_stack((begin + runs.start, begin + runs.stop)).ravel()
    stretch = np.zeros(len(bounds) + 1, values.dtype)
    stretch[1::2] = values
    return np.repeat(stretch, np.diff(bounds, prepend=0, append=shape[0] * shape[1])).reshape(shape)


def labelled(runs: Runs, shape: tuple[int, ...]) -> np.ndarray:
    """(H, W) int32 image of the values of the runs, 0 elsewhere."""
    return painted(runs, runs.value.astype(np.int32), shape)


def along(reduce: np.ufunc, runs: Runs, values: np.ndarray) -> np.ndarray:
    """(n,) what `reduce` makes of the values (H, W) along each run; no run ends with the image."""
    if not len(runs.row):
        return values[0, :0]
    begin = runs.row * values.shape[1]
    bounds = np.column_stack((begin + runs.start, begin + runs.stop)).ravel()
    reduced: np.ndarray = reduce.reduceat(values.ravel(), bounds)[::2]
    return reduced


def touching(runs: Runs, reach: int) -> tuple[Ints, Ints]:
    """Indices of the upper and of the lower run of each pair that touches; reach 1: by a corner."""
    row, start, stop, _ = runs
    stride = int(stop.max(initial=0)) + 2
    below = (row + 1) * stride
    first = np.searchsorted(row * stride + stop + reach, below + start, side="right")
    count = np.searchsorted(row * stride + start, below + stop + reach, side="left") - first
    return np.repeat(np.arange(len(row)), count), np.repeat(first, count) + positions(count)


def connected(count: int, above: Ints, below: Ints) -> Ints:
    """(count,) number 1..n of the component of each node, in the order of their first nodes."""
    graph = coo_array((np.ones(len(above), bool), (above, below)), shape=(count, count))
    number: Ints = connected_components(graph, directed=False)[1] + 1
    return number
