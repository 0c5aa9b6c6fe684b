"""What a network recommends is chosen on validation images."""

import numpy as np
import pytest

from core.evaluate.calibrate import Found, best_confidence, reliability, score


def found(mean: list[float], hit: list[bool], true: int, peak: list[float] | None = None) -> Found:
    peaks = np.array(peak or [0.9] * len(mean))
    return Found(np.array(mean), peaks, np.array(hit, bool), true, "field")


def all_of(images: list[Found]) -> list[np.ndarray]:
    return [np.ones(len(image.hit), bool) for image in images]


def test_the_score_is_the_mean_over_images_and_over_objects() -> None:
    images = [found([0.9, 0.8], [True, False], 2), found([0.9], [True], 1)]
    # 1 of 3 and 1 of 1; pooled 2 of 4
    assert score(images, all_of(images)) == pytest.approx(((1 / 3 + 1) / 2 + 2 / 4) / 2)


def test_objects_that_are_left_out_are_missing_or_no_longer_wrong() -> None:
    images = [found([0.9, 0.6, 0.6], [True, False, False], 1)]
    assert score(images, all_of(images)) == pytest.approx(1 / 3)
    assert score(images, [np.array([True, False, False])]) == 1.0
    assert score(images, [np.zeros(3, bool)]) == 0.0


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    images = [found([], [], 0), found([0.9], [True], 1)]
    assert score(images, all_of(images)) == 1.0


def test_the_least_confidence_leaves_the_unsure_out() -> None:
    rng = np.random.default_rng(0)
    mean = rng.uniform(0.5, 1, 600)
    image = found(mean.tolist(), (mean > 0.8).tolist(), int((mean > 0.8).sum()))
    best = best_confidence([image], 0.5, 0.35)
    kept = best.confidence(image.mean, image.peak) >= best.min_confidence
    assert best.min_confidence > 0
    assert best.score == score([image], [kept]) > 0.95
    assert best.score > score([image], all_of([image]))


def test_where_all_are_right_all_stay() -> None:
    best = best_confidence([found([0.6, 0.7, 0.9], [True] * 3, 3)], 0.5, 0.35)
    assert (best.min_confidence, best.score) == (0.0, 1.0)


def test_a_high_cue_makes_an_object_surer() -> None:
    rng = np.random.default_rng(1)
    peak = rng.uniform(0.2, 1, 600)
    image = found([0.85] * 600, (peak > 0.6).tolist(), 300, peak.tolist())
    confidence = best_confidence([image], 0.5, 0.35).confidence
    assert confidence(0.85, 0.9) > 0.9 > 0.1 > confidence(0.85, 0.3)


def test_reliability_counts_every_object() -> None:
    rng = np.random.default_rng(2)
    mean = rng.uniform(0.5, 1, 400)
    hit = rng.random(400) < mean
    fields = [Found(mean[i::4], mean[i::4], hit[i::4], 80, str(i)) for i in range(4)]
    table = reliability(fields)
    assert sum(row.objects for row in table) == 400
    assert sum(row.objects * row.hits for row in table) == pytest.approx(hit.sum(), abs=0.5)
