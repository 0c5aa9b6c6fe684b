import numpy as np
import pytest

from app.canvas.pyramid import build_pyramid
from app.canvas.tiles import TILE, TileKey


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.uint32, np.float32, np.int8])
def test_levels_are_means_of_two_by_two(dtype: type) -> None:
    pixels = np.random.default_rng(0).integers(0, 100, (TILE * 2, TILE * 2 + 2, 2)).astype(dtype)
    pyramid = build_pyramid(pixels)
    assert [level.shape for level in pyramid.levels[:2]] == [pixels.shape, (TILE, TILE + 1, 2)]
    means = pixels.reshape(TILE, 2, TILE + 1, 2, 2).astype(float).mean(axis=(1, 3))
    assert np.abs(pyramid.levels[1] - means).max() <= 0.5


def test_an_odd_last_column_is_kept() -> None:
    pixels = np.zeros((3, TILE + 1, 1), np.uint8)
    pixels[:, -1] = 200
    level = build_pyramid(pixels).levels[1]
    assert level.shape == (2, TILE // 2 + 1, 1)
    assert (level[:, -1] == 200).all() and not level[:, :-1].any()


def test_the_coarsest_level_fits_into_a_tile() -> None:
    pyramid = build_pyramid(np.zeros((1, 3000, 1), np.uint8))
    assert pyramid.levels[pyramid.top].shape == (1, 375, 1)
    assert pyramid.size == (3000, 1)


def test_a_small_image_has_one_level_and_is_not_copied() -> None:
    pixels = np.zeros((5, 7, 3), np.uint16)
    assert build_pyramid(pixels).levels == (pixels,)


def test_tiles_are_cut_at_the_edge() -> None:
    pixels = np.arange(600 * 700, dtype=np.uint32).reshape(600, 700, 1)
    pyramid = build_pyramid(pixels)
    assert np.array_equal(pyramid.tile(TileKey(0, 1, 1)), pixels[TILE:, TILE:])
    assert pyramid.tile(TileKey(0, 5, 0)).size == 0


def test_the_pixels_that_are_not_numbers_stay_local() -> None:
    pixels = np.ones((4, TILE * 2, 1), np.float32)
    pixels[0, 0] = np.nan
    level = build_pyramid(pixels).levels[1]
    assert np.isnan(level[0, 0, 0]) and np.isfinite(level).sum() == level.size - 1
