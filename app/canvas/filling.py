"""Filling: the coarse levels of an image that lies in its file, made band by band. No Qt."""

import time
from collections.abc import Sequence

import cv2
import numpy as np

from app.canvas.halving import half_dtype, halved
from core.image.pixels import LazyPixels

BAND = 512  # rows that are read at a time, or more where the coarsest level needs them
SKETCHED = 1024  # px of the longer side of the finest level that is sketched
SKETCH_SECONDS = 0.3  # in which a sketch of single rows must be possible
SPARED = 8  # rows that may take their time: a disk must find the place
BLUR = 16  # px of the longer side of a sketch that is made of a sample


class Filling:
    """Levels in memory of which `step` makes another band, in one thread, while others look at
    those bands that are there.

    levels: (h, w, C), each half as large as the one before, from the half of `base` on without
    the first `skipped`. sketched: number of the level from which on `sketch` puts in something
    that looks alike; the finer ones hold nothing until they are made.
    """

    def __init__(
        self, base: LazyPixels, skipped: int, shapes: Sequence[tuple[int, int, int]]
    ) -> None:
        self._base, self._skipped = base, skipped
        self.levels = tuple(np.zeros(shape, half_dtype(base.dtype)) for shape in shapes)
        self.sketched = next(i for i, shape in enumerate(shapes) if max(shape[:2]) <= SKETCHED)
        self._band = max(BAND, 2 ** (skipped + len(shapes)))
        self._done = 0  # rows of the base

    @property
    def is_done(self) -> bool:
        return self._done >= self._base.shape[0]

    def has(self, number: int, rows: int) -> bool:
        """Whether the first rows of a level are what they should be."""
        return self.is_done or rows << (self._skipped + 1 + number) <= self._done

    def step(self) -> None:
        """Make another band. One that cannot be read is passed over: raises what the decoder
        raises, and the next step makes the next one."""
        start, end = self._done, self._done + self._band
        try:
            part = np.asarray(self._base[start:end])
            for number in range(-self._skipped, len(self.levels)):
                part, start = halved(part), start // 2
                if number >= 0:
                    self.levels[number][start : start + len(part)] = part
        finally:
            self._done = end

    def sketch(self, sample: np.ndarray) -> None:
        """Put something into the coarse levels that can be shown at once: single rows where they
        are quickly read, else what a sample (h, w, C) of the base, small and evenly spread, looks
        like from afar."""
        height, width = self.levels[self.sketched].shape[:2]
        picture = _rows(self._base, height, 2 ** (self._skipped + 1 + self.sketched))
        if picture is None:
            picture = _blurred(sample, height, width)
        for level in self.levels[self.sketched :]:
            level[:] = picture
            picture = halved(picture)


def _rows(base: LazyPixels, count: int, step: int) -> np.ndarray | None:
    """Every n-th row and column; None where that takes long, as with packed tiles."""
    rows: list[np.ndarray] = []
    start = time.perf_counter()
    while len(rows) < count:
        rows.append(base[len(rows) * step, ::step])
        if (time.perf_counter() - start) * count > (len(rows) + SPARED) * SKETCH_SECONDS:
            return None
    return np.stack(rows)


def _blurred(sample: np.ndarray, height: int, width: int) -> np.ndarray:
    """float32 (h, w, C): a few means, drawn out."""
    share = BLUR / max(height, width)
    few = max(round(width * share), 1), max(round(height * share), 1)
    means = cv2.resize(sample.astype(np.float32), few, interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(means, (width, height), interpolation=cv2.INTER_LINEAR)
    return smooth.reshape(height, width, -1)
