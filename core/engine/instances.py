"""From probability maps to objects: threshold, then separate what touches.

Only connected parts with several cores are looked at pixel by pixel.
"""

import cv2
import numpy as np

from core.annotation.runs import Ints, firsts, positions
from core.engine.runs import Runs, connected, labelled, painted, runs_of, touching

CORE_AREA = 3
"""Square pixels: a smaller peak of the cue is noise and does not split an object."""
SMOOTHING = 1.0
"""Standard deviation in pixels of the blur of the cue before cores are cut out."""
LEVELS = 32
"""Steps in which cores grow from cue 1 down to 0; more take longer and change little."""


def find_instances(
    foreground: np.ndarray, cue: np.ndarray, threshold: float, separation: float
) -> np.ndarray:
    """(H, W) int32 labels of the objects that `find_objects` finds, 0 background."""
    runs = find_objects(foreground, cue, threshold, separation)
    return labelled(runs, foreground.shape)


def find_objects(
    foreground: np.ndarray, cue: np.ndarray, threshold: float, separation: float
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
        _grow(labels, free, seeds, np.pad(cv2.convertScaleAbs(smooth, alpha=LEVELS), 1))
        objects = runs_of(labels)
    row, start, stop, value = objects
    return Runs(row - 1, start - 1, stop - 1, value)


def _parts(runs: Runs) -> Runs:
    """The runs with the number 1..n of their 4-connected part as value."""
    return runs._replace(value=connected(len(runs.row), *touching(runs, 0)))


def _cores(peaks: Runs, parts: Runs) -> tuple[Runs, Ints]:
    """The runs of the cores that are large enough, with the number 0..m - 1 of the core as value,
    and the part of each core. A core is 8-connected inside its part."""
    width = int(parts.stop.max(initial=0)) + 1
    place = peaks.row * width + peaks.start
    part = parts.value[np.searchsorted(parts.row * width + parts.start, place, side="right") - 1]
    above, below = touching(peaks, 1)
    same = part[above] == part[below]
    core = connected(len(part), above[same], below[same]) - 1
    large = np.bincount(core, peaks.length) >= CORE_AREA
    part_of = np.zeros(len(large), np.int64)
    part_of[core] = part
    number = np.cumsum(large) - 1
    return peaks._replace(value=number[core]).take(large[core]), part_of[large]


def _numbers(part_of: Ints, count: Ints, first: Ints) -> Ints:
    """The label that each core grows into: the first of its part, or the next ..."""
    order = np.argsort(part_of, kind="stable")
    numbers = np.empty(len(part_of), np.int64)
    numbers[order] = first[part_of[order]] + positions(count)
    return numbers


def _grow(labels: np.ndarray, free: np.ndarray, seeds: Runs, height: np.ndarray) -> None:
    """Write into `labels` the seed that reaches each free pixel first when all grow from high to
    low, step by step at each height, and meet in the valleys: a watershed.

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
