"""Rings as arcs between junctions, so that what two objects share is simplified once for both.

A junction is a corner where more than two cracks meet: of three objects, of two objects and the
background, or of an object and the edge of the image. Two neighbours walk along their common arc
in opposite directions; both simplify it in the same direction and get the same vertices.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.annotation.runs import Flags, Floats, Ints, Points, firsts, positions
from core.annotation.simplify import simplify_paths
from core.annotation.tracing import LEFT, RIGHT, Cracks


@dataclass(frozen=True, eq=False)
class Arcs:
    """The arcs of all rings of some cracks; a ring without junction is one closed arc.

    first, size: cracks of each arc. ring: its ring. outer: label on the other side of it.
    """

    first: Ints
    size: Ints
    ring: Ints
    outer: Ints
    closed: Flags
    backwards: Flags


def into_arcs(cracks: Cracks) -> tuple[Cracks, Arcs]:
    """The cracks with every ring turned to begin where one of its arcs begins, and the arcs."""
    begins = _after_junction(cracks)
    order = _turned(cracks, begins)
    cracks = replace(cracks, pixel=cracks.pixel[order], side=cracks.side[order])
    begins = begins[order]
    first = np.union1d(np.flatnonzero(begins), cracks.starts)
    ring = np.searchsorted(cracks.starts, first, side="right") - 1
    outer = cracks.padded.ravel()[cracks.across[first]].astype(np.int64)
    size = np.diff(first, append=len(begins))
    return cracks, Arcs(first, size, ring, outer, ~begins[first], outer > cracks.label[ring])


def simplify_arcs(points: Points, arcs: Arcs, tolerance: Floats) -> tuple[Points, Ints]:
    """The vertices left of each ring, one ring after the other, and how many they are.

    points: one for each crack, in their order. tolerance: px, for each arc.
    """
    # A path has two points at least: closed arcs and those of one crack repeat their first.
    repeats = arcs.closed | (arcs.size == 1)
    order = _walk(arcs.first, arcs.size, arcs.size + repeats, arcs)
    vertices, kept = simplify_paths(points[order], arcs.size + repeats, arcs.closed, tolerance)
    size = kept - repeats
    back = _walk(firsts(kept), size, size, arcs)
    return vertices[back], np.bincount(arcs.ring, weights=size).astype(np.int64)


def _after_junction(cracks: Cracks) -> Flags:
    """Whether a crack starts at a corner where more than two cracks meet."""
    flat = cracks.padded.ravel()
    step = cracks.ahead - cracks.pixel
    inner, outer = flat[cracks.pixel], flat[cracks.across]
    behind, opposite = flat[cracks.pixel - step], flat[cracks.across - step]
    others = (inner != behind).astype(np.int64) + (outer != opposite) + (behind != opposite)
    crowded: Flags = others > 1
    return crowded


def _turned(cracks: Cracks, begins: Flags) -> Ints:
    """Order of the cracks in which each ring starts at a junction, else at its first crack in
    reading order; that one is the same from both sides."""
    size = np.repeat(cracks.lengths, cracks.lengths)
    start = np.repeat(cracks.starts, cracks.lengths)
    place = 2 * np.minimum(cracks.pixel, cracks.across) + np.isin(cracks.side, (LEFT, RIGHT))
    place += np.where(begins, 0, 2 * cracks.padded.size)
    lowest = np.minimum.reduceat(place, cracks.starts)
    turn = np.flatnonzero(place == np.repeat(lowest, cracks.lengths)) - cracks.starts
    order: Ints = start + (np.repeat(turn, cracks.lengths) + positions(cracks.lengths)) % size
    return order


def _walk(first: Ints, size: Ints, steps: Ints, arcs: Arcs) -> Ints:
    """Indices along each arc of `size` elements from `first` on, for a number of steps.

    A walk backwards begins at the last element; on a closed arc at the first one, which is where
    it ends in the other direction.
    """
    start = np.where(arcs.backwards & ~arcs.closed, size - 1, 0)
    sign = np.where(arcs.backwards, -1, 1)
    first, size, start, sign = (np.repeat(a, steps) for a in (first, size, start, sign))
    walk: Ints = first + (start + sign * positions(steps)) % size
    return walk
