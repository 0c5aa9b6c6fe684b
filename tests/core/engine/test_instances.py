"""Separation of touching objects, on scenes drawn by hand."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import label as label_components
from skimage.segmentation import watershed

from core.engine.instances import SMOOTHING, find_instances


def disc(shape: tuple[int, int], x: float, y: float, r: float) -> np.ndarray:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.hypot(columns - x, rows - y) / r


def scene(*discs: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Foreground and distance cue of discs (x, y, r) on 80 x 120 pixels."""
    radii = np.min([disc((80, 120), *d) for d in discs], axis=0)
    return (radii < 1).astype(np.float32), np.clip(1 - radii, 0, 1).astype(np.float32)


def test_touching_discs_are_separated_half_way() -> None:
    foreground, cue = scene((40, 40, 16), (70, 40, 16))
    labels = find_instances(foreground, cue, 0.5, 0.4)
    assert labels.max() == 2
    left, right = np.bincount(labels.ravel())[1:]
    assert abs(int(left) - int(right)) < 30
    assert (labels > 0).sum() == (foreground > 0.5).sum()
    assert len(np.unique(labels[:, :54])) == 2 and len(np.unique(labels[:, 58:])) == 2


def test_an_object_without_a_core_stays_one_object() -> None:
    foreground, cue = scene((40, 40, 16), (90, 40, 10))
    cue[:, 75:] = 0
    labels = find_instances(foreground, cue, 0.5, 0.4)
    assert labels.max() == 2
    assert (labels[:, 75:] > 0).sum() == (foreground[:, 75:] > 0).sum()


def test_growth_stays_inside_the_connected_part() -> None:
    """A long bar whose core lies far away, next to a disc whose core is near to its end."""
    foreground = np.zeros((40, 120), np.float32)
    foreground[18:22, 5:100] = 1
    foreground[24:38, 80:100] = 1
    cue = np.zeros_like(foreground)
    cue[18:22, 6:12] = 1
    cue[28:34, 85:95] = 1
    labels = find_instances(foreground, cue, 0.5, 0.5)
    assert len(np.unique(labels[18:22, 5:100])) == 1
    assert len(np.unique(labels[24:38, 80:100])) == 1
    assert labels[20, 50] != labels[30, 90]


def test_thresholds_zero_and_one_behave() -> None:
    foreground, cue = scene((40, 40, 16))
    assert (find_instances(foreground, cue, 0.0, 0.4) > 0).all()
    assert find_instances(foreground * 0.99, cue, 1.0, 0.4).max() == 0


def test_objects_are_numbered_without_gaps_by_the_place_of_their_part() -> None:
    foreground, cue = scene((90, 20, 10), (20, 25, 12), (42, 25, 12), (70, 60, 9))
    labels = find_instances(foreground, cue, 0.5, 0.4)
    assert labels.dtype == np.int32
    assert np.unique(labels).tolist() == [0, 1, 2, 3, 4]
    assert [labels[20, 90], labels[25, 20], labels[25, 42], labels[60, 70]] == [1, 2, 3, 4]


def test_a_core_does_not_reach_across_a_gap() -> None:
    """A horseshoe: the way to the pixels on the other side leads round the bend."""
    foreground = np.zeros((40, 60), np.float32)
    foreground[5:11, 5:50] = foreground[13:19, 5:50] = foreground[5:19, 5:10] = 1
    cue = np.zeros_like(foreground)
    cue[6:10, 30:48] = cue[14:18, 6:9] = 1
    labels = find_instances(foreground, cue, 0.5, 0.5)
    assert labels[8, 40] != labels[16, 7]
    assert (labels[14:18, 12:48] == labels[16, 7]).all()


def test_objects_are_cut_at_the_valley_of_the_cue() -> None:
    """A large and a small core with the valley near the small one, not half-way."""
    foreground = np.zeros((30, 100), np.float32)
    foreground[5:25, 5:95] = 1
    columns = np.arange(100) + 0.5
    profile = np.where(columns < 80, 1 - np.abs(columns - 40) / 45, 1 - np.abs(columns - 88) / 10)
    cue = np.broadcast_to(np.clip(profile, 0.05, 1), (30, 100)).astype(np.float32)
    row = find_instances(foreground, cue, 0.5, 0.7)[15]
    assert (row[5:78] == row[40]).all() and (row[82:95] == row[88]).all() and row[40] != row[88]


@pytest.mark.parametrize("seed", range(5))
def test_growth_is_the_watershed_of_the_library(seed: int) -> None:
    """But for the steps of the cue and the pixels that two cores reach at the same time."""
    random = np.random.default_rng(seed)
    foreground, cue = scene(*random.uniform((10, 10, 6), (110, 70, 12), (25, 3)))
    labels = find_instances(foreground, cue, 0.5, 0.7)
    smooth = cv2.GaussianBlur(cue, (0, 0), SMOOTHING)
    cores = np.where(smooth > 0.7, labels, 0)
    with_core = np.isin(labels, np.unique(cores[cores > 0]))
    theirs = watershed(-smooth, cores, mask=with_core)
    assert len(np.unique(labels)) > 8
    assert np.mean(labels[with_core] == theirs[with_core]) > 0.97


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3, 0.6]), st.sampled_from([0.2, 0.6]))
def test_objects_fill_the_foreground_and_stay_in_their_part(
    seed: int, threshold: float, separation: float
) -> None:
    foreground, cue = np.random.default_rng(seed).random((2, 14, 17), np.float32)
    labels = find_instances(foreground, cue, threshold, separation)
    mask = foreground >= threshold
    assert np.array_equal(labels > 0, mask)
    parts = label_components(mask, connectivity=1)
    pairs = np.unique(np.stack((labels[mask], parts[mask])), axis=1)
    assert np.array_equal(pairs[0], np.arange(1, labels.max() + 1))
    assert np.array_equal(np.unique(pairs[1]), np.unique(parts[mask]))


def test_peaks_that_touch_by_a_corner_are_one_core_only_within_a_part() -> None:
    foreground = np.zeros((24, 24), np.float32)
    foreground[2:12, 2:12] = foreground[12:22, 12:22] = 1
    cue = foreground.copy()
    cue[2, 2:12] = cue[21, 12:22] = 0
    labels = find_instances(foreground, cue, 0.5, 0.3)
    assert (labels[2:12, 2:12] == 1).all() and (labels[12:22, 12:22] == 2).all()


def test_peaks_that_touch_by_a_corner_in_a_part_are_one_core() -> None:
    foreground, cue = np.ones((24, 24), np.float32), np.zeros((24, 24), np.float32)
    cue[2:12, 2:12] = cue[12:22, 12:22] = 1
    assert find_instances(foreground, cue, 0.5, 0.5).max() == 1
    assert find_instances(foreground, cue, 0.5, 0.7).max() == 2


def test_a_peak_of_a_pixel_is_no_core() -> None:
    foreground, cue = np.ones((24, 44), np.float32), np.zeros((24, 44), np.float32)
    cue[8:16, 4:12] = cue[12, 34] = 1
    assert find_instances(foreground, cue, 0.5, 0.1).max() == 1
    cue[12, 35] = 1
    assert find_instances(foreground, cue, 0.5, 0.1).max() == 2
