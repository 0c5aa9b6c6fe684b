"""Lookup tables: their ends, their evenness, and that colour-blind people can read them."""

import cv2
import numpy as np
import pytest

from app.canvas import luts
from app.canvas.luts import LEVELS, LUTS, Lut, colours, lut_of

# Linear red, green and blue as somebody without green cones sees them.
DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])


def lightness(rgb: np.ndarray) -> np.ndarray:
    """CIELAB lightness of (n, 3) of 0..1."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32)[None], cv2.COLOR_RGB2Lab)[0, :, 0])


@pytest.mark.parametrize("lut", LUTS, ids=lambda lut: lut.name)
def test_a_table_goes_from_the_first_stop_to_the_last(lut: Lut) -> None:
    table = colours(lut)
    assert table.shape == (LEVELS, 3) and table.dtype == np.uint8
    assert tuple(table[0]) == lut.stops[0] and tuple(table[-1]) == lut.stops[-1]
    assert np.abs(np.diff(table.astype(int), axis=0)).max() < 12  # no jumps


def test_names_tell_them_apart() -> None:
    assert len({lut.name for lut in LUTS}) == len({lut.stops for lut in LUTS}) == len(LUTS)


def test_plain_ones_are_a_share_of_their_colour() -> None:
    assert colours(luts.GREY)[100].tolist() == [100, 100, 100]
    assert colours(luts.MAGENTA)[50].tolist() == [50, 0, 50]
    assert colours(luts.INVERTED)[40].tolist() == [215, 215, 215]


@pytest.mark.parametrize("lut", [luts.VIOLET_TO_YELLOW, luts.BLUE_TO_YELLOW, luts.HEAT])
def test_a_higher_value_is_lighter_for_everybody(lut: Lut) -> None:
    table = colours(lut) / 255
    seen = np.clip((table**2.2) @ DEUTERANOPIA.T, 0, 1) ** (1 / 2.2)
    for way in (table, seen):
        light = lightness(way)
        assert (light[8:] - light[:-8] > 0).all() and light[-1] - light[0] > 60


def test_lightness_rises_evenly() -> None:
    for lut in (luts.VIOLET_TO_YELLOW, luts.BLUE_TO_YELLOW):
        steps = np.diff(lightness(colours(lut)[::15] / 255))
        assert steps.max() < 2.2 * steps.min()


def test_a_colour_of_a_file_is_one_of_ours_or_its_own() -> None:
    assert lut_of((0, 255, 0)) is luts.GREEN
    assert lut_of((255, 255, 255)) is luts.GREY
    assert lut_of((10, 20, 30)).stops == (luts.BLACK, (10, 20, 30))


def test_colour_for_the_swatch() -> None:
    assert luts.RED.color == (255, 0, 0)
    assert luts.INVERTED.color is None and luts.HEAT.color is None
