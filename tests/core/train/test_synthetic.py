"""The drawn training scenes: what every kind promises, and that its objects can be seen."""

import cv2
import numpy as np
import pytest

from core.train.synthetic import KINDS, random_scene
from core.train.synthetic.cells import Cells
from core.train.synthetic.outlines import blobs, rods
from core.train.synthetic.placing import nearest, paint, scatter, squeeze, stack, tidied
from core.train.synthetic.population import without_cells

SIZE = 160
NEGATIVES = ("dirt", "empty")
POSITIVES = tuple(name for name in KINDS if name not in NEGATIVES)
SEEDS = range(4)


def draw(kind: str, seed: int, size: int = SIZE) -> tuple[np.ndarray, np.ndarray]:
    return KINDS[kind].draw(size, np.random.default_rng(seed))


def pieces(labels: np.ndarray, number: int) -> int:
    mask = (labels == number).astype(np.uint8)
    return cv2.connectedComponents(mask, connectivity=4)[0] - 1


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_and_labels_have_the_promised_shape_type_and_range(kind: str) -> None:
    for seed in SEEDS:
        pixels, labels = draw(kind, seed)
        assert pixels.shape in ((SIZE, SIZE, 1), (SIZE, SIZE, 3))
        assert pixels.dtype == np.float32
        assert np.isfinite(pixels).all()
        assert pixels.min() >= 0 and pixels.max() <= 1
        assert labels.shape == (SIZE, SIZE)
        assert labels.dtype == np.int32


@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_consecutive_and_every_object_is_one_piece(kind: str) -> None:
    for seed in SEEDS:
        _, labels = draw(kind, seed)
        numbers = np.unique(labels)
        assert numbers.tolist() == list(range(len(numbers)))
        assert all(pieces(labels, number) == 1 for number in numbers[1:])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_scene_and_another_seed_another(kind: str) -> None:
    (pixels, labels), (again, labels_again) = draw(kind, 5), draw(kind, 5)
    np.testing.assert_array_equal(pixels, again)
    np.testing.assert_array_equal(labels, labels_again)
    other, _ = draw(kind, 6)
    assert other.shape != pixels.shape or np.abs(other - pixels).mean() > 0.01


@pytest.mark.parametrize("kind", POSITIVES)
def test_scenes_with_cells_have_objects_of_useful_size(kind: str) -> None:
    diameters = [diameter(draw(kind, seed, 288)[1]) for seed in range(6)]
    assert 9 <= np.median(diameters) <= 70
    assert max(diameters) > 1.3 * min(diameters)


def diameter(labels: np.ndarray) -> float:
    areas = np.bincount(labels.ravel())[1:]
    return float(np.sqrt(4 / np.pi * np.median(areas))) if len(areas) else 20.0


@pytest.mark.parametrize("kind", POSITIVES)
def test_borders_or_bodies_stand_out_in_most_scenes(kind: str) -> None:
    seen = [stands_out(*draw(kind, seed)) for seed in range(8)]
    assert sum(seen) >= 6


def stands_out(pixels: np.ndarray, labels: np.ndarray) -> bool:
    """Rim, inside or outside differ from each other by more than the noise of a small patch."""
    grey = cv2.GaussianBlur(pixels.mean(2), (0, 0), 0.7)
    cells = Cells(labels)
    zones = (cells.signed > 3.5, np.abs(cells.signed) <= 2, cells.signed < -3.5)
    levels = [np.median(grey[zone]) for zone in zones if zone.sum() > 50]
    noise = np.median(np.abs(cv2.Laplacian(grey, cv2.CV_32F)))
    return len(levels) > 1 and max(levels) - min(levels) > max(0.02, 0.5 * noise)


@pytest.mark.parametrize("kind", NEGATIVES)
def test_what_is_no_cell_is_not_labelled(kind: str) -> None:
    for seed in SEEDS:
        pixels, labels = draw(kind, seed)
        assert not labels.any()
        assert pixels.std() > 0.005


def test_random_scenes_come_of_many_kinds_and_follow_the_generator() -> None:
    rng, same = np.random.default_rng(1), np.random.default_rng(1)
    names = []
    for _ in range(40):
        pixels, labels, name = random_scene(96, rng)
        again, labels_again, name_again = random_scene(96, same)
        assert name == name_again
        np.testing.assert_array_equal(pixels, again)
        np.testing.assert_array_equal(labels, labels_again)
        names.append(name)
    assert set(names) <= set(KINDS)
    assert len(set(names)) > 10


