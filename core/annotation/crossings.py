"""Where an outline crosses itself, to be shown red while vertices are dragged."""

import numpy as np
import shapely

from core.annotation.edges import Edges, edges_of
from core.annotation.geometry import is_valid
from core.annotation.holes import without_hole
from core.annotation.nearest import contains
from core.annotation.region import Region
from core.annotation.runs import Flags, Floats, Ints, Points


def crossing_edges(region: Region) -> Floats:
    """(n, 4) x0, y0, x1, y1 of all edges that cross, touch or run along another one, or else of
    the holes that lie astray; empty when the region is valid."""
    if is_valid(region):
        return np.empty((0, 4))
    edges = edges_of(region.rings)
    lines = shapely.linestrings(np.stack((edges.start, edges.end), axis=1))
    first, second = shapely.STRtree(lines).query(lines)  # by bounds, so that `_meet` alone decides
    ordered = first < second
    return _wrong(region, edges, first[ordered], second[ordered])


def edge_crossings(region: Region, ring_index: int, vertex_index: int) -> Floats:
    """`crossing_edges` when only this vertex has moved and the region was valid before.

    Tests the two edges at the vertex against all others, without an index to build.
    """
    if is_valid(region):
        return np.empty((0, 4))
    edges = edges_of(region.rings)
    size = len(region.rings[ring_index])
    offset = sum(len(points) for points in region.rings[:ring_index])
    own = offset + np.array((vertex_index - 1, vertex_index)) % size
    count = len(edges.ring)
    return _wrong(region, edges, np.repeat(own, count), np.tile(np.arange(count), 2))


def _wrong(region: Region, edges: Edges, first: Ints, second: Ints) -> Floats:
    """The edges in those pairs that meet, each once; those of holes astray when none do."""
    meet = _meet(edges.take(first), edges.take(second)) & (first != second)
    found = np.union1d(first[meet], second[meet])
    if not len(found):
        found = np.flatnonzero(np.isin(edges.ring, _astray(region)))
    return np.hstack((edges.start[found], edges.end[found]))


def _astray(region: Region) -> list[int]:
    """The rings, none of which meet, that are holes outside the shell or in another hole."""
    return [
        number
        for number, hole in enumerate(region.holes, 1)
        if not contains(without_hole(region, number), *hole[0].tolist())
    ]


def _meet(a: Edges, b: Edges) -> Flags:
    """Whether the edges of each pair have a point in common; neighbours, more than their vertex."""
    apart = (np.maximum(a.start, a.end) < np.minimum(b.start, b.end)) | (
        np.maximum(b.start, b.end) < np.minimum(a.start, a.end)
    )
    split = _side(a, b.start) * _side(a, b.end) <= 0
    split &= _side(b, a.start) * _side(b, a.end) <= 0
    step = (b.vertex - a.vertex) % a.size
    same = a.ring == b.ring
    ahead, behind = same & (step == 1), same & (step == a.size - 1)
    folds = (ahead & _folds(a.start, a.end, b.end)) | (behind & _folds(b.start, b.end, a.end))
    meets: Flags = np.where(ahead | behind, folds, split & ~apart.any(axis=1))
    return meets


def _side(edge: Edges, point: Points) -> Floats:
    """On which side of the line through the edge each point lies: -1, 0 or 1."""
    return np.sign(_cross(edge.end - edge.start, point - edge.start))


def _folds(before: Points, corner: Points, after: Points) -> Flags:
    """Whether the path turns back onto itself at the corner."""
    back, forth = before - corner, after - corner
    folds: Flags = (_cross(back, forth) == 0) & ((back * forth).sum(axis=1) > 0)
    return folds


def _cross(a: Points, b: Points) -> Floats:
    z: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return z
