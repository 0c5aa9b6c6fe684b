"""Regions to pixels and pixels to regions, exactly.

A pixel belongs to a region when its centre is inside, even-odd over all rings. A centre on an edge
belongs to the region to the right of (or below) that edge, so of two neighbours that share an edge
exactly one owns it. A label image turned into outlines and painted again is the same, bit for bit.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.annotation.region import Region
from core.annotation.runs import Floats, Ints, pieces, positions
from core.annotation.tracing import BOTTOM, LEFT, RIGHT, Cracks, Outline, trace
from core.errors import UsageError

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.integer]
LABEL_DTYPES: tuple[type[np.integer], ...] = (np.uint8, np.uint16, np.int32)

REGIONS_AT_ONCE = 4096  # bound the memory of a batch; larger batches are not faster
PIXELS_AT_ONCE = 1 << 22


class _Spans(NamedTuple):
    """Runs of pixels inside: which region (by its place in the batch), row, columns start..stop."""

    owner: Ints
    row: Ints
    start: Ints
    stop: Ints


def rasterize(region: Region, height: int, width: int) -> Mask:
    """(height, width) mask of the pixels of `region`; what lies outside the image is cut off."""
    mask = np.zeros((height, width), bool)
    _paint(mask, _spans([region], height, width), np.ones(1, bool))
    return mask


def region_mask(region: Region, height: int, width: int) -> tuple[Mask, tuple[int, int]]:
    """`rasterize` cut to the pixels of the region, and the row and column of its first pixel.

    A region without a pixel in the image gives a mask of shape (0, 0) at (0, 0).
    """
    spans = _spans([region], height, width)
    if not len(spans.row):
        return np.zeros((0, 0), bool), (0, 0)
    y0, x0 = int(spans.row.min()), int(spans.start.min())
    mask = np.zeros((int(spans.row.max()) + 1 - y0, int(spans.stop.max()) - x0), bool)
    shifted = _Spans(spans.owner, spans.row - y0, spans.start - x0, spans.stop - x0)
    _paint(mask, shifted, np.ones(1, bool))
    return mask, (y0, x0)


def label_dtype(max_id: int) -> np.dtype[np.integer]:
    """The smallest of uint8, uint16 and int32 that holds `max_id`; raises UsageError beyond."""
    for kind in LABEL_DTYPES:
        if max_id <= np.iinfo(kind).max:
            return np.dtype(kind)
    raise UsageError(f"Object number {max_id} is too large for a label image; renumber the objects")


def label_image(
    regions: Sequence[Region], height: int, width: int, dtype: npt.DTypeLike | None = None
) -> Labels:
    """(height, width) image whose value is the id of the region there, 0 for background.

    Where regions overlap the largest id wins. dtype: by the largest id unless given; raises
    UsageError when the given one cannot hold it.
    """
    in_order = sorted(regions, key=lambda region: region.id)
    largest = in_order[-1].id if in_order else 0
    kind = label_dtype(largest) if dtype is None else np.dtype(dtype)
    if largest > np.iinfo(kind).max:
        raise UsageError(f"Object number {largest} does not fit into {kind}; choose a wider type.")
    image: Labels = np.zeros((height, width), kind)
    for batch in _batches(in_order):
        values = np.array([region.id for region in batch], kind)
        _paint(image, _spans(batch, height, width), values)
    return image


def binary_mask(regions: Sequence[Region], height: int, width: int) -> npt.NDArray[np.uint8]:
    """(height, width) uint8: 255 inside any region, 0 elsewhere."""
    image = np.zeros((height, width), np.uint8)
    for batch in _batches(regions):
        _paint(image, _spans(batch, height, width), np.full(len(batch), 255, np.uint8))
    return image


def regions_from_labels(labels: npt.NDArray[np.integer | np.bool_]) -> list[Outline]:
    """Outlines along the pixel edges of every object of `labels` (H, W), sorted by label.

    Values below one are background. Parts of a label that touch by a corner at most come as
    outlines of their own; straight runs have no vertices in between; each outline is valid.
    """
    cracks = trace(labels, split_touching=True)
    corners, sizes = _corners(cracks)
    rings = pieces(corners, sizes)
    return cracks.outlines(rings, np.ones(len(rings), bool))


def _batches(regions: Sequence[Region]) -> Iterator[Sequence[Region]]:
    for first in range(0, len(regions), REGIONS_AT_ONCE):
        yield regions[first : first + REGIONS_AT_ONCE]


def _edges(regions: Sequence[Region]) -> tuple[Ints, Floats]:
    """Owner of each edge of all rings, and its (n, 4) x0, y0, x1, y1 with y0 <= y1.

    Always upwards or always downwards, so that two regions that share an edge compute the same
    crossings for it.
    """
    rings = [(number, ring) for number, region in enumerate(regions) for ring in region.rings]
    sizes = np.array([len(ring) for _, ring in rings])
    ends = np.cumsum(sizes)
    points = np.concatenate([ring for _, ring in rings])
    following = np.arange(1, len(points) + 1)
    following[ends - 1] = ends - sizes
    to = points[following]
    swap = points[:, 1:] > to[:, 1:]
    edges = np.hstack((np.where(swap, to, points), np.where(swap, points, to)))
    return np.repeat([number for number, _ in rings], sizes), edges


def _spans(regions: Sequence[Region], height: int, width: int) -> _Spans:
    """Pixels whose centres are inside: between each pair of crossings along a row of centres."""
    owner, edges = _edges(regions)
    x0, y0, x1, y1 = edges.T
    first, last = _first_centre(y0, height), _first_centre(y1, height)
    counts = last - first
    edge = np.repeat(np.arange(len(edges)), counts)
    row = first[edge] + positions(counts)
    x = x0[edge] + (row + 0.5 - y0[edge]) * (x1 - x0)[edge] / (y1 - y0)[edge]
    column = _first_centre(x, width)
    place = np.sort((owner[edge] * height + row) * (width + 1) + column)
    line, start = np.divmod(place[::2], width + 1)
    stop = place[1::2] % (width + 1)
    some = stop > start
    return _Spans(*np.divmod(line[some], max(height, 1)), start[some], stop[some])


def _first_centre(coordinate: Floats, size: int) -> Ints:
    """The first of `size` pixels whose centre is at or beyond each coordinate; `size` if none."""
    return np.clip(np.ceil(coordinate - 0.5), 0, size).astype(np.int64)


def _paint(image: npt.NDArray[np.generic], spans: _Spans, values: npt.NDArray[np.generic]) -> None:
    """Set the pixels of each span to the value of its owner, later spans over earlier ones."""
    flat = image.reshape(-1)
    lengths = spans.stop - spans.start
    begins = spans.row * image.shape[1] + spans.start
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    cuts = np.searchsorted(ends, np.arange(0, total, PIXELS_AT_ONCE)[1:])
    for part in np.split(np.arange(len(lengths)), cuts):
        count = lengths[part]
        pixels = np.repeat(begins[part], count) + positions(count)
        flat[pixels] = np.repeat(values[spans.owner[part]], count)


def _corners(cracks: Cracks) -> tuple[Floats, Ints]:
    """Points where the walk turns, in order, and how many of them each ring has."""
    before = np.arange(-1, len(cracks.side) - 1)
    before[cracks.starts] = cracks.starts + cracks.lengths - 1
    turns = cracks.side != cracks.side[before]
    ring = np.repeat(np.arange(len(cracks.starts)), cracks.lengths)
    side, (column, row) = cracks.side[turns], cracks.column_row
    x = column[turns] + ((side == RIGHT) | (side == BOTTOM))
    y = row[turns] + ((side == BOTTOM) | (side == LEFT))
    corners = np.stack((x, y), axis=1).astype(np.float64)
    return corners, np.bincount(ring[turns], minlength=len(cracks.starts))
