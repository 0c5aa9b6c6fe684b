from dataclasses import replace

import numpy as np
import pytest

from app.canvas import luts
from app.canvas.display import (
    AS_STORED,
    MOST_SHOWN,
    Display,
    Look,
    auto_display,
    to_bgra,
    usual_luts,
)
from core.image.model import Image
from core.image.scale import Window
from core.image.source import Channel

FULL = Window(0, 255)
DTYPES = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float32, np.float64]


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


@pytest.mark.parametrize("dtype", DTYPES)
def test_dark_images_fill_the_brightness_of_the_screen(dtype: type) -> None:
    pixels = np.linspace(10, 60, 10_000).astype(dtype).reshape(100, 100, 1)
    shown = to_bgra(pixels, auto_display(image(pixels)))
    assert shown[0, 0, :3].tolist() == [0, 0, 0] and shown[-1, -1, :3].tolist() == [255] * 3
    assert (np.diff(shown[..., 0].ravel().astype(int)) >= 0).all()


def test_below_the_window_is_black_above_it_white() -> None:
    pixels = np.array([0, 100, 200, 65535], np.uint16).reshape(1, 4, 1)
    shown = to_bgra(pixels, Display((Look(Window(100, 200)),)))
    assert shown[0, :, 0].tolist() == [0, 0, 255, 255]


def test_numbers_that_are_none_are_black() -> None:
    pixels = np.array([0, 1, np.nan, np.inf], np.float32).reshape(1, 4, 1)
    assert to_bgra(pixels, auto_display(image(pixels)))[0, :, 0].tolist() == [0, 255, 0, 255]


def test_channels_add_up_in_their_colours() -> None:
    pixels = np.array([[(255, 0), (0, 255), (255, 255)]], np.uint8)
    display = Display((Look(FULL, luts.GREEN), Look(FULL, luts.MAGENTA)))
    shown = to_bgra(pixels, display)[0, :, :3].tolist()
    assert shown == [[0, 255, 0], [255, 0, 255], [255, 255, 255]]


def test_a_half_bright_colour_halves_its_channel() -> None:
    pixels = np.full((1, 1, 1), 200, np.uint8)
    shown = to_bgra(pixels, Display((Look(FULL, luts.lut_of((128, 0, 0))),)))
    assert shown[0, 0].tolist() == [0, 0, 100, 255]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_every_channel_has_a_colour(count: int) -> None:
    pixels = np.zeros((4, 4, count), np.uint8)
    assert len(usual_luts(image(pixels))) == count
    assert to_bgra(pixels, auto_display(image(pixels))).shape == (4, 4, 4)


def test_a_narrower_window_is_another_display() -> None:
    pixels = np.full((1, 1, 3), 100, np.uint8)
    narrow = Display(tuple(replace(look, window=Window(0, 100)) for look in AS_STORED.channels))
    assert to_bgra(pixels, narrow)[0, 0].tolist() == [255] * 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_gamma_acts_between_the_ends_of_the_window(dtype: type) -> None:
    pixels = np.array([10, 35, 60, 110, 120]).astype(dtype).reshape(1, 5, 1)
    shown = to_bgra(pixels, Display((Look(Window(10, 110), gamma=0.5),)))[0, :, 0]
    assert shown.tolist() == pytest.approx([0, 127.5, 180.3, 255, 255], abs=1)


@pytest.mark.parametrize("dtype", DTYPES)
def test_colours_are_taken_from_the_table(dtype: type) -> None:
    pixels = np.array([0, 50, 100]).astype(dtype).reshape(1, 3, 1)
    shown = to_bgra(pixels, Display((Look(Window(0, 100), luts.INVERTED),)))[0]
    assert shown[[0, 2]].tolist() == [[255, 255, 255, 255], [0, 0, 0, 255]]
    coloured = to_bgra(pixels, Display((Look(Window(0, 100), luts.VIOLET_TO_YELLOW),)))[0]
    for row, level in enumerate((0, 128, 255)):
        assert coloured[row, 2::-1] == pytest.approx(
            luts.colours(luts.VIOLET_TO_YELLOW)[level], abs=2
        )


@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_bytes_in_either_order(order: str) -> None:
    pixels = np.array([0, 256, 512], order).reshape(1, 3, 1)
    shown = to_bgra(pixels, Display((Look(Window(0, 512)),)))
    assert shown[0, :, 0].tolist() == [0, 128, 255]


def test_a_dim_ramp_keeps_its_levels() -> None:
    ramp = np.arange(900, 1401, dtype=np.uint16).reshape(1, -1, 1).repeat(3, axis=0)
    shown = to_bgra(ramp, auto_display(image(ramp)))[0, :, 0]
    assert len(np.unique(shown)) >= 200 and (np.diff(shown.astype(int)) >= 0).all()


def test_a_hidden_channel_adds_nothing() -> None:
    pixels = np.array([[[200, 100]]], np.uint8)
    looks = Look(FULL, luts.RED, visible=False), Look(FULL, luts.GREEN)
    assert to_bgra(pixels, Display(looks))[0, 0].tolist() == [0, 100, 0, 255]
    nothing = Display(tuple(replace(look, visible=False) for look in looks))
    assert to_bgra(pixels, nothing)[0, 0].tolist() == [0, 0, 0, 255]


def test_eight_bits_of_red_green_blue_are_as_those_of_channels() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (6, 5, 3), np.uint8)
    looks = [
        replace(look, window=Window(10, 200 + number), gamma=0.7, visible=number != 1)
        for number, look in enumerate(AS_STORED.channels)
    ]
    picture = to_bgra(pixels, Display(tuple(looks)))
    others = to_bgra(pixels.astype(np.uint16), Display(tuple(looks)))
    assert np.array_equal(picture, others)


def test_shown_pixels_are_not_touched() -> None:
    pixels = np.random.default_rng(2).integers(0, 4000, (6, 5, 4), np.uint16)
    before = pixels.copy()
    pixels.setflags(write=False)
    to_bgra(pixels, auto_display(image(pixels)))
    assert np.array_equal(pixels, before)


def test_colours_of_the_file_come_first() -> None:
    pixels = np.zeros((4, 4, 3), np.uint16)
    told = Channel("DAPI", (0, 0, 255)), Channel("", None), Channel("dark", (0, 0, 0))
    own = usual_luts(Image(pixels, channel_info=told))
    assert own == (luts.BLUE, *usual_luts(image(pixels))[1:])
    orange = Image(pixels[..., :1], channel_info=(Channel("", (200, 90, 0)),))
    assert auto_display(orange).channels[0].lut.color == (200, 90, 0)


def test_channels_that_a_file_has_in_one_colour_get_several() -> None:
    pixels = np.zeros((4, 4, 2), np.uint16)
    white = (Channel("", (255, 255, 255)),) * 2
    assert usual_luts(Image(pixels, channel_info=white)) == (luts.GREEN, luts.MAGENTA)


@pytest.mark.parametrize("told", [0, 1, 5])
def test_a_file_may_tell_of_fewer_or_more_channels(told: int) -> None:
    info = tuple(Channel("", (number, 1, 1)) for number in range(told))
    assert len(usual_luts(Image(np.zeros((4, 4, 3), np.uint8), channel_info=info))) == 3


def test_at_most_eight_channels_are_shown_at_first() -> None:
    looks = auto_display(image(np.zeros((4, 4, 12), np.uint8))).channels
    assert [look.visible for look in looks] == [True] * MOST_SHOWN + [False] * 4
    assert len({look.lut for look in looks[:MOST_SHOWN]}) == MOST_SHOWN
