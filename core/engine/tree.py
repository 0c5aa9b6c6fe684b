"""Which pieces may be one object: a tree of joins, with the traits by which each is judged.

The pieces with the highest pass between them join first, up to a number of pieces that only
clusters have. Every piece and every join is a candidate for an object.
"""

from dataclasses import dataclass

import numpy as np

from core.annotation.runs import Floats, Ints
from core.engine.joins import (
    LOWEST_PEAK,
    Passes,
    joined,
    outlines,
    smallest_join,
    ways_out,
    with_all_below,
)
from core.engine.pieces import Pieces
from core.engine.runs import Runs, along, runs_of

TRAITS = ("foreground", "peak", "outer_pass", "inner_pass", "contact", "seam", "ellipse")


@dataclass(frozen=True, eq=False)
class Tree:
    """Candidates 0..m - 1: first the n pieces, then the joins, each after what it joins.

    pieces: runs in the image, with the number 1..n of the piece as value. parent: (m,) the join
    into which a candidate goes, -1 for none. area: (m,) square pixels. traits: (7, m), see TRAITS:

    - foreground: mean probability; peak: the highest cue;
    - outer_pass: height of its highest pass to other pieces over its peak, 0 when alone;
    - inner_pass: height of the pass that joins it over the lower peak beside it, 1 in a piece;
    - contact: share of the outline that borders on other pieces;
    - seam: mean cue where its pieces touch, 1 in a piece;
    - ellipse: area over that of an ellipse of the same second moments: lower with a waist.
    """

    pieces: Runs
    parent: Ints
    area: Floats
    traits: Floats

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return int(self.pieces.value.max(initial=0))


def grow_tree(pieces: Pieces, foreground: np.ndarray) -> Tree:
    """The tree of the pieces of a foreground (H, W) of 0..1."""
    runs = runs_of(pieces.labels)
    count = int(runs.value.max(initial=0))
    edges, passes = outlines(pieces, count)
    peaks = np.zeros(count)
    np.maximum.at(peaks, runs.value - 1, along(np.maximum, runs, pieces.height))
    parent, low, peak = joined(passes, peaks)
    inside = smallest_join(passes.first, passes.second, parent)
    of_pieces = (*_moments(runs, np.pad(foreground, 1), count), edges, passes.edges(count))
    none_yet = ((0, 0), (0, len(parent) - count))  # a join has only what it joins
    own = np.concatenate((np.pad(of_pieces, none_yet), _within(passes, inside, len(parent))))
    area, bright, *moments, edges, beside, seam, total = with_all_below(own, parent)
    traits = (
        bright / area,
        peak,
        ways_out(passes, inside, parent) / np.maximum(peak, LOWEST_PEAK),
        low,
        (beside - 2 * seam) / (edges - 2 * seam),  # those inside count for both pieces
        np.where(seam > 0, total / np.maximum(seam, 1), 1),
        area / _ellipse(area, *moments),
    )
    frameless = Runs(runs.row - 1, runs.start - 1, runs.stop - 1, runs.value)
    return Tree(frameless, parent, area, np.array(traits))


def _within(passes: Passes, inside: Ints, count: int) -> Floats:
    """(2, count) pixel edges and sum of the cue of the passes that each candidate joins first."""
    columns = (passes.length, passes.total)
    return np.array([np.bincount(inside + 1, c, count + 1)[1:] for c in columns])


def _moments(runs: Runs, foreground: np.ndarray, count: int) -> Floats:
    """(7, count) of each piece: area, sum of the foreground, sums of x, y, x², y², xy."""
    row, start, stop, value = runs
    x, y = runs.length * (start + stop - 1) / 2, runs.length * row
    columns = (
        runs.length,
        along(np.add, runs, foreground),
        x,
        y,
        _squares(stop) - _squares(start),
        y * row,
        x * row,
    )
    return np.array([np.bincount(value - 1, column, count) for column in columns])


def _squares(stop: Ints) -> Floats:
    """0² + 1² + ... + (stop - 1)²."""
    return stop * (stop - 1.0) * (2 * stop - 1) / 6


def _ellipse(area: Floats, x: Floats, y: Floats, xx: Floats, yy: Floats, xy: Floats) -> Floats:
    """Area of the ellipse with these moments, a pixel being a square (variance 1/12)."""
    spread = (xx / area - (x / area) ** 2 + 1 / 12) * (yy / area - (y / area) ** 2 + 1 / 12)
    return 4 * np.pi * np.sqrt(np.maximum(spread - (xy / area - x * y / area**2) ** 2, 1e-9))
