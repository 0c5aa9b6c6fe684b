"""The tree of joins against its definitions, candidate by candidate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import joins
from core.engine.joins import with_all_below
from core.engine.pieces import Pieces, find_pieces
from core.engine.runs import labelled
from core.engine.tree import TRAITS, Tree, grow_tree
from tests.core.engine.scenes import scene


def grown(foreground: np.ndarray, cue: np.ndarray) -> tuple[Tree, Pieces]:
    pieces = find_pieces(foreground, cue, 0.4)
    return grow_tree(pieces, foreground), pieces


def members(tree: Tree) -> np.ndarray:
    """(m, n) whether a piece lies in a candidate."""
    own = np.zeros((tree.count, len(tree.parent)))
    own[:, : tree.count] = np.eye(tree.count)
    return with_all_below(own, tree.parent).T > 0


def trait(tree: Tree, name: str) -> np.ndarray:
    values: np.ndarray = tree.traits[TRAITS.index(name)]
    return values


def borders(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flat indices of the two pixels of each edge between unlike ones."""
    place = np.arange(labels.size).reshape(labels.shape)
    a = np.concatenate((place[1:].ravel(), place[:, 1:].ravel()))
    b = np.concatenate((place[:-1].ravel(), place[:, :-1].ravel()))
    unlike = labels.ravel()[a] != labels.ravel()[b]
    return a[unlike], b[unlike]


@given(st.integers(0, 2**32 - 1))
def test_traits_are_those_of_the_pixels(seed: int) -> None:
    foreground, cue = np.random.default_rng(seed).random((2, 12, 15), np.float32)
    tree, pieces = grown(foreground, cue)
    bright = np.pad(foreground, 1)
    a, b = borders(pieces.labels)
    low = np.minimum(pieces.height.ravel()[a], pieces.height.ravel()[b])
    for one, inside in enumerate(members(tree)):
        mask = np.isin(pieces.labels, np.flatnonzero(inside) + 1)
        in_a, in_b = mask.ravel()[a], mask.ravel()[b]
        outline, within = in_a != in_b, in_a & in_b
        others = (pieces.labels.ravel()[a] > 0) & (pieces.labels.ravel()[b] > 0) & outline
        spread = np.cov(np.argwhere(mask).T, bias=True) + np.eye(2) / 12
        wanted = {
            "foreground": bright[mask].mean(),
            "peak": pieces.height[mask].max(),
            "outer_pass": low[others].max(initial=0) / max(pieces.height[mask].max(), 0.05),
            "contact": others.sum() / outline.sum(),
            "seam": low[within].mean() if within.any() else 1.0,
            "ellipse": mask.sum() / (4 * np.pi * np.sqrt(np.linalg.det(spread))),
        }
        assert tree.area[one] == mask.sum()
        for name, value in wanted.items():
            assert trait(tree, name)[one] == pytest.approx(value, rel=1e-4), name


@given(st.integers(0, 2**32 - 1))
def test_joins_follow_the_highest_passes(seed: int) -> None:
    foreground, cue = np.random.default_rng(seed).random((2, 12, 15), np.float32)
    tree, pieces = grown(foreground, cue)
    a, b = borders(pieces.labels)
    low = np.minimum(pieces.height.ravel()[a], pieces.height.ravel()[b])
    inside = members(tree)
    for join in range(tree.count, len(tree.parent)):
        first, second = np.flatnonzero(tree.parent == join)
        assert np.array_equal(inside[join], inside[first] | inside[second])
        ends = [pieces.labels.ravel()[end] - 1 for end in (a, b)]
        sides = [np.append(inside[kid], False)[ends[i]] for kid in (first, second) for i in (0, 1)]
        height = low[(sides[0] & sides[3]) | (sides[1] & sides[2])].max()
        peak = trait(tree, "peak")[[first, second]]
        assert trait(tree, "inner_pass")[join] == pytest.approx(height / max(peak.min(), 0.05))


def test_an_object_of_its_own_has_no_neighbours() -> None:
    tree, _ = grown(*scene((30, 40, 12)))
    assert tree.parent.tolist() == [-1]
    assert [trait(tree, name)[0] for name in ("outer_pass", "inner_pass", "contact", "seam")] == [
        0,
        1,
        0,
        1,
    ]
    assert trait(tree, "ellipse")[0] == pytest.approx(1, abs=0.01)


def test_a_waist_makes_a_join_less_round() -> None:
    tree, _ = grown(*scene((40, 40, 16), (68, 40, 16)))
    assert tree.parent.tolist() == [2, 2, -1]
    left, right, both = trait(tree, "ellipse")
    assert left > 0.95 < right and both < 0.95


def test_nothing_gives_an_empty_tree() -> None:
    tree, _ = grown(*np.zeros((2, 20, 30), np.float32))
    assert tree.count == len(tree.parent) == tree.traits.shape[1] == 0
    assert labelled(tree.pieces, (20, 30)).max() == 0


def test_a_cluster_of_many_is_no_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = scene(*[(10 + 12 * i, 40, 8) for i in range(8)])
    assert members(grown(*chain)[0]).sum(axis=1).max() == 8
    monkeypatch.setattr(joins, "MOST", 3)
    tree, _ = grown(*chain)
    assert members(tree).sum(axis=1).max() <= 3
    assert (trait(tree, "outer_pass") > 0).all()
