"""From probability maps to pieces: the foreground, cut at the valleys of the cue.

A piece surrounds one peak of the cue, so an object is a piece or several that touch. Only connected
parts with several peaks are looked at pixel by pixel.
"""

from typing import NamedTuple

import cv2
import numpy as np

from core.annotation.runs import Ints, firsts, positions
from core.engine.runs import Runs, along, connected, labelled, painted, runs_of, touching

SMOOTHING = 1.0
"""Standard deviation in pixels of the blur of the cue before its peaks are looked for."""
LEVELS = 20
"""Steps of the cue from 0 to 1 in which peaks are looked for; more find more ripples."""

CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class Pieces(NamedTuple):
    """labels: (H + 2, W + 2) int32, the piece 1..n at each pixel and 0 elsewhere, with a frame of
    background. height: the smoothed cue, likewise. Pieces are in reading order of their parts."""

    labels: np.ndarray
    height: np.ndarray


def find_pieces(foreground: np.ndarray, cue: np.ndarray, threshold: float) -> Pieces:
    """The pieces of the pixels from `threshold` on. foreground, cue: (H, W) float32 of 0..1."""
    # With a frame of background every pixel that matters has four neighbours.
    mask = np.pad(foreground >= threshold, 1)
    height = np.pad(cv2.GaussianBlur(cue, (0, 0), SMOOTHING), 1)
    level = np.where(mask, cv2.convertScaleAbs(height, alpha=LEVELS) + 1, 0)
    runs = runs_of(mask)
    parts = runs._replace(value=connected(len(runs.row), *touching(runs, 0)))
    peaks, part_of = _peaks(level, parts)
    count = np.bincount(part_of, minlength=int(parts.value.max(initial=0)) + 1)
    first = firsts(np.maximum(count, 1))
    labels = labelled(parts._replace(value=first[parts.value]), mask.shape)
    shared = count > 1
    if shared.any():
        seeds = peaks._replace(value=_numbers(part_of, count, first)[peaks.value])
        free = painted(parts, shared[parts.value], mask.shape)
        _grow(labels, free, seeds.take(shared[part_of[peaks.value]]), level)
    return Pieces(labels, height)


def _peaks(level: np.ndarray, parts: Runs) -> tuple[Runs, Ints]:
    """The runs of the plateaus that nothing beside them rises above, with the number 0..n - 1 of
    the peak as value, and the part of each peak. Every part has one.

    level: (H, W) uint8, 0 outside the parts.
    """
    top = (level > 0) & (level == cv2.dilate(level, CROSS))
    slope = level == cv2.dilate(np.where(top, 0, level), CROSS)  # goes on to where it rises
    runs = runs_of(top)
    plateau = connected(len(runs.row), *touching(runs, 0)) - 1
    is_peak = np.ones(int(plateau.max(initial=-1)) + 1, bool)
    is_peak[plateau[along(np.logical_or, runs, slope)]] = False
    number: Ints = np.cumsum(is_peak) - 1
    peaks = runs._replace(value=number[plateau]).take(is_peak[plateau])
    part_of = np.zeros(np.count_nonzero(is_peak), np.int64)
    part_of[peaks.value] = parts.value[_holding(parts, peaks, level.shape[1])]
    return peaks, part_of


def _holding(parts: Runs, runs: Runs, width: int) -> Ints:
    """Index of the run of the parts in which each run lies."""
    starts = parts.row * width + parts.start
    return np.searchsorted(starts, runs.row * width + runs.start, side="right") - 1


def _numbers(part_of: Ints, count: Ints, first: Ints) -> Ints:
    """The label that each peak grows into: the first of its part, or the next ..."""
    order = np.argsort(part_of, kind="stable")
    numbers = np.empty(len(part_of), np.int64)
    numbers[order] = first[part_of[order]] + positions(count)
    return numbers


def _grow(labels: np.ndarray, free: np.ndarray, seeds: Runs, level: np.ndarray) -> None:
    """Write into `labels` the seed that reaches each free pixel first when all grow from high to
    low, step by step at each height, and meet in the valleys: a watershed.

    All are (H, W) with a frame that is not free; labels and free are written to.
    """
    steps = np.array([-labels.shape[1], -1, 1, labels.shape[1]])
    labels, free, level = labels.ravel(), free.ravel(), level.ravel()
    peak = np.repeat(seeds.row * steps[-1] + seeds.start, seeds.length) + positions(seeds.length)
    labels[peak] = np.repeat(seeds.value, seeds.length)
    free[peak] = False
    waiting = peak[np.logical_or.reduce([free[peak + step] for step in steps])]
    for height in range(int(level[waiting].max(initial=0)), 0, -1):
        now = level[waiting] >= height
        front, later = waiting[now], [waiting[~now]]
        while len(front):
            reached = _step(labels, free, front, steps)
            now = level[reached] >= height
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
