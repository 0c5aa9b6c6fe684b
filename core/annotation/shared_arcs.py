"""Rings as arcs along which the same rings run, so that what two regions share stays shared.

Of label images `arcs.py` knows this from the pixels. Here it is found in the outlines: neighbours
share an edge when both of its vertices are the same numbers in both.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from core.annotation.edges import Edges, edges_of
from core.annotation.region import Ring
from core.annotation.runs import Floats, Ints, Points, firsts, pieces
from core.annotation.simplify import simplify_paths


class Arc(NamedTuple):
    """A stretch of a ring. path: rows of its vertices among those of all rings, the same for every
    ring along it: in one direction, and the first row of several with that vertex. backwards: this
    ring runs the other way. closed: a whole ring, whose first vertex ends it, too. rings: lowest
    and highest number of the rings along it."""

    path: Ints
    backwards: bool
    closed: bool
    rings: tuple[int, int]


def arcs_of(rings: Sequence[Ring]) -> list[list[Arc]]:
    """The arcs of each ring, in its order."""
    edges = edges_of(rings)
    _, first, vertex = np.unique(_as_complex(edges.start), return_index=True, return_inverse=True)
    sizes = np.array([len(points) for points in rings])
    along = np.split(_rings_along(edges, vertex, sizes), np.cumsum(sizes)[:-1])
    rows = np.split(first[vertex], np.cumsum(sizes)[:-1])
    return [list(_arcs_of_ring(*pair)) for pair in zip(rows, along, strict=True)]


def simplify_rings(rings: Sequence[Ring], arcs: list[list[Arc]], tolerance: Floats) -> list[Points]:
    """The vertices left of each ring, possibly fewer than three. See `simplify_paths`.

    arcs: `arcs_of` the rings. tolerance: px, one for each ring; the smaller one counts for what
    two rings share, and with 0 it stays as it is.
    """
    each = {arc.path.tobytes(): arc for own in arcs for arc in own}
    limits = np.array([tolerance[list(arc.rings)].min() for arc in each.values()])
    left = _simplified(np.concatenate(rings), list(each.values()), limits)
    paths = dict(zip(each, left, strict=True))
    return [
        np.concatenate([_in_order(arc, paths[arc.path.tobytes()]) for arc in own]) for own in arcs
    ]


def _as_complex(points: Points) -> np.ndarray:
    return np.ascontiguousarray(points).view(np.complex128).ravel()


def _rings_along(edges: Edges, vertex: Ints, sizes: Ints) -> Ints:
    """(n, 2) lowest and highest number of the rings that have each edge, in either direction."""
    following = np.arange(1, len(vertex) + 1)
    following[np.cumsum(sizes) - 1] = firsts(sizes)
    pair = np.sort(np.column_stack((vertex, vertex[following])), axis=1)
    edge = np.unique(pair @ (len(vertex), 1), return_inverse=True)[1]
    lowest = np.full(len(vertex), len(sizes))
    highest = np.zeros(len(vertex), np.int64)
    np.minimum.at(lowest, edge, edges.ring)
    np.maximum.at(highest, edge, edges.ring)
    return np.column_stack((lowest[edge], highest[edge]))


def _arcs_of_ring(rows: Ints, along: Ints) -> Iterator[Arc]:
    """rows: of the ring's vertices. along: lowest and highest ring along the edge behind each."""
    ends = np.flatnonzero((along != np.roll(along, 1, axis=0)).any(axis=1))
    closed = not len(ends)
    start = int(rows.argmin() if closed else ends[0])
    bounds = [0, len(rows)] if closed else [*(ends - start).tolist(), len(rows)]
    rows, along = np.roll(rows, -start), np.roll(along, -start, axis=0)
    rows = np.append(rows, rows[0])
    for first, last in pairwise(bounds):
        path, back = rows[first : last + 1], rows[first : last + 1][::-1]
        backwards = back[:2].tolist() < path[:2].tolist()
        low, high = along[first].tolist()
        yield Arc(back if backwards else path, backwards, closed, (low, high))


def _simplified(points: Points, arcs: list[Arc], tolerance: Floats) -> list[Points]:
    """What is left of each arc in its own direction, both ends as they were."""
    left = [points[arc.path] for arc in arcs]
    chosen = np.flatnonzero(tolerance > 0)
    if not len(chosen):
        return left
    lengths = np.array([len(left[i]) for i in chosen])
    closed = np.array([arcs[i].closed for i in chosen])
    paths = np.concatenate([left[i] for i in chosen])
    vertices, sizes = simplify_paths(paths, lengths, closed, tolerance[chosen])
    for i, path in zip(chosen.tolist(), pieces(vertices, sizes), strict=True):
        ends = path if arcs[i].closed else left[i]
        left[i] = np.concatenate((ends[:1], path[1:-1], ends[-1:]))
    return left


def _in_order(arc: Arc, path: Points) -> Points:
    """The vertices in the order of the ring, without the last, which begins the next arc."""
    return (path[::-1] if arc.backwards else path)[:-1]
