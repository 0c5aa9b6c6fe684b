"""Brightness of many regions: numbers over the pixels whose centres are inside, for each channel.

Background of a channel: the median of the pixels outside all regions; of an image of more than
16 million pixels each n-th row and column counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.annotation.raster import _Spans, _spans
from core.annotation.region import Region
from core.annotation.runs import Flags, Floats, Ints, firsts, positions
from core.image.model import Image
from core.image.pixels import Pixels
from core.measure.rings import shells_of
from core.measure.shapes import Columns
from core.progress import Ticket

AT_ONCE = 2048
PIXELS_AT_ONCE = 1 << 22
"""Together they bound the memory of a batch, as long as no single object is larger."""
GRID = 1 << 24
"""Pixels that are looked at for the background, at most."""
STRIP = 512
"""Rows that are read at once for it."""


class Inside(NamedTuple):
    """The pixels of some regions, region after region. place: flat, in rows from `top` on.
    counts: (n,) pixels of each region."""

    top: int
    bottom: int
    place: Ints
    counts: Ints


class Coverage:
    """Which pixels of each `step`-th row and column lie in a region."""

    def __init__(self, height: int, width: int) -> None:
        self.step = step = max(1, int(np.ceil((height * width / GRID) ** 0.5)))
        self._change = np.zeros((-(-height // step), -(-width // step) + 1), np.int32)

    def add(self, spans: _Spans) -> None:
        """Regions that lie over others are fine."""
        step = self.step
        row, start, stop = (part[spans.row % step == 0] for part in spans[1:])
        np.add.at(self._change, (row // step, -(-start // step)), 1)
        np.add.at(self._change, (row // step, -(-stop // step)), -1)

    @property
    def mask(self) -> Flags:
        return np.asarray(np.cumsum(self._change, axis=1, dtype=np.int32)[:, :-1] > 0)


@dataclass(frozen=True, eq=False)
class Intensities:
    """channels: the columns of INTENSITY for each. backgrounds: NaN where all is covered.
    covered: part of the image that lies in regions, 0..1."""

    channels: tuple[Columns, ...]
    backgrounds: tuple[float, ...]
    covered: float


def covered_part(regions: Sequence[Region], height: int, width: int) -> float:
    """What the regions cover of an image, 0..1; overlaps count once."""
    coverage = Coverage(height, width)
    for begin in range(0, len(regions), AT_ONCE):
        coverage.add(_spans(regions[begin : begin + AT_ONCE], height, width))
    return float(coverage.mask.mean())


def measure_intensities(
    regions: Sequence[Region], image: Image, ticket: Ticket | None = None
) -> Intensities:
    """Regions do not depend on each other: where two overlap, both have the pixel.

    Pixels that are no number (NaN, infinite) make the numbers of their region NaN or infinite.
    """
    ticket = ticket or Ticket()
    batches = _batches(regions)
    coverage = Coverage(image.height, image.width)
    parts: list[list[Columns]] = []
    for number, places in enumerate(batches):
        ticket.step(number, len(batches), "measuring brightness")
        batch = [regions[i] for i in places.tolist()]
        spans = _spans(batch, image.height, image.width)
        coverage.add(spans)
        parts.append(_measured(inside(spans, len(batch), image.width), image))
    mask = coverage.mask
    backgrounds = _backgrounds(image.pixels, ~mask, coverage.step)
    order = np.concatenate([np.empty(0, np.int64), *batches])
    joined = (_joined([part[c] for part in parts], order) for c in range(image.channels))
    channels = tuple(map(_corrected, joined, backgrounds))
    return Intensities(channels, backgrounds, float(mask.mean()))


def _batches(regions: Sequence[Region]) -> list[Ints]:
    """Places of regions from the top down: those of a batch lie near each other, so that few rows
    have to be read for it."""
    if not regions:
        return []
    shells = shells_of(regions)
    order = np.argsort(np.minimum.reduceat(shells.points[:, 1], shells.first), kind="stable")
    weight = np.abs(shells.area)[order] / PIXELS_AT_ONCE + 1 / AT_ONCE
    number = np.floor(np.cumsum(weight) - weight)
    return np.split(order, np.flatnonzero(np.diff(number)) + 1)


def inside(spans: _Spans, count: int, width: int) -> Inside:
    """The pixels of the spans of `count` regions, in an image of that width."""
    top = int(spans.row.min()) if len(spans.row) else 0
    bottom = int(spans.row.max()) + 1 if len(spans.row) else 0
    lengths = spans.stop - spans.start
    begin = (spans.row - top) * width + spans.start
    place = np.repeat(begin, lengths) + positions(lengths)
    counts = np.bincount(spans.owner, lengths, count).astype(np.int64)
    return Inside(top, bottom, place, counts)


def _measured(pixels: Inside, image: Image) -> list[Columns]:
    """For each channel, without the background."""
    rows = image.pixels[pixels.top : pixels.bottom]
    return [
        statistics(np.asarray(rows[..., channel]).ravel()[pixels.place], pixels.counts)
        for channel in range(image.channels)
    ]


def statistics(values: np.ndarray, counts: Ints) -> Columns:
    """Of runs of values, `counts` long, and their `pixels`; NaN for an empty one."""
    some = np.flatnonzero(counts)
    names = ("mean", "median", "sd", "min", "max", "integrated")
    columns = {name: np.full(len(counts), np.nan) for name in names}
    columns["pixels"] = counts.astype(np.float64)
    if not len(some):
        return columns
    lengths = counts[some]
    begin = firsts(lengths)
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.add.reduceat(values, begin, dtype=np.float64)
        mean = total / lengths
        away = values - np.repeat(mean, lengths)
        spread = np.sqrt(np.add.reduceat(away * away, begin) / lengths)
    least, most = np.minimum.reduceat(values, begin), np.maximum.reduceat(values, begin)
    middle = _medians(values, begin, lengths)
    for name, found in zip(names, (mean, middle, spread, least, most, total), strict=True):
        columns[name][some] = found
    return columns


def _medians(values: np.ndarray, begin: Ints, lengths: Ints) -> Floats:
    """Runs of the same length are the rows of one array."""
    medians = np.empty(len(lengths))
    order = np.argsort(lengths, kind="stable")
    sizes, first = np.unique(lengths[order], return_index=True)
    for size, which in zip(sizes.tolist(), np.split(order, first[1:]), strict=True):
        rows = values[begin[which, None] + np.arange(size)]
        half = size // 2
        rows.partition(half, axis=1)
        upper = rows[:, half].astype(np.float64)
        lower = upper if size % 2 else rows[:, :half].max(axis=1)
        medians[which] = (lower + upper) / 2
    return medians


def _joined(parts: list[Columns], order: Ints) -> Columns:
    """The batches as one, in the order in which the regions were given."""
    if not parts:
        return statistics(np.empty(0), np.empty(0, np.int64))
    joined = {name: np.empty(len(order)) for name in parts[0]}
    for name, column in joined.items():
        column[order] = np.concatenate([part[name] for part in parts])
    return joined


def _corrected(columns: Columns, background: float) -> Columns:
    """With what is left above the background."""
    return {
        **columns,
        "mean_corrected": columns["mean"] - background,
        "integrated_corrected": columns["integrated"] - columns["pixels"] * background,
    }


def _backgrounds(pixels: Pixels, free: Flags, step: int) -> tuple[float, ...]:
    """The median of the free pixels, of each channel."""
    if not free.any():
        return (float("nan"),) * pixels.shape[2]
    strip = STRIP * step
    parts = [
        np.asarray(pixels[y : y + strip])[::step, ::step][free[y // step : y // step + STRIP]]
        for y in range(0, pixels.shape[0], strip)
    ]
    return tuple(float(m) for m in np.median(np.concatenate(parts), axis=0))
