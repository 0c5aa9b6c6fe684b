"""How pieces join: where two touch lies a pass, and the highest pass joins first."""

from dataclasses import dataclass

import numpy as np

from core.annotation.runs import Floats, Ints
from core.engine.pieces import Pieces

MOST = 64
"""Pieces of a join: what falls into more is a cluster of objects, however little is divided."""
LOWEST_PEAK = 0.05
"""Peaks are compared with passes as if they were at least as high as this."""


@dataclass(frozen=True, eq=False)
class Passes:
    """Where two pieces touch. first, second: (k,) pieces from 0; length: pixel edges; total: sum
    of the cue along them; height: the highest cue."""

    first: Ints
    second: Ints
    length: Ints
    total: Floats
    height: Floats

    def edges(self, count: int) -> Floats:
        """(count,) pixel edges between each piece and others."""
        both = np.concatenate((self.first, self.second))
        return np.bincount(both, np.tile(self.length, 2), count).astype(np.float64)


def outlines(pieces: Pieces, count: int) -> tuple[Ints, Passes]:
    """Pixel edges around each piece, and the passes between them."""
    labels, cue = pieces.labels.ravel(), pieces.height.ravel()
    ends, lows = [], []
    for step in (1, pieces.labels.shape[1]):  # the frame keeps the rows apart
        at = np.flatnonzero(labels[:-step] != labels[step:])
        ends.append((labels[at], labels[at + step]))
        lows.append(np.minimum(cue[at], cue[at + step]))
    (a, b), low = np.concatenate(ends, axis=1), np.concatenate(lows)
    edges = np.bincount(a, minlength=count + 1) + np.bincount(b, minlength=count + 1)
    both = (a > 0) & (b > 0)
    key = np.minimum(a, b)[both].astype(np.int64) * (count + 1) + np.maximum(a, b)[both]
    pairs, place = np.unique(key, return_inverse=True)
    first, second = np.divmod(pairs, count + 1)
    height = np.zeros(len(pairs))
    np.maximum.at(height, place, low[both])
    length, total = np.bincount(place), np.bincount(place, low[both]).astype(np.float64)
    return edges[1:], Passes(first - 1, second - 1, length, total, height)


def joined(passes: Passes, peaks: Floats) -> tuple[Ints, Floats, Floats]:
    """Of each candidate, (m,): its parent, the relative height of the pass that joins it, its peak.

    peaks: (n,) of the pieces. A join has the number after all that it joins.
    """
    parent, low, size = [-1] * len(peaks), [1.0] * len(peaks), [1] * len(peaks)
    peak, root = peaks.tolist(), list(range(len(peaks)))

    def outermost(one: int) -> int:
        while root[one] != one:
            root[one] = one = root[root[one]]
        return one

    order = np.argsort(-passes.height, kind="stable")
    ends = (column[order].tolist() for column in (passes.first, passes.second, passes.height))
    for first, second, height in zip(*ends, strict=True):
        a, b = outermost(first), outermost(second)
        if a == b or size[a] + size[b] > MOST:
            continue
        parent[a] = parent[b] = root[a] = root[b] = len(parent)
        root.append(len(parent))
        parent.append(-1)
        low.append(height / max(min(peak[a], peak[b]), LOWEST_PEAK))
        peak.append(max(peak[a], peak[b]))
        size.append(size[a] + size[b])
    return np.array(parent, np.int64), np.array(low), np.array(peak)


def smallest_join(a: Ints, b: Ints, parent: Ints) -> Ints:
    """The smallest join with both candidates in it, -1 where there is none. Parents have higher
    numbers than what they join, so of two candidates the lower one has to climb."""
    while (apart := (a != b) & (a >= 0) & (b >= 0)).any():
        a, b = np.where(apart & (a < b), parent[a], a), np.where(apart & (b < a), parent[b], b)
    return np.where(a == b, a, -1)


def ways_out(passes: Passes, inside: Ints, parent: Ints) -> Floats:
    """(m,) the height of the highest pass that leads out of each candidate, 0 where none does.

    inside: (k,) the smallest join that a pass lies in, -1 for none.
    """
    highest = np.zeros(len(parent))
    for at in (passes.first, passes.second):
        until, height = inside, passes.height
        while (out := at != until).any():
            at, until, height = at[out], until[out], height[out]
            np.maximum.at(highest, at, height)
            at = parent[at]
    return highest


def with_all_below(own: Floats, parent: Ints) -> Floats:
    """(k, m) what each candidate has of its own and through all that is joined in it."""
    total, of, at = own.copy(), np.arange(len(parent)), parent
    while (inside := at >= 0).any():
        of, at = of[inside], at[inside]
        for row, values in zip(total, own, strict=True):
            row += np.bincount(at, values[of], len(parent))
        at = parent[at]
    return total
