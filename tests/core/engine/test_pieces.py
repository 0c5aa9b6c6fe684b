"""Pieces of the foreground, one around each peak of the cue, on scenes drawn by hand."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import label as label_components
from skimage.morphology import local_maxima
from skimage.segmentation import watershed

from core.engine.pieces import LEVELS, SMOOTHING, find_pieces
from tests.core.engine.scenes import scene


def pieces(foreground: np.ndarray, cue: np.ndarray, threshold: float) -> np.ndarray:
    labels = find_pieces(foreground, cue, threshold).labels
    frame = np.ones(labels.shape, bool)
    frame[1:-1, 1:-1] = False
    assert not labels[frame].any()
    return labels[1:-1, 1:-1]


def test_touching_discs_are_separated_half_way() -> None:
    foreground, cue = scene((40, 40, 16), (70, 40, 16))
    labels = pieces(foreground, cue, 0.5)
    assert labels.max() == 2
    left, right = np.bincount(labels.ravel())[1:]
    assert abs(int(left) - int(right)) < 30
    assert (labels > 0).sum() == (foreground > 0.5).sum()
    assert len(np.unique(labels[:, :54])) == 2 and len(np.unique(labels[:, 58:])) == 2


def test_a_part_without_a_peak_is_one_piece() -> None:
    foreground, cue = scene((40, 40, 16), (90, 40, 10))
    cue[:, 75:] = 0
    labels = pieces(foreground, cue, 0.5)
    assert labels.max() == 2
    assert (labels[:, 75:] > 0).sum() == (foreground[:, 75:] > 0).sum()


def test_growth_stays_inside_the_connected_part() -> None:
    """A long bar whose peak lies far away, next to a disc whose peak is near to its end."""
    foreground = np.zeros((40, 120), np.float32)
    foreground[18:22, 5:100] = 1
    foreground[24:38, 80:100] = 1
    cue = np.zeros_like(foreground)
    cue[18:22, 6:12] = 1
    cue[28:34, 85:95] = 1
    labels = pieces(foreground, cue, 0.5)
    assert len(np.unique(labels[18:22, 5:100])) == 1
    assert len(np.unique(labels[24:38, 80:100])) == 1
    assert labels[20, 50] != labels[30, 90]


def test_thresholds_zero_and_one_behave() -> None:
    foreground, cue = scene((40, 40, 16))
    assert (pieces(foreground, cue, 0.0) > 0).all()
    assert pieces(foreground * 0.99, cue, 1.0).max() == 0


def test_pieces_are_numbered_without_gaps_by_the_place_of_their_part() -> None:
    foreground, cue = scene((90, 20, 10), (20, 25, 12), (42, 25, 12), (70, 60, 9))
    labels = pieces(foreground, cue, 0.5)
    assert labels.dtype == np.int32
    assert np.unique(labels).tolist() == [0, 1, 2, 3, 4]
    assert [labels[20, 90], labels[25, 20], labels[25, 42], labels[60, 70]] == [1, 2, 3, 4]


def test_a_piece_does_not_reach_across_a_gap() -> None:
    """A horseshoe: the way to the pixels on the other side leads round the bend."""
    foreground = np.zeros((40, 60), np.float32)
    foreground[5:11, 5:50] = foreground[13:19, 5:50] = foreground[5:19, 5:10] = 1
    cue = np.zeros_like(foreground)
    cue[6:10, 30:48] = cue[14:18, 6:9] = 1
    labels = pieces(foreground, cue, 0.5)
    assert labels[8, 40] != labels[16, 7]
    assert (labels[14:18, 12:48] == labels[16, 7]).all()


def test_pieces_are_cut_at_the_valley_of_the_cue() -> None:
    """A large and a small peak with the valley near the small one, not half-way."""
    foreground = np.zeros((30, 100), np.float32)
    foreground[5:25, 5:95] = 1
    columns = np.arange(100) + 0.5
    profile = np.where(columns < 80, 1 - np.abs(columns - 40) / 45, 1 - np.abs(columns - 88) / 10)
    cue = np.broadcast_to(np.clip(profile, 0.05, 1), (30, 100)).astype(np.float32)
    row = pieces(foreground, cue, 0.5)[15]
    assert (row[5:78] == row[40]).all() and (row[82:95] == row[88]).all() and row[40] != row[88]


@pytest.mark.parametrize("seed", range(5))
def test_growth_is_the_watershed_of_the_library(seed: int) -> None:
    """But for the steps of the cue and the pixels that two peaks reach at the same time."""
    random = np.random.default_rng(seed)
    foreground, cue = scene(*random.uniform((10, 10, 6), (110, 70, 12), (25, 3)))
    labels = pieces(foreground, cue, 0.5)
    smooth = cv2.GaussianBlur(cue, (0, 0), SMOOTHING)
    theirs = watershed(-smooth, np.where(summits(foreground, cue), labels, 0), mask=labels > 0)
    assert len(np.unique(labels)) > 8
    assert np.mean(labels[labels > 0] == theirs[labels > 0]) > 0.96


def summits(foreground: np.ndarray, cue: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    """(H, W) bool: the plateaus of the steps of the cue in the foreground, by the library."""
    level = cv2.convertScaleAbs(cv2.GaussianBlur(cue, (0, 0), SMOOTHING), alpha=LEVELS) + 1
    inside = np.where(foreground >= threshold, level, 0)
    return local_maxima(inside, connectivity=1) & (inside > 0)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3, 0.6]))
def test_pieces_fill_the_foreground_and_stay_in_their_part(seed: int, threshold: float) -> None:
    foreground, cue = np.random.default_rng(seed).random((2, 14, 17), np.float32)
    labels = pieces(foreground, cue, threshold)
    mask = foreground >= threshold
    assert np.array_equal(labels > 0, mask)
    parts = label_components(mask, connectivity=1)
    pairs = np.unique(np.stack((labels[mask], parts[mask])), axis=1)
    assert np.array_equal(pairs[0], np.arange(1, labels.max() + 1))
    assert np.array_equal(np.unique(pairs[1]), np.unique(parts[mask]))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.3, 0.6]))
def test_every_piece_has_one_peak(seed: int, threshold: float) -> None:
    foreground, cue = np.random.default_rng(seed).random((2, 14, 17), np.float32)
    labels = pieces(foreground, cue, threshold)
    peaks = label_components(summits(foreground, cue, threshold), connectivity=1)
    assert peaks.max() == labels.max()
    pairs = np.unique(np.stack((labels[peaks > 0], peaks[peaks > 0])), axis=1)
    assert len(pairs[0]) == len(np.unique(pairs[0])) == labels.max()


def test_parts_that_touch_by_a_corner_stay_apart() -> None:
    foreground = np.zeros((24, 24), np.float32)
    foreground[2:12, 2:12] = foreground[12:22, 12:22] = 1
    labels = pieces(foreground, foreground, 0.5)
    assert (labels[2:12, 2:12] == 1).all() and (labels[12:22, 12:22] == 2).all()


def test_a_ripple_of_less_than_a_step_is_no_peak() -> None:
    foreground = np.ones((40, 60), np.float32)
    slope = np.linspace(0.2, 0.8, 60, dtype=np.float32) * foreground
    slope[18:24, 10:16] += 0.5 / LEVELS
    assert pieces(foreground, slope, 0.5).max() == 1
    slope[18:24, 10:16] += 4 / LEVELS
    assert pieces(foreground, slope, 0.5).max() == 2
