from dataclasses import replace

import numpy as np
import pytest

from app.canvas.display import AS_STORED, Display, auto_display, channel_colors, to_bgra
from core.image.model import Image
from core.image.scale import Window


def image(pixels: np.ndarray, is_rgb: bool = False) -> Image:
    return Image(pixels, is_rgb=is_rgb)


def test_colours_of_8_bits_are_shown_as_they_are() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    shown = to_bgra(pixels, auto_display(image(pixels, is_rgb=True)))
    assert np.array_equal(shown[..., 2::-1], pixels)
    assert (shown[..., 3] == 255).all()


def test_colours_of_16_bits_keep_their_hue() -> None:
    pixels = np.zeros((10, 10, 3), np.uint16)
    pixels[:5] = 4000, 2000, 1000
    blue, green, red, _ = to_bgra(pixels, auto_display(image(pixels, is_rgb=True)))[0, 0].tolist()
    assert (
        red == 255 and green == pytest.approx(red / 2, abs=1) and blue == pytest.approx(64, abs=1)
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.uint32, np.float32])
def test_dark_images_fill_the_brightness_of_the_screen(dtype: type) -> None:
    pixels = np.linspace(10, 60, 10_000).astype(dtype).reshape(100, 100, 1)
    shown = to_bgra(pixels, auto_display(image(pixels)))
    assert shown[0, 0, :3].tolist() == [0, 0, 0] and shown[-1, -1, :3].tolist() == [255] * 3
    assert (np.diff(shown[..., 0].ravel().astype(int)) >= 0).all()


def test_below_the_window_is_black_above_it_white() -> None:
    pixels = np.array([0, 100, 200, 65535], np.uint16).reshape(1, 4, 1)
    shown = to_bgra(pixels, Display((Window(100, 200),), ((255, 255, 255),)))
    assert shown[0, :, 0].tolist() == [0, 0, 255, 255]


def test_numbers_that_are_none_are_black() -> None:
    pixels = np.array([0, 1, np.nan, np.inf], np.float32).reshape(1, 4, 1)
    assert to_bgra(pixels, auto_display(image(pixels)))[0, :, 0].tolist() == [0, 255, 0, 255]


def test_channels_add_up_in_their_colours() -> None:
    pixels = np.array([[(255, 0), (0, 255), (255, 255)]], np.uint8)
    display = Display((Window(0, 255),) * 2, ((0, 255, 0), (255, 0, 255)))
    shown = to_bgra(pixels, display)[0, :, :3].tolist()
    assert shown == [[0, 255, 0], [255, 0, 255], [255, 255, 255]]


def test_a_half_bright_colour_halves_its_channel() -> None:
    pixels = np.full((1, 1, 1), 200, np.uint8)
    shown = to_bgra(pixels, Display((Window(0, 255),), ((128, 0, 0),)))
    assert shown[0, 0].tolist() == [0, 0, 100, 255]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_every_channel_has_a_colour(count: int) -> None:
    pixels = np.zeros((4, 4, count), np.uint8)
    assert len(channel_colors(count)) == count
    assert to_bgra(pixels, auto_display(image(pixels))).shape == (4, 4, 4)


def test_a_narrower_window_is_another_display() -> None:
    pixels = np.full((1, 1, 3), 100, np.uint8)
    narrow = replace(AS_STORED, windows=(Window(0, 100),) * 3)
    assert to_bgra(pixels, narrow)[0, 0].tolist() == [255] * 4
