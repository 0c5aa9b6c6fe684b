"""From probability maps to a label image: threshold, separate what touches, limit sizes.

What is connected is found among runs, the stretches of equal pixels along the rows: thousands
instead of millions, so that the objects follow a slider. Only connected parts with several cores
are looked at pixel by pixel.
"""

from typing import Literal, NamedTuple, TypeAlias

import cv2
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.annotation.runs import Flags, Ints, firsts, positions

CORE_AREA = 3
"""Square pixels: a smaller peak of the cue is noise and does not split an object."""
SMOOTHING = 1.0
"""Standard deviation in pixels of the blur of the cue before cores are cut out."""
LEVELS = 32
"""Steps in which cores grow from cue 1 down to 0; more take longer and change little."""

Growth: TypeAlias = Literal["nearest", "watershed"]


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


def find_instances(
    foreground: np.ndarray,
    cue: np.ndarray,
    threshold: float,
    separation: float,
    growth: Growth = "nearest",
) -> np.ndarray:
    """(H, W) int32 labels of the objects that `find_objects` finds, 0 background."""
    runs = find_objects(foreground, cue, threshold, separation, growth)
    return labelled(runs, foreground.shape)


def find_objects(
    foreground: np.ndarray,
    cue: np.ndarray,
    threshold: float,
    separation: float,
    growth: Growth = "nearest",
) -> Runs:
    """The runs of the objects 1..n, in reading order of their connected parts.

    Cores are the connected peaks of the cue above `separation` in the foreground. A connected part
    of the foreground with one core or none is one object; in the others the cores grow.
    """
    # With a frame of background every pixel that matters has four neighbours.
    mask = np.pad(foreground >= threshold, 1)
    smooth = cv2.GaussianBlur(cue, (0, 0), SMOOTHING)
    parts = _parts(runs_of(mask))
    cores, part_of = _cores(runs_of(mask & np.pad(smooth > separation, 1)), parts)
    count = np.bincount(part_of, minlength=int(parts.value.max(initial=0)) + 1)
    first = firsts(np.maximum(count, 1))
    objects = parts._replace(value=first[parts.value])
    shared = count > 1
    if shared.any():
        seeds = cores._replace(value=_numbers(part_of, count, first)[cores.value])
        seeds = seeds.take(shared[part_of[cores.value]])
        labels = labelled(objects, mask.shape)
        free = painted(parts, shared[parts.value], mask.shape)
        grow = grow_nearest if growth == "nearest" else grow_watershed
        grow(labels, free, seeds, smooth)
        objects = runs_of(labels)
    row, start, stop, value = objects
    return Runs(row - 1, start - 1, stop - 1, value)


def _parts(runs: Runs) -> Runs:
    """The runs with the number 1..n of their 4-connected part as value."""
    return runs._replace(value=_connected(len(runs.row), *_touching(runs, 0)))


def _cores(peaks: Runs, parts: Runs) -> tuple[Runs, Ints]:
    """The runs of the cores that are large enough, with the number 0..m - 1 of the core as value,
    and the part of each core. A core is 8-connected inside its part."""
    width = int(parts.stop.max(initial=0)) + 1
    place = peaks.row * width + peaks.start
    part = parts.value[np.searchsorted(parts.row * width + parts.start, place, side="right") - 1]
    above, below = _touching(peaks, 1)
    same = part[above] == part[below]
    core = _connected(len(part), above[same], below[same]) - 1
    large = np.bincount(core, peaks.length) >= CORE_AREA
    part_of = np.zeros(len(large), np.int64)
    part_of[core] = part
    number = np.cumsum(large) - 1
    return peaks._replace(value=number[core]).take(large[core]), part_of[large]


def _touching(runs: Runs, reach: int) -> tuple[Ints, Ints]:
    """Indices of the upper and of the lower run of each pair that touches; reach 1: by a corner."""
    row, start, stop, _ = runs
    stride = int(stop.max(initial=0)) + 2
    below = (row + 1) * stride
    first = np.searchsorted(row * stride + stop + reach, below + start, side="right")
    count = np.searchsorted(row * stride + start, below + stop + reach, side="left") - first
    return np.repeat(np.arange(len(row)), count), np.repeat(first, count) + positions(count)


def _connected(count: int, above: Ints, below: Ints) -> Ints:
    """(count,) number 1..n of the component of each node, in the order of their first nodes."""
    graph = coo_array((np.ones(len(above), bool), (above, below)), shape=(count, count))
    number: Ints = connected_components(graph, directed=False)[1] + 1
    return number


