"""Separation of touching objects, size limits and holes, on scenes drawn by hand."""

import numpy as np
import pytest

from core.engine.instances import fill_small_holes, find_instances, limit_sizes


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


def test_size_limits_count_pixels_and_include_the_limit() -> None:
    labels = np.zeros((40, 40), np.int32)
    labels[2:12, 2:12] = 1
    labels[20:29, 20:29] = 2
    labels[30:40, 30:40] = 3
    labels[39, 39] = 0
    kept = limit_sizes(labels, 100, None)
    assert np.array_equal(kept > 0, labels == 1)
    assert limit_sizes(labels, 0, 99).max() == 2


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
