"""Training targets on drawn scenes."""

import numpy as np

from core.train.targets import MOST_IMPORTANT, importance, narrow_gaps, normalised_distance


def two_squares(gap: int) -> np.ndarray:
    labels = np.zeros((40, 80), np.int32)
    labels[10:30, 10:30] = 1
    labels[10:30, 30 + gap : 50 + gap] = 2
    return labels


def test_distance_is_one_at_the_core_of_every_object_whatever_its_size() -> None:
    labels = two_squares(5)
    labels[2:7, 70:75] = 3
    distance = normalised_distance(labels)
    assert all(distance[labels == i].max() == 1 for i in (1, 2, 3))
    assert not distance[labels == 0].any()


def test_touching_objects_have_a_valley_between_them() -> None:
    distance = normalised_distance(two_squares(0))
    assert distance[20, 29:31].max() < 0.25
    assert distance[20, 20] > 0.85 and distance[20, 40] > 0.85


def test_the_frame_of_the_image_is_no_edge() -> None:
    labels = np.zeros((30, 30), np.int32)
    labels[:15] = 1
    assert normalised_distance(labels)[0, 15] == 1


def test_gaps_are_marked_between_different_objects_only() -> None:
    gaps = narrow_gaps(two_squares(2))
    assert gaps[20, 29:33].all()
    assert not gaps[20, 12] and not gaps[5, 20]
    assert not narrow_gaps(two_squares(20)).any()


def test_small_objects_and_their_surroundings_count_more() -> None:
    labels = np.zeros((60, 60), np.int32)
    labels[10:30, 10:30] = 1
    labels[45:55, 10:20] = 2
    labels[45:47, 45:47] = 5
    weight = importance(labels, 20 * np.sqrt(4 / np.pi), reach=2)
    assert weight[20, 20] == weight[5, 5] == 1
    np.testing.assert_allclose(weight[[50, 50], [15, 21]], 2, rtol=1e-6)
    assert weight[46, 46] == MOST_IMPORTANT and weight.max() == MOST_IMPORTANT


def test_an_image_without_objects() -> None:
    empty = np.zeros((9, 9), np.int32)
    assert not normalised_distance(empty).any() and not narrow_gaps(empty).any()
    assert (importance(empty, 20, 2) == 1).all()
