"""What the network sees does not depend on bit depth, offset, gain or display."""

import numpy as np
import pytest

from core.engine.prepare import network_input, rescaled, scale_to_unit
from core.image.model import Image
from core.models.spec import Normalisation

RAMP = np.linspace(0, 1, 4096).reshape(64, 64, 1)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_native_values_spread_over_zero_to_one(dtype: type) -> None:
    pixels = (RAMP * (200 if dtype == np.uint8 else 4095)).astype(dtype)
    unit = scale_to_unit(Image(pixels), Normalisation())
    assert unit.dtype == np.float32
    assert unit.min() == 0 and unit.max() == 1
    assert len(np.unique(unit)) > 190


def test_twelve_bits_in_sixteen_look_like_eight_bits() -> None:
    small = scale_to_unit(Image((RAMP * 255).astype(np.uint8)), Normalisation())
    large = scale_to_unit(Image((900 + RAMP * 3000).astype(np.uint16)), Normalisation())
    assert np.abs(small - large).max() < 0.01


@pytest.mark.parametrize("value", [0, 7, 65535])
def test_a_constant_image_becomes_zeros(value: int) -> None:
    unit = scale_to_unit(Image(np.full((5, 4, 1), value, np.uint16)), Normalisation())
    assert not unit.any()


def test_nan_and_infinity_become_finite() -> None:
    pixels = RAMP.astype(np.float32).copy()
    pixels[0, :3, 0] = [np.nan, np.inf, -np.inf]
    assert np.isfinite(scale_to_unit(Image(pixels), Normalisation())).all()


def test_colours_share_one_window_so_that_hue_is_kept() -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[..., 0], pixels[4:, :, 1] = 200, 100
    unit = scale_to_unit(Image(pixels, is_rgb=True), Normalisation())
    assert unit[5, 5].tolist() == pytest.approx([1, 0.5, 0], abs=0.01)


def test_rescaling_keeps_the_aspect_and_one_pixel() -> None:
    assert rescaled(np.zeros((100, 300, 1), np.float32), 0.5).shape == (50, 150, 1)
    assert rescaled(np.zeros((3, 2, 3), np.float32), 0.01).shape == (1, 1, 3)


def test_grey_and_rgb_give_three_channels() -> None:
    for channels in (1, 3):
        batch = network_input(np.full((6, 9, channels), 0.5, np.float32), Normalisation())
        assert batch.shape == (3, 6, 9) and batch.dtype == np.float32 and not batch.any()
