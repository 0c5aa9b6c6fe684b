"""Which objects of a label image stay: limits of size, the edge of the image, small holes."""

import numpy as np

from core.annotation.runs import Flags, Ints, positions
from core.engine.runs import Runs, connected, painted, runs_of, touching


def within_sizes(runs: Runs, smallest: float, largest: float | None) -> Runs:
    """The runs without objects of fewer or more pixels than the limits; numbers stay."""
    areas = np.bincount(runs.value, runs.length, minlength=1)
    keep = areas >= max(smallest, 1)
    if largest is not None:
        keep &= areas <= largest
    return runs.take(keep[runs.value])


def off_border(runs: Runs, shape: tuple[int, ...]) -> Runs:
    """The runs without objects that have a pixel at the edge of the image; numbers stay."""
    row, start, stop, value = runs
    cut = (row == 0) | (row == shape[0] - 1) | (start == 0) | (stop == shape[1])
    return runs.take(~np.isin(value, value[cut]))


def only(runs: Runs, keep: Flags) -> Runs:
    """The objects to keep, renumbered 1..n. keep: (values,) bool; every kept one occurs, and
    keep[0] is False."""
    number: Ints = np.cumsum(keep)
    return runs._replace(value=number[runs.value]).take(keep[runs.value])


def fill_small_holes(labels: np.ndarray, largest: float) -> np.ndarray:
    """Labels whose holes of at most `largest` square pixels belong to the object around them."""
    if largest <= 0:
        return labels
    gaps = runs_of(labels == 0)
    gap = connected(len(gaps.row), *touching(gaps, 1))
    small = np.bincount(gap, gaps.length) <= largest
    holes = gaps._replace(value=gap).take(small[gap])
    filled: np.ndarray = labels + painted(holes, _owners(holes, labels)[holes.value], labels.shape)
    return filled


def _owners(gaps: Runs, labels: np.ndarray) -> np.ndarray:
    """For each gap the one label around it; 0 when several are, or the edge of the image."""
    framed = np.pad(labels, 1, constant_values=-1)
    width = gaps.length + 2
    column = np.repeat(gaps.start, width) + positions(width)
    row = np.repeat(gaps.row, width)
    around = np.concatenate([framed[row + step, column] for step in range(3)])
    of_gap = np.tile(np.repeat(gaps.value, width), 3)
    size, beyond = int(gaps.value.max(initial=0)) + 1, labels.max(initial=0) + 1
    lowest, highest = np.full(size, beyond), np.zeros(size, labels.dtype)
    np.minimum.at(lowest, of_gap, np.where(around == 0, beyond, around))
    np.maximum.at(highest, of_gap, around)
    return np.where(lowest == highest, highest, 0)
