"""How many pixels of an image each region covers, for many regions at once."""

from collections.abc import Sequence

import numpy as np

from core.annotation.raster import _batches, _spans
from core.annotation.region import Region


def pixel_counts(regions: Sequence[Region], height: int, width: int) -> list[int]:
    """The sum of `rasterize` of each region."""
    counts: list[int] = []
    for batch in _batches(regions):
        spans = _spans(batch, height, width)
        lengths = spans.stop - spans.start
        counts += np.bincount(spans.owner, lengths, len(batch)).astype(int).tolist()
    return counts
