"""Tiles cover every pixel, overlap enough, and blend back to what was cut."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.tiles import OVERLAP, TILE, Blend, plan_tiles, spans


@given(st.integers(1, 9000))
def test_spans_cover_the_side(length: int) -> None:
    windows = spans(length)
    assert windows[0][0] == 0
    assert windows[-1][1] == length
    for (_, stop), (start, _) in pairwise(windows):
        assert stop - start >= OVERLAP // 2
    assert all(0 < stop - start <= TILE for start, stop in windows)


@pytest.mark.parametrize("size", [(1, 1), (40, 2000), (700, 641), (1300, 1388)])
def test_blending_equal_tiles_gives_the_image_back(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).random((2, *size), np.float32)
    blend = Blend(2, *size)
    for tile in plan_tiles(*size):
        blend.add(tile, picture[:, *tile.window])
    np.testing.assert_allclose(blend.result(), picture, atol=1e-5)


def test_a_seam_is_a_ramp_not_a_step() -> None:
    blend = Blend(1, 8, 1000)
    for i, tile in enumerate(plan_tiles(8, 1000)):
        blend.add(tile, np.full((1, tile.y1 - tile.y0, tile.x1 - tile.x0), i, np.float32))
    assert np.abs(np.diff(blend.result()[0, 0])).max() < 0.05
