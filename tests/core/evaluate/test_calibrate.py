"""What a network recommends is chosen on validation images."""

import numpy as np
import pytest

from core.evaluate.calibrate import Found, score


def found(sureness: list[float], hit: list[bool], true: int) -> Found:
    return Found(np.array(sureness), np.array(hit, bool), true)


def test_the_score_is_the_mean_over_images_and_over_objects() -> None:
    images = [found([0.9, 0.8], [True, False], 2), found([0.9], [True], 1)]
    # 1 of 3 and 1 of 1; pooled 2 of 4
    assert score(images, 0.0) == pytest.approx(((1 / 3 + 1) / 2 + 2 / 4) / 2)


def test_unsure_objects_are_left_out() -> None:
    images = [found([0.9, 0.6, 0.6], [True, False, False], 1)]
    assert score(images, 0.0) == pytest.approx(1 / 3)
    assert score(images, 0.7) == 1.0
    assert score(images, 0.95) == 0.0


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert score([found([], [], 0), found([0.9], [True], 1)], 0.5) == 1.0
    assert score([found([0.9], [False], 0), found([0.9], [True], 1)], 0.95) == pytest.approx(0.25)
