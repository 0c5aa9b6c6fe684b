"""Runs, and the image that they are painted into."""

import numpy as np
from hypothesis import given

from core.engine.runs import painted, runs_of
from tests.strategies import label_images


@given(label_images())
def test_runs_painted_are_the_image(labels: np.ndarray) -> None:
    runs = runs_of(labels)
    assert np.array_equal(painted(runs, runs.value, labels.shape), labels)
    mask = runs_of(labels > 0)
    assert mask.length.sum() == (labels > 0).sum()
