"""What the network sees does not depend on bit depth, offset, gain or display."""

import numpy as np
import pytest

from core.engine.prepare import ALL, UnitPixels, network_input, rescaled, scale_to_unit
from core.errors import UsageError
from core.image.model import Image
from core.image.pixels import LazyPixels
from core.models.spec import Normalisation

WHERE = slice(10, 30), slice(5, 45)
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


def test_what_is_shrunk_is_averaged() -> None:
    fine = (np.indices((90, 120)).sum(0) % 2).astype(np.float32)[..., None]
    assert rescaled(fine, 0.5) == pytest.approx(0.5)
    assert rescaled(fine, 0.3) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("factor", [0.4, 0.7, 1.5, 4])
def test_resizing_moves_and_steps_nothing(factor: float) -> None:
    ramp = np.tile((np.arange(200, dtype=np.float32) + 0.5) / 200, (50, 1))[..., None]
    count = round(200 * factor)
    wanted = (np.arange(count) + 0.5) / count
    inner = slice(count // 10, -count // 10)
    assert rescaled(ramp, factor)[0, inner, 0] == pytest.approx(wanted[inner], abs=6e-4)


def test_grey_and_rgb_give_three_channels() -> None:
    for channels in (1, 3):
        batch = network_input(np.full((6, 9, channels), 0.5, np.float32), Normalisation())
        assert batch.shape == (3, 6, 9) and batch.dtype == np.float32 and not batch.any()


def two_channels() -> np.ndarray:
    """(64, 64, 2): a square in each, the second one a hundred times as bright."""
    pixels = np.zeros((64, 64, 2), np.uint16)
    pixels[10:20, 10:20, 0], pixels[40:50, 40:50, 1] = 30, 3000
    return pixels


@pytest.mark.parametrize("channels", [(0,), (1,)])
def test_a_chosen_channel_is_seen_alone(channels: tuple[int, ...]) -> None:
    pixels = two_channels()
    alone = scale_to_unit(Image(pixels[..., channels]), Normalisation())
    seen = UnitPixels(Image(pixels), Normalisation(), channels)
    assert seen.shape == (64, 64, 1)
    assert np.array_equal(seen[ALL], alone) and alone.any()


def test_without_a_choice_the_first_channel_is_seen() -> None:
    image = Image(two_channels())
    first = UnitPixels(image, Normalisation(), (0,))
    assert np.array_equal(UnitPixels(image, Normalisation())[ALL], first[ALL])


def test_in_a_composite_dim_and_bright_channels_count_alike() -> None:
    seen = UnitPixels(Image(two_channels()), Normalisation(), (0, 1))
    assert seen.shape == (64, 64, 1)
    assert seen[ALL][15, 15] == seen[ALL][45, 45] == 1
    assert seen[ALL][30, 30] == 0


def test_a_colour_of_a_colour_image_is_seen_as_grey() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (40, 50, 3)).astype(np.uint8)
    green = UnitPixels(Image(pixels, is_rgb=True), Normalisation(), (1,))
    alone = scale_to_unit(Image(pixels[..., 1:2]), Normalisation())
    assert np.array_equal(green[ALL], alone)


def test_a_channel_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="untitled has 2 channels and no channel 3: choose"):
        UnitPixels(Image(two_channels()), Normalisation(), (0, 2))
    with pytest.raises(UsageError, match="has 1 channel and no channel 2"):
        UnitPixels(Image(RAMP), Normalisation(), (1,))


@pytest.mark.parametrize("channels", [(), (1,), (0, 1)])
def test_a_part_of_an_image_in_a_file_is_the_same_as_in_memory(channels: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(2).integers(0, 4095, (64, 64, 2)).astype(np.uint16)
    read: list[int] = []

    def rows_and_columns(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        read.append((y1 - y0) * (x1 - x0))
        return pixels[y0:y1, x0:x1]

    lazy = UnitPixels(
        Image(LazyPixels(pixels.shape, pixels.dtype, rows_and_columns)), Normalisation(), channels
    )
    read.clear()  # the sample
    assert np.array_equal(lazy[WHERE], UnitPixels(Image(pixels), Normalisation(), channels)[WHERE])
    assert read == [20 * 40]
