"""Follow the pixel edges around every object of a label image.

A crack is the unit edge between a pixel of an object and a pixel that is not of it. Directed so
that the object lies to its right, each crack has exactly one successor, and following successors
gives the rings: shells run clockwise on the screen, holes the other way round. Objects are
4-connected: where two pixels touch by a corner only, the walk turns right. Exact outlines
(raster.py) and sub-pixel ones (contour.py) are both read off these rings.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.annotation.region import Ring
from core.annotation.runs import Ints, firsts, positions

TOP, RIGHT, BOTTOM, LEFT = range(4)
OUTSIDE = -1
"""Label of the frame of one pixel that is laid around the image."""


class Outline(NamedTuple):
    """One connected part of the object `label`: its shell and the holes in it."""

    label: int
    shell: Ring
    holes: tuple[Ring, ...]


@dataclass(frozen=True, eq=False)
class Cracks:
    """All cracks of a label image in walking order, ring after ring.

    padded: (H+2, W+2) labels with OUTSIDE around. pixel: (n,) flat index into it of the object's
    pixel; side: (n,) which side of that pixel. starts: (r,) first crack of each ring.
    shell: (r,) number of the shell that a ring belongs to, its own number for a shell.
    """

    padded: Ints
    pixel: Ints
    side: Ints
    starts: Ints
    shell: Ints

    @cached_property
    def lengths(self) -> Ints:
        """(r,) cracks of each ring."""
        return np.diff(self.starts, append=len(self.pixel))

    @cached_property
    def label(self) -> Ints:
        """(r,) label of each ring."""
        return self.padded.ravel()[self.pixel[self.starts]].astype(np.int64)

    @cached_property
    def column_row(self) -> tuple[Ints, Ints]:
        """(n,) column and (n,) row of each crack's pixel, in the image."""
        row, column = np.divmod(self.pixel, self.padded.shape[1])
        return column - 1, row - 1

    @cached_property
    def ahead(self) -> Ints:
        """(n,) the pixel in walking direction of each crack's pixel."""
        return self.pixel + _steps(self.padded)[self.side]

    @cached_property
    def across(self) -> Ints:
        """(n,) the pixel on the other side of each crack."""
        return self.pixel + _steps(self.padded)[self.side - 1]

    def outlines(self, points: list[Ring], chosen: npt.NDArray[np.bool_]) -> list[Outline]:
        """Rings as `points` put together into parts, by label; only the rings that are chosen."""
        numbers, shells = np.flatnonzero(chosen).tolist(), self.shell.tolist()
        holes: dict[int, list[Ring]] = {i: [] for i in numbers if shells[i] == i}
        for i in numbers:
            if shells[i] != i:
                holes[shells[i]].append(points[i])
        labels = self.label.tolist()
        parts = [Outline(labels[i], points[i], tuple(inner)) for i, inner in holes.items()]
        return sorted(parts, key=lambda part: part.label)


def trace(labels: npt.NDArray[np.integer | np.bool_], split_touching: bool = False) -> Cracks:
    """Cracks around the objects of `labels` (H, W); values below one are background.

    split_touching: a ring that meets itself at a corner becomes two rings that meet there, as a
    valid polygon needs it when its vertices are the corners.
    """
    padded = np.full(np.add(labels.shape, 2), OUTSIDE, _signed(labels.dtype))
    np.maximum(labels, 0, out=padded[1:-1, 1:-1], casting="unsafe")
    pixel, side = _find(padded)
    successor, saddle, opposite = _link(padded, pixel, side)
    half = _every_other(padded, pixel, side)
    order, starts = _chain(successor, half)
    if split_touching:
        ring = _ring_numbers(order, starts)
        same = ring[saddle] == ring[opposite]
        if same.any():
            successor[saddle[same]] = opposite[same]
            order, starts = _chain(successor, half)
    shell = _shells(padded, pixel, side, order, starts)
    return Cracks(padded, pixel[order], side[order], starts, shell)


def _signed(dtype: np.dtype[np.generic]) -> type[np.signedinteger]:
    return np.int64 if dtype.itemsize > 4 or dtype == np.uint32 else np.int32


def _steps(padded: npt.NDArray[np.signedinteger]) -> Ints:
    """Flat steps in walking direction along TOP, RIGHT, BOTTOM, LEFT: east, south, west, north.

    The step across a side is the one along the side before it.
    """
    stride = padded.shape[1]
    return np.array([1, stride, -1, -stride])


