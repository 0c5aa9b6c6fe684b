"""From probability maps to objects: the joins of pieces that are worth most together."""

import numpy as np

from core.annotation.runs import Floats, Ints
from core.confidence import Confidence, chances
from core.engine.pieces import find_pieces
from core.engine.runs import Runs
from core.engine.tree import Tree, grow_tree


def find_objects(
    foreground: np.ndarray,
    cue: np.ndarray,
    threshold: float,
    separation: float,
    confidence: Confidence,
    usual_separation: float | None = None,
) -> tuple[Runs, Floats]:
    """The runs of the objects 1..n, in reading order of their connected parts, and the confidence
    of each value from 0 (background: 0) to n.

    foreground, cue: (H, W) float32 of 0..1. Every pixel of the foreground belongs to an object.
    usual_separation: what it makes of the pixels of an object vouches for it too. So who asks for
    more or less separation divides and joins objects, and does not lose them.
    """
    tree = grow_tree(find_pieces(foreground, cue, threshold), foreground)
    log_odds = confidence.log_odds(tree.traits)
    chance = chances(log_odds)
    number, chosen = chosen_objects(tree, log_odds, separation)
    likely = np.append(0.0, chance[chosen])
    if usual_separation is not None and usual_separation != separation:
        usual = chosen_candidates(tree, log_odds, usual_separation)[: tree.count]
        np.maximum.at(likely, number, chance[usual])
    return tree.pieces._replace(value=number[tree.pieces.value - 1]), likely


def chosen_objects(tree: Tree, log_odds: Floats, separation: float) -> tuple[Ints, Ints]:
    """The number 1..k of the object of each piece, and the candidate that each object is.

    log_odds: (m,) of the candidates.
    """
    whole = chosen_candidates(tree, log_odds, separation)[: tree.count]
    chosen, first, place = np.unique(whole, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(1, len(order) + 1)
    return number[place], chosen[order]


def chosen_candidates(tree: Tree, log_odds: Floats, separation: float) -> Ints:
    """(m,) the chosen candidate that each one lies in or is; one that is divided stands for itself.

    A candidate is worth its log odds, which add up as independent evidence does, or next to nothing
    where it is likelier wrong than right. A join is divided when its parts are worth more.
    `separation` is their weight against that of the whole: at 0.5 both count alike, at 0 nothing is
    divided (but clusters, `core.engine.joins.MOST`), at 1 everything. What the parts are worth at
    best does not depend on it, so a higher one never joins.
    """
    parent, worth = tree.parent.tolist(), (np.logaddexp(0, 2 * log_odds) / 2).tolist()
    parts, divided = [0.0] * len(parent), [False] * len(parent)
    for one, join in enumerate(parent):  # what is joined comes before the join
        if separation * parts[one] > (1 - separation) * worth[one]:
            divided[one] = True
        worth[one] = max(worth[one], parts[one])
        if join >= 0:
            parts[join] += worth[one]
    whole = list(range(len(parent)))
    for one in reversed(whole.copy()):
        join = parent[one]
        if join >= 0 and not (whole[join] == join and divided[join]):
            whole[one] = whole[join]
    return np.array(whole, np.int64)
