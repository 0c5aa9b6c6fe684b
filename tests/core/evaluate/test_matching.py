"""The scores against a plain loop over all pairs, and on scenes whose answer is known."""

import numpy as np
import pytest

from core.evaluate.matching import THRESHOLDS, Match, match_labels
from core.evaluate.table import format_table, summarise


def by_loops(truth: np.ndarray, found: np.ndarray) -> list[int]:
    """True positives at every threshold, from the definition."""
    hits = [0] * len(THRESHOLDS)
    for i in set(truth.ravel()) - {0}:
        for j in set(found.ravel()) - {0}:
            a, b = truth == i, found == j
            iou = (a & b).sum() / (a | b).sum()
            for k, threshold in enumerate(THRESHOLDS):
                hits[k] += iou > threshold
    return hits


@pytest.mark.parametrize("seed", range(20))
def test_equals_the_definition_on_random_scenes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = np.kron(rng.integers(0, 6, (6, 6)), np.ones((4, 4), int))
    found = np.roll(truth, rng.integers(-1, 2), 0) * (rng.random(truth.shape) > 0.05)
    match = match_labels(truth, found)
    assert match.hits.tolist() == by_loops(truth, found)
    assert match.true == len(set(truth.ravel()) - {0})


def test_a_perfect_prediction_scores_one() -> None:
    labels = np.kron(np.arange(9).reshape(3, 3), np.ones((5, 5), int))
    match = match_labels(labels, labels * 7)
    assert (match.precision == 1).all() and match.f1 == 1 and match.mean_iou == 1


def test_one_missed_one_invented() -> None:
    truth, found = np.zeros((2, 30, 30), int)
    truth[2:8, 2:8], truth[20:25, 20:25] = 1, 2
    found[2:8, 2:8], found[2:8, 20:25] = 1, 2
    match = match_labels(truth, found)
    assert match.precision[0] == pytest.approx(1 / 3)
    assert match.f1 == pytest.approx(0.5)


def test_empty_images() -> None:
    nothing = np.zeros((4, 4), int)
    assert match_labels(nothing, nothing).precision[0] == 1
    assert match_labels(nothing, nothing + 1).precision[0] == 0
    assert np.isnan(match_labels(nothing, nothing).mean_iou)


def test_pooled_and_mean_of_images_differ_as_they_should() -> None:
    rich = Match(np.full(10, 90), 81.0, 100, 90)
    poor = Match(np.zeros(10, int), 0.0, 1, 1)
    scores = summarise([rich, poor])
    assert scores.pooled[0] == pytest.approx(90 / 102)
    assert scores.per_image[0] == pytest.approx(0.45)
    assert scores.iou == pytest.approx(0.9)
    assert "0.882" in format_table({"all": scores})
