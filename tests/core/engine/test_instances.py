"""Which of the candidates become objects."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.confidence import TYPICAL
from core.engine.instances import chosen_candidates, chosen_objects, find_objects
from core.engine.runs import Runs
from core.engine.tree import Tree
from tests.core.engine.scenes import scene


def tree_of(parent: list[int]) -> Tree:
    """A tree with these joins whose pieces are single pixels of one row."""
    count = min((p for p in parent if p >= 0), default=len(parent))
    at = np.arange(count)
    pieces = Runs(np.zeros(count, np.int64), at, at + 1, at + 1)
    return Tree(pieces, np.array(parent), np.ones(len(parent)), np.zeros((7, len(parent))))


PAIR = tree_of([2, 2, -1])
NESTED = tree_of([3, 3, 4, 4, -1])
"""Pieces 0 and 1 in 3; that and 2 in 4."""


def log_odds(chance: list[float]) -> np.ndarray:
    p = np.clip(chance, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(p / (1 - p)))


def objects(tree: Tree, chance: list[float], separation: float = 0.5) -> list[int]:
    """The number of the object of each piece."""
    return chosen_objects(tree, log_odds(chance), separation)[0].tolist()


def test_two_good_parts_are_worth_more_than_a_good_whole() -> None:
    assert objects(PAIR, [0.9, 0.9, 0.9]) == [1, 2]
    assert objects(PAIR, [0.6, 0.6, 0.9]) == [1, 1]


def test_a_good_part_next_to_rubbish_is_worth_what_it_is() -> None:
    assert objects(PAIR, [0.9, 0.1, 0.8]) == [1, 2]
    assert objects(PAIR, [0.8, 0.1, 0.9]) == [1, 1]


def test_what_is_worth_little_is_divided_only_when_asked_to() -> None:
    assert objects(PAIR, [0.3, 0.3, 0.4]) == [1, 1]
    assert objects(PAIR, [0.3, 0.3, 0.4], 0.95) == [1, 2]


def test_parts_are_divided_only_where_that_is_worth_more() -> None:
    assert objects(NESTED, [0.9, 0.9, 0.9, 0.7, 0.7]) == [1, 2, 3]
    assert objects(NESTED, [0.6, 0.6, 0.9, 0.9, 0.7]) == [1, 1, 2]
    assert objects(NESTED, [0.6, 0.6, 0.6, 0.6, 0.9]) == [1, 1, 1]
    assert objects(NESTED, [0.9, 0.9, 0.9, 0.1, 0.7]) == [1, 2, 3]


def test_the_candidate_of_each_object_is_told() -> None:
    number, chosen = chosen_objects(NESTED, log_odds([0.6, 0.6, 0.9, 0.9, 0.7]), 0.5)
    assert chosen.tolist() == [3, 2]
    assert number.tolist() == [1, 1, 2]


@st.composite
def trees(draw: st.DrawFn) -> tuple[Tree, list[float]]:
    """Any tree of up to 8 pieces with a chance for each candidate."""
    count = draw(st.integers(1, 8))
    parent, roots = [-1] * count, list(range(count))
    for _ in range(draw(st.integers(0, count - 1))):
        a = roots.pop(draw(st.integers(0, len(roots) - 1)))
        b = roots.pop(draw(st.integers(0, len(roots) - 1)))
        parent[a] = parent[b] = len(parent)
        roots.append(len(parent))
        parent.append(-1)
    chance = st.lists(st.floats(0, 1), min_size=len(parent), max_size=len(parent))
    return tree_of(parent), draw(chance)


@example((tree_of([3, 3, 4, 4, -1]), [0.547, 0.547, 0.001, 0.88, 0.943]), 0.6, 0.72)
@given(trees(), st.floats(0, 1), st.floats(0, 1))
def test_higher_separation_never_joins(
    drawn: tuple[Tree, list[float]], one: float, other: float
) -> None:
    tree, chance = drawn
    few, many = (objects(tree, chance, s) for s in sorted((one, other)))
    assert max(few) <= max(many)
    assert len(set(zip(few, many, strict=True))) == max(many)  # each lies in one of the larger


@given(trees())
def test_no_other_choice_is_worth_more(drawn: tuple[Tree, list[float]]) -> None:
    tree, chance = drawn
    worth = np.logaddexp(0, 2 * log_odds(chance)) / 2
    chosen = np.unique(chosen_candidates(tree, log_odds(chance), 0.5)[: tree.count])

    def best(one: int) -> float:
        parts = sum(best(int(kid)) for kid in np.flatnonzero(tree.parent == one))
        return float(max(worth[one], parts))

    roots = np.flatnonzero(tree.parent < 0)
    assert worth[chosen].sum() == pytest.approx(sum(best(int(root)) for root in roots))


@given(trees())
def test_at_the_ends_all_is_joined_or_divided(drawn: tuple[Tree, list[float]]) -> None:
    tree, chance = drawn
    assert max(objects(tree, chance, 0)) == np.count_nonzero(tree.parent < 0)
    assert objects(tree, chance, 1) == list(range(1, tree.count + 1))


def test_touching_discs_are_two_and_a_dented_one_is_one() -> None:
    maps = scene((40, 40, 16), (68, 40, 16))
    runs, confidence = find_objects(*maps, 0.5, 0.5, TYPICAL)
    assert runs.value.max() == 2 and confidence[0] == 0 and (confidence[1:] > 0.8).all()
    assert find_objects(*maps, 0.5, 0.0, TYPICAL)[0].value.max() == 1
    dented = scene((40, 40, 16), (46, 40, 16))  # both halves look good, the whole much better
    assert find_objects(*dented, 0.5, 0.5, TYPICAL)[0].value.max() == 1


def test_confidence_follows_the_traits() -> None:
    foreground, cue = scene((30, 40, 16), (90, 40, 16))
    foreground[:, 60:] *= 0.6
    _, confidence = find_objects(foreground, cue, 0.5, 0.5, TYPICAL)
    assert confidence[1] > 0.9 > 0.3 > confidence[2]


def test_what_is_divided_or_joined_by_a_person_is_as_sure_as_before() -> None:
    dented, pair = scene((40, 40, 16), (46, 40, 16)), scene((40, 40, 16), (68, 40, 16))
    one = find_objects(*dented, 0.5, 0.5, TYPICAL)[1]
    alone, vouched = (find_objects(*dented, 0.5, 1.0, TYPICAL, s)[1] for s in (None, 0.5))
    assert len(alone) == len(vouched) == 3
    assert vouched[1] == vouched[2] == one[1] > alone[1]
    two = find_objects(*pair, 0.5, 0.5, TYPICAL)[1]
    assert find_objects(*pair, 0.5, 0.0, TYPICAL, 0.5)[1].tolist() == [0, two.max()]


def test_nothing_gives_nothing() -> None:
    runs, confidence = find_objects(*np.zeros((2, 9, 9), np.float32), 0.5, 0.5, TYPICAL)
    assert len(runs.row) == 0 and confidence.tolist() == [0]