def _find(padded: npt.NDArray[np.signedinteger]) -> tuple[Ints, Ints]:
    """Pixel and side of every crack, sorted by side, then by pixel."""
    flat, stride = padded.ravel(), padded.shape[1]
    # The frame makes the last pixel of a row equal to the first of the next.
    beside = np.flatnonzero(flat[:-1] != flat[1:])
    below = np.flatnonzero(flat[:-stride] != flat[stride:])
    pixels = [p[flat[p] > 0] for p in (below + stride, beside, below, beside + 1)]
    return np.concatenate(pixels), np.repeat(np.arange(4), [len(p) for p in pixels])


def _link(
    padded: npt.NDArray[np.signedinteger], pixel: Ints, side: Ints
) -> tuple[Ints, Ints, Ints]:
    """Successor of each crack; the cracks that end where pixels touch by a corner; and for each of
    those the crack on which the walk would go on if it turned left there."""
    flat, steps = padded.ravel(), _steps(padded)
    label, ahead = flat[pixel], pixel + steps[side]
    diagonal = ahead + steps[side - 1]
    right, joined = flat[ahead] != label, flat[diagonal] == label
    left = joined & ~right
    keys = side * flat.size + pixel

    def crack(at: Ints, on: Ints) -> Ints:
        return np.searchsorted(keys, on % 4 * flat.size + at)

    to = np.where(right, pixel, np.where(left, diagonal, ahead))
    saddle = np.flatnonzero(right & joined)
    return crack(to, side + right - left), saddle, crack(diagonal[saddle], side[saddle] - 1)


def _every_other(padded: npt.NDArray[np.signedinteger], pixel: Ints, side: Ints) -> Ints:
    """The cracks that start at a corner with an even sum of row and column; so does every other
    crack of each ring."""
    row, column = np.divmod(pixel, padded.shape[1])
    return np.flatnonzero((row + column + side) % 2 == 0)


def _chain(successor: Ints, half: Ints) -> tuple[Ints, Ints]:
    """Cracks in walking order and where each ring starts: at its lowest crack, the lowest first.

    half: every other crack of each ring. A loop walks over these only, with two steps at a time.
    """
    place = np.zeros(len(successor), np.int64)
    place[half] = np.arange(len(half))
    visited, starts = _cycles(place[successor[successor[half]]].tolist())
    walked = half[np.array(visited, np.int64)]
    order = np.column_stack((walked, successor[walked])).ravel()
    return _from_lowest(order, 2 * np.array(starts, np.int64))


def _cycles(following: list[int]) -> tuple[list[int], list[int]]:
    """The numbers 0..n - 1 in walking order and where each cycle starts."""
    seen = bytearray(len(following))
    order: list[int] = []
    starts: list[int] = []
    first = seen.find(0)
    while first >= 0:
        starts.append(len(order))
        number = first
        while not seen[number]:
            seen[number] = 1
            order.append(number)
            number = following[number]
        first = seen.find(0, first)
    return order, starts


def _from_lowest(order: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """The rings of `order`, each turned to start at its lowest number, by that number."""
    if not len(starts):
        return order, starts
    lowest = np.minimum.reduceat(order, starts)
    sizes = np.diff(starts, append=len(order))
    turn = np.flatnonzero(order == np.repeat(lowest, sizes)) - starts
    rings = np.argsort(lowest)
    sizes, turn, first = sizes[rings], turn[rings], starts[rings]
    along = (np.repeat(turn, sizes) + positions(sizes)) % np.repeat(sizes, sizes)
    return order[np.repeat(first, sizes) + along], firsts(sizes)


def _ring_numbers(order: Ints, starts: Ints) -> Ints:
    """Ring of each crack, in the order that `_find` gave."""
    ring = np.empty(len(order), np.int64)
    ring[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    return ring


def _shells(
    padded: npt.NDArray[np.signedinteger], pixel: Ints, side: Ints, order: Ints, starts: Ints
) -> Ints:
    """For each ring the number of the shell around it.

    From a hole's leftmost crack a step to the left stays in the object up to a crack that lies
    further left, on the shell or on another hole of the same part.
    """
    shell = np.arange(len(starts))
    if not len(starts):
        return shell
    height, stride = padded.shape
    row, column = np.divmod(pixel[order], stride)
    on = side[order]
    is_hole = np.add.reduceat((on == RIGHT) * (column + 1) - (on == LEFT) * column, starts) < 0
    place = np.where(on == RIGHT, column * height + row, height * stride)
    column, row = np.divmod(np.minimum.reduceat(place, starts)[is_hole], height)
    lefts = np.flatnonzero(side == LEFT)
    nearest = np.searchsorted(pixel[lefts], row * stride + column, side="right") - 1
    shell[is_hole] = _ring_numbers(order, starts)[lefts[nearest]]
    while is_hole[shell].any():
        shell = shell[shell]
    return shell