def test_grey_and_colour_both_occur() -> None:
    rng = np.random.default_rng(2)
    assert {random_scene(64, rng)[0].shape[2] for _ in range(30)} == {1, 3}


@pytest.mark.parametrize("size", [64, 97, 320])
def test_any_side_from_64_pixels(size: int) -> None:
    for kind in KINDS:
        pixels, labels = draw(kind, 3, size)
        assert pixels.shape[:2] == labels.shape == (size, size)


def test_blobs_have_the_area_that_was_asked_for() -> None:
    radii = np.array([10.0, 20.0, 40.0])
    areas = [cv2.contourArea(b.astype(np.float32)) for b in blobs(radii, np.random.default_rng(0))]
    np.testing.assert_allclose(areas, np.pi * radii**2, rtol=0.15)


def test_rods_are_as_long_and_wide_as_asked() -> None:
    rng = np.random.default_rng(0)
    (rod,) = rods(np.array([40.0]), np.array([10.0]), rng, bend=0.0, waist=0.0)
    np.testing.assert_allclose(np.ptp(rod, axis=0), (40, 10), atol=0.1)


SQUARE = np.array([[-10.0, -10.0], [10, -10], [10, 10], [-10, 10]])
PAIR = np.stack([SQUARE, SQUARE])
PLACES = np.array([[20.0, 25.0], [34.0, 25.0]])


def test_paint_lets_the_later_object_lie_on_top() -> None:
    first, second = np.bincount(paint(PAIR, PLACES, 50).ravel())[1:]
    assert second == 21 * 21
    assert first == 14 * 21


def test_squeeze_shares_the_overlap_between_neighbours() -> None:
    first, second = np.bincount(squeeze(PAIR, PLACES, 50).ravel())[1:]
    assert abs(int(first) - int(second)) <= 21
    assert first + second == 35 * 21


def test_stack_refuses_what_would_cover_too_much_of_another() -> None:
    assert stack(PAIR, PLACES, 50, share=0.1).max() == 1
    assert stack(PAIR, PLACES, 50, share=0.5).max() == 2


def test_scatter_keeps_centres_apart() -> None:
    rng = np.random.default_rng(0)
    places, radii = scatter(200, np.full(300, 8.0), rng, spacing=1.0, clumps=3)
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    assert 20 < len(radii) < 300
    assert apart[~np.eye(len(radii), dtype=bool)].min() >= 16


def test_tidied_keeps_the_largest_piece_and_drops_crumbs() -> None:
    labels = np.zeros((30, 30), np.int32)
    labels[2:12, 2:12] = 7
    labels[12:15, 12:15] = 7  # touches the other piece at a corner only
    labels[20:22, 20:22] = 3
    clean = tidied(labels)
    assert np.bincount(clean.ravel()).tolist() == [800, 100]


def test_nearest_gives_every_pixel_to_the_closest_object() -> None:
    cores = np.zeros((5, 11), np.int32)
    cores[2, 1], cores[2, 9] = 1, 2
    grown = nearest(cores)
    assert (grown[:, :5] == 1).all()
    assert (grown[:, 6:] == 2).all()


def test_cells_that_lie_in_a_hole_are_removed() -> None:
    labels = paint(PAIR, np.array([[14.0, 25.0], [38.0, 25.0]]), 50)
    hole = np.zeros((50, 50), bool)
    hole[:, 26:] = True
    kept = without_cells(labels, hole)
    assert kept.max() == 1
    assert kept[25, 14] == 1
    assert kept[25, 38] == 0


def test_depth_counts_from_both_sides_of_a_border() -> None:
    labels = np.zeros((20, 20), np.int32)
    labels[:, 10:] = 1
    signed = Cells(labels).signed[10]
    np.testing.assert_allclose(signed[10:13], [0.5, 1.5, 2.5])
    np.testing.assert_allclose(signed[7:10], [-2.5, -1.5, -0.5])


def test_a_body_rises_from_the_border_to_the_middle() -> None:
    body = Cells(paint(4 * SQUARE[None] / 4, np.array([[25.0, 25.0]]), 50)).body(2)
    assert body[25, 25] > 0.9
    assert 0 < body[25, 16] < 0.5
    assert body[2, 2] == 0


def test_nuclei_lie_inside_their_cells() -> None:
    cells = Cells(paint(PAIR, np.array([[14.0, 25.0], [38.0, 25.0]]), 50))
    nuclei = cells.nuclei(np.random.default_rng(0), 0.5)
    assert set(np.unique(nuclei)) == {0, 1, 2}
    assert (nuclei[nuclei > 0] == cells.labels[nuclei > 0]).all()
