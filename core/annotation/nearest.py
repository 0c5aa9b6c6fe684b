"""What lies under, or nearest to, a point."""

from typing import NamedTuple

import numpy as np

from core.annotation.edges import edges_of
from core.annotation.region import Region


class NearestVertex(NamedTuple):
    """A vertex and its distance in px."""

    ring_index: int
    vertex_index: int
    distance: float


class NearestEdge(NamedTuple):
    """The edge behind vertex `after_index`, its distance in px and its nearest point."""

    ring_index: int
    after_index: int
    distance: float
    point: tuple[float, float]


def contains(region: Region, x: float, y: float) -> bool:
    """Whether x, y is inside, even-odd over all rings; on an edge as for pixel centres (raster)."""
    start, end, *_ = edges_of(region.rings)
    swap = start[:, 1:] > end[:, 1:]
    (x0, y0), (x1, y1) = np.where(swap, end, start).T, np.where(swap, start, end).T
    level = (y0 <= y) & (y < y1)
    at = x0[level] + (y - y0[level]) * (x1 - x0)[level] / (y1 - y0)[level]
    return bool(np.count_nonzero(at <= x) % 2)


def nearest_vertex(region: Region, x: float, y: float) -> NearestVertex:
    """The vertex of any ring that is nearest to x, y; the first of several."""
    edges = edges_of(region.rings)
    distance = np.hypot(*(edges.start - (x, y)).T)
    i = int(distance.argmin())
    return NearestVertex(int(edges.ring[i]), int(edges.vertex[i]), float(distance[i]))


def nearest_edge(region: Region, x: float, y: float) -> NearestEdge:
    """The edge of any ring that is nearest to x, y; the first of several."""
    edges = edges_of(region.rings)
    along = edges.end - edges.start
    length = np.maximum((along**2).sum(axis=1), 1e-300)
    way = np.clip(((np.array((x, y)) - edges.start) * along).sum(axis=1) / length, 0, 1)
    foot = edges.start + way[:, None] * along
    distance = np.hypot(*(foot - (x, y)).T)
    i = int(distance.argmin())
    point = float(foot[i, 0]), float(foot[i, 1])
    return NearestEdge(int(edges.ring[i]), int(edges.vertex[i]), float(distance[i]), point)