def _numbers(part_of: Ints, count: Ints, first: Ints) -> Ints:
    """The label that each core grows into: the first of its part, or the next ..."""
    order = np.argsort(part_of, kind="stable")
    numbers = np.empty(len(part_of), np.int64)
    numbers[order] = first[part_of[order]] + positions(count)
    return numbers


def grow_nearest(labels: np.ndarray, free: np.ndarray, seeds: Runs, cue: np.ndarray) -> None:
    """Write into `labels` the nearest seed of each free pixel, on a way through free pixels."""
    _flood(labels, free, seeds, np.zeros(labels.shape, np.uint8))


def grow_watershed(labels: np.ndarray, free: np.ndarray, seeds: Runs, cue: np.ndarray) -> None:
    """Write into `labels` the seed that reaches each free pixel when all grow from high to low cue
    and meet in its valleys."""
    _flood(labels, free, seeds, np.pad(cv2.convertScaleAbs(cue, alpha=LEVELS), 1))


def _flood(labels: np.ndarray, free: np.ndarray, seeds: Runs, height: np.ndarray) -> None:
    """The seeds grow over the free pixels, step by step at each height, from high to low.

    All are (H, W) with a frame that is not free; labels and free are written to.
    """
    steps = np.array([-labels.shape[1], -1, 1, labels.shape[1]])
    labels, free, height = labels.ravel(), free.ravel(), height.ravel()
    core = np.repeat(seeds.row * steps[-1] + seeds.start, seeds.length) + positions(seeds.length)
    labels[core] = np.repeat(seeds.value, seeds.length)
    free[core] = False
    waiting = core[np.logical_or.reduce([free[core + step] for step in steps])]
    for level in range(int(height[waiting].max(initial=0)), -1, -1):
        now = height[waiting] >= level
        front, later = waiting[now], [waiting[~now]]
        while len(front):
            reached = _step(labels, free, front, steps)
            now = height[reached] >= level
            front = reached[now]
            later.append(reached[~now])
        waiting = np.concatenate(later)


def _step(labels: np.ndarray, free: np.ndarray, front: Ints, steps: Ints) -> Ints:
    """The free neighbours of the pixels of the front, now labelled like these."""
    reached = []
    for step in steps:
        beside = front + step
        new = np.flatnonzero(free[beside])
        beside = beside[new]
        labels[beside] = labels[front[new]]
        free[beside] = False
        reached.append(beside)
    return np.concatenate(reached)


def limit_sizes(labels: np.ndarray, smallest: float, largest: float | None) -> np.ndarray:
    """Labels renumbered 1..n without objects of fewer or more pixels than the limits."""
    return labelled(within_sizes(runs_of(labels), smallest, largest), labels.shape)


def within_sizes(runs: Runs, smallest: float, largest: float | None) -> Runs:
    """The runs renumbered 1..n without objects of fewer or more pixels than the limits."""
    areas = np.bincount(runs.value, runs.length, minlength=1)
    keep = areas >= max(smallest, 1)
    if largest is not None:
        keep &= areas <= largest
    return _only(runs, keep)


def drop_border_objects(labels: np.ndarray) -> np.ndarray:
    """Labels renumbered 1..n without objects that have a pixel at the edge of the image."""
    return labelled(off_border(runs_of(labels), labels.shape), labels.shape)


def off_border(runs: Runs, shape: tuple[int, ...]) -> Runs:
    """The runs renumbered 1..n without objects that have a pixel at the edge of the image."""
    row, start, stop, value = runs
    cut = (row == 0) | (row == shape[0] - 1) | (start == 0) | (stop == shape[1])
    keep = np.bincount(value, minlength=1) > 0
    keep[value[cut]] = False
    return _only(runs, keep)


def _only(runs: Runs, keep: Flags) -> Runs:
    """The objects to keep, renumbered 1..n. keep: for each value."""
    number: Ints = np.cumsum(keep)
    return runs._replace(value=number[runs.value]).take(keep[runs.value])


def fill_small_holes(labels: np.ndarray, largest: float) -> np.ndarray:
    """Labels whose holes of at most `largest` square pixels belong to the object around them."""
    if largest <= 0:
        return labels
    gaps = runs_of(labels == 0)
    gap = _connected(len(gaps.row), *_touching(gaps, 1))
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
