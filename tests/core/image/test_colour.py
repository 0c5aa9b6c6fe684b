"""Small conversions of colours, on values that can be checked by hand."""

import numpy as np
import pytest

from core.image.colour import cmyk_to_rgb, is_opaque, through_palette, without_equal_colours


@pytest.mark.parametrize(("dtype", "largest"), [("u1", 255), ("u2", 65_535), ("f4", 1)])
def test_opaque_is_the_largest_value(dtype: str, largest: int) -> None:
    alpha = np.full((3, 4, 1), largest, dtype)
    assert is_opaque(alpha) and is_opaque(alpha[..., :0])
    alpha[1, 2] = 0
    assert not is_opaque(alpha)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_ink(dtype: str) -> None:
    full = np.iinfo(dtype).max
    inks = [[0, 0, 0, 0], [full, 0, 0, 0], [0, full, full, 0], [0, 0, 0, full]]
    rgb = cmyk_to_rgb(np.array([inks], dtype))
    assert rgb.dtype == np.dtype(dtype)
    assert (rgb[0] // full).tolist() == [[1, 1, 1], [0, 1, 1], [1, 0, 0], [0, 0, 0]]


def test_one_channel_only_if_all_three_agree() -> None:
    rgb = np.full((2, 2, 3), 5, np.uint8)
    assert without_equal_colours(rgb).shape == (2, 2, 1)
    rgb[1, 1, 2] = 6
    assert without_equal_colours(rgb).shape == (2, 2, 3)


def test_index_beyond_the_palette_is_an_error() -> None:
    with pytest.raises(IndexError):
        through_palette(np.array([[0, 2]]), np.zeros((3, 2), np.uint16))
