"""COCO's run lengths: of zeros and ones in turn, zeros first, down the columns of an image.

In files they stand as a list or as text: each count, less the last but one before it from the
fourth on, in digits of five bits, the lowest first, each with a bit for "more follows", plus 48.
"""

import numpy as np

from core.annotation.raster import Mask
from core.annotation.runs import Ints, firsts, positions
from core.errors import InvalidGeometry

MOST_PIXELS = 1 << 26
"""Of the box around one object; outlines of what is larger would take gigabytes."""
MOST_RUNS = 2_000_000
_DIGITS = 13  # of five bits: enough for 64 bits


def counts_of(mask: Mask, y0: int, x0: int, height: int, width: int) -> Ints:
    """The counts of an image (height, width) with `mask` at row y0, column x0 and zeros around."""
    columns = np.pad(mask.T, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(columns, axis=1)
    column, start = np.nonzero(change == 1)
    begins = (x0 + column) * height + y0 + start
    ends = (x0 + column) * height + y0 + np.nonzero(change == -1)[1]
    apart = begins[1:] != ends[:-1]  # a run may go on from the foot of a column to the next head
    begins = begins[np.concatenate((np.ones(len(begins[:1]), bool), apart))]
    ends = ends[np.concatenate((apart, np.ones(len(ends[:1]), bool)))]
    borders = np.stack((begins, ends), axis=1).ravel()
    counts: Ints = np.diff(np.concatenate(([0], borders, [height * width])))
    return counts if counts[-1] or len(counts) == 1 else counts[:-1]


def mask_of(counts: Ints, height: int, width: int) -> tuple[Mask, int, int]:
    """The smallest mask around the ones, and the row and column where it begins, as `region_mask`.

    Raises InvalidGeometry for counts that are none, go beyond the image or hold too much.
    """
    _check_counts(counts, height * width)
    ends = np.cumsum(counts)
    stops = ends[1::2]
    starts = ends[: 2 * len(stops) : 2]
    some = stops > starts
    if not some.any():
        return np.zeros((0, 0), bool), 0, 0
    column, first, last = _in_columns(starts[some], stops[some], height)
    return _painted(column, first, last)


def compressed(counts: Ints) -> str:
    """The counts as text."""
    values = counts.astype(np.int64)
    values[3:] -= counts[1:-2]
    rest = values[:, None] >> (5 * np.arange(1, _DIGITS + 1))
    digit = (values[:, None] >> (5 * np.arange(_DIGITS))) & 31
    more = rest != np.where(digit & 16, -1, 0)
    needed = np.concatenate(
        (np.ones((len(values), 1), bool), np.cumprod(more, axis=1)[:, :-1] > 0), 1
    )
    letters = (digit | np.where(more, 32, 0)) + 48
    return bytes(letters[needed].astype(np.uint8)).decode("ascii")


def expanded(text: str) -> Ints:
    """The counts in a text; raises InvalidGeometry when it is none."""
    letters = np.frombuffer(text.encode("utf-8", "replace"), np.uint8).astype(np.int64) - 48
    last = (letters & 32) == 0
    if not len(letters) or letters.min() < 0 or letters.max() > 63 or not last[-1]:
        raise InvalidGeometry("its run lengths are damaged")
    lengths = np.diff(np.flatnonzero(last), prepend=-1)
    if lengths.max() > _DIGITS - 1:
        raise InvalidGeometry("its run lengths are damaged")
    digits = (letters & 31) << (5 * positions(lengths))
    values: Ints = np.add.reduceat(digits, firsts(lengths))
    negative = (letters[last] & 16) > 0
    values -= np.where(negative, np.int64(1) << (5 * lengths), 0)
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def _check_counts(counts: Ints, pixels: int) -> None:
    if len(counts) > MOST_RUNS:
        raise InvalidGeometry(f"it has more than {MOST_RUNS:,} runs")
    # Compared as floats first: a sum of counts near 2**63 would wrap around.
    if len(counts) and (counts.min() < 0 or counts.astype(np.float64).sum() > 2 * pixels):
        raise InvalidGeometry("its run lengths go beyond the image")
    if counts.sum() > pixels:
        raise InvalidGeometry("its run lengths go beyond the image")


def _in_columns(starts: Ints, stops: Ints, height: int) -> tuple[Ints, Ints, Ints]:
    """Column, first row and row after the last of each run, cut where a column ends."""
    from_column = starts // height
    counts = (stops - 1) // height - from_column + 1
    if counts.sum() > MOST_RUNS:
        raise InvalidGeometry(f"it has more than {MOST_RUNS:,} runs")
    column = np.repeat(from_column, counts) + positions(counts)
    first = np.maximum(np.repeat(starts, counts) - column * height, 0)
    last = np.minimum(np.repeat(stops, counts) - column * height, height)
    return column, first, last


def _painted(column: Ints, first: Ints, last: Ints) -> tuple[Mask, int, int]:
    y0, x0 = int(first.min()), int(column.min())
    rows, columns = int(last.max()) - y0, int(column.max()) + 1 - x0
    if rows * columns > MOST_PIXELS:
        raise InvalidGeometry(f"it is {columns} x {rows} pixels large, too much for one object")
    change = np.zeros((columns, rows + 1), np.int8)
    np.add.at(change, (column - x0, first - y0), 1)
    np.add.at(change, (column - x0, last - y0), -1)
    return np.cumsum(change, axis=1, dtype=np.int8)[:, :-1].T > 0, y0, x0
