"""Which pieces may be one object: a tree of joins, with the traits by which each is judged.

Pieces join where the pass between them is highest, pass by pass, as lakes do when the water rises
in a valley. Every piece and every join is a candidate for an object.
"""

from dataclasses import dataclass

import numpy as np

from core.annotation.runs import Floats, Ints
from core.engine.joins import LOWEST_PEAK, joined, meeting, outlines, ways_out, with_all_below
from core.engine.pieces import Pieces
from core.engine.runs import Runs, along, runs_of

TRAITS = ("foreground", "peak", "rise", "dip", "cut", "saddle", "roundness")


@dataclass(frozen=True, eq=False)
class Tree:
    """Candidates 0..m - 1: first the n pieces, then the joins, each after what it joins.

    pieces: runs in the image, with the number 1..n of the piece as value. parent: (m,) the join
    into which a candidate goes, -1 for none. area: (m,) square pixels. traits: (7, m), see TRAITS:

    - foreground: mean probability; peak: the highest cue;
    - rise: height of its highest pass to other pieces over that of its peak, 0 when alone;
    - dip: height of the pass inside over that of the lower peak beside it, 1 in a piece;
    - cut: share of the outline that borders on other pieces;
    - saddle: mean cue where its pieces touch, 1 in a piece;
    - roundness: area over that of an ellipse of the same second moments: lower with waists.
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
    parent, dip, peak = joined(passes, peaks)
    inside = meeting(passes.first, passes.second, parent)
    own = np.zeros((11, len(parent)))
    own[:9, :count] = *_moments(runs, np.pad(foreground, 1), count), edges, passes.edges(count)
    for row, weights in ((9, passes.length), (10, passes.total)):
        own[row] = np.bincount(inside + 1, weights, len(parent) + 1)[1:]
    area, bright, *moments, edges, shared, touch, total = with_all_below(own, parent)
    traits = (
        bright / area,
        peak,
        ways_out(passes, inside, parent) / np.maximum(peak, LOWEST_PEAK),
        dip,
        (shared - 2 * touch) / (edges - 2 * touch),  # those inside count for both pieces
        np.where(touch > 0, total / np.maximum(touch, 1), 1),
        area / _ellipse(area, *moments),
    )
    frameless = Runs(runs.row - 1, runs.start - 1, runs.stop - 1, runs.value)
    return Tree(frameless, parent, area, np.array(traits))


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
