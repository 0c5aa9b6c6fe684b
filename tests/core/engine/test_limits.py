"""Limits of size, small holes, objects at the edge of the image."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import label as label_components

from core.engine.limits import fill_small_holes, off_border, within_sizes
from core.engine.runs import labelled, runs_of
from tests.strategies import label_images


def limit_sizes(labels: np.ndarray, smallest: float, largest: float | None) -> np.ndarray:
    return labelled(within_sizes(runs_of(labels), smallest, largest), labels.shape)


def test_size_limits_count_pixels_and_include_the_limit() -> None:
    labels = np.zeros((40, 40), np.int32)
    labels[2:12, 2:12] = 1
    labels[20:29, 20:29] = 2
    labels[30:40, 30:40] = 3
    labels[39, 39] = 0
    kept = limit_sizes(labels, 100, None)
    assert np.array_equal(kept > 0, labels == 1)
    assert np.unique(limit_sizes(labels, 0, 99)).tolist() == [0, 2, 3]


@pytest.mark.parametrize(("largest", "filled"), [(0, False), (8, False), (9, True)])
def test_holes_are_filled_up_to_the_limit(largest: int, filled: bool) -> None:
    labels = np.zeros((30, 30), np.int32)
    labels[5:20, 5:20] = 4
    labels[10:13, 10:13] = 0
    assert fill_small_holes(labels, largest)[11, 11] == 4 * filled


def test_a_gap_between_two_objects_is_no_hole() -> None:
    labels = np.zeros((30, 30), np.int32)
    labels[5:20, 5:12] = 1
    labels[5:20, 12:20] = 2
    labels[10:13, 11:13] = 0
    assert np.array_equal(fill_small_holes(labels, 50), labels)


@given(label_images(max_label=5), st.integers(0, 8), st.none() | st.integers(8, 40))
def test_size_limits_are_those_of_every_object(
    labels: np.ndarray, smallest: int, largest: int | None
) -> None:
    kept = limit_sizes(labels, smallest, largest)
    wanted = [
        label
        for label in np.unique(labels[labels > 0])
        if smallest <= (labels == label).sum() <= (largest or labels.size)
    ]
    assert np.array_equal(kept, np.where(np.isin(labels, wanted), labels, 0))


def test_gaps_that_touch_by_a_corner_are_one_hole() -> None:
    labels = np.ones((12, 12), np.int32)
    labels[3:5, 3:5] = labels[5:7, 5:7] = 0
    assert np.array_equal(fill_small_holes(labels, 7), labels)
    assert fill_small_holes(labels, 8).all()


@given(label_images(), st.integers(1, 30))
def test_gaps_are_filled_when_one_object_surrounds_them(labels: np.ndarray, largest: int) -> None:
    filled = fill_small_holes(labels, largest)
    gaps = label_components(labels == 0, connectivity=2)
    for gap in range(1, gaps.max() + 1):
        inside = gaps == gap
        framed = np.pad(inside, 1)
        rim = cv2.dilate(framed.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~framed
        around = np.unique(np.pad(labels, 1, constant_values=-1)[rim])
        fits = inside.sum() <= largest and len(around) == 1 and around[0] > 0
        assert (filled[inside] == (around[0] if fits else 0)).all()
    assert np.array_equal(filled[labels > 0], labels[labels > 0])


@given(label_images())
def test_objects_at_the_border_are_dropped(labels: np.ndarray) -> None:
    inner = labelled(off_border(runs_of(labels), labels.shape), labels.shape)
    edge = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    wanted = np.setdiff1d(labels[labels > 0], edge)
    assert np.array_equal(inner, np.where(np.isin(labels, wanted), labels, 0))
