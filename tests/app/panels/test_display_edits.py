from dataclasses import replace

import numpy as np
import pytest

from app.canvas import luts
from app.canvas.display import AS_STORED, Look, auto_display, to_bgra
from app.panels import display_edits as edits
from core.engine.prepare import scale_to_unit
from core.image.model import Image
from core.image.pixels import LazyPixels
from core.image.scale import Window
from core.image.source import Channel
from core.models.spec import Normalisation

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64) + 900
TWO = Image(np.stack([RAMP, RAMP // 2], axis=2))
COLOUR = Image(np.zeros((8, 8, 3), np.uint8) + np.array([3, 100, 250], np.uint8), is_rgb=True)


def test_channels_are_adjusted_apart_and_colours_together() -> None:
    assert edits.channels_of(TWO) == (0, 1)
    assert edits.channels_of(COLOUR) == (edits.ALL,)


def test_a_change_of_one_channel_leaves_the_other() -> None:
    before = auto_display(TWO)
    first, second = before.channels
    after = edits.with_window(before, 1, Window(5, 10))
    assert after.channels == (first, replace(second, window=Window(5, 10)))
    assert edits.with_gamma(before, 0, 0.5).channels == (replace(first, gamma=0.5), second)
    assert edits.with_lut(before, 1, luts.HEAT).channels == (first, replace(second, lut=luts.HEAT))
    hidden = edits.with_visible(before, 0, False)
    assert hidden.channels == (replace(first, visible=False), second)
    assert edits.with_visible(hidden, 0, True) == before


def test_colours_change_together() -> None:
    after = edits.with_gamma(edits.with_window(AS_STORED, edits.ALL, Window(5, 10)), edits.ALL, 2)
    assert [(look.window, look.gamma) for look in after.channels] == [(Window(5, 10), 2)] * 3
    assert edits.look_of(after, edits.ALL) == Look(Window(5, 10), luts.GREY, 2)
    assert edits.usual_lut(COLOUR, edits.ALL) is None


def test_white_never_falls_below_black() -> None:
    display = edits.with_window(auto_display(TWO), 0, Window(50, 10))
    assert edits.look_of(display, 0).window == Window(50, 50)


def test_automatic_and_full_range() -> None:
    squeezed = edits.with_window(auto_display(TWO), 0, Window(1, 2))
    assert edits.automatic(TWO, squeezed, 0) == auto_display(TWO)
    assert edits.full_range(TWO, squeezed, 0).channels[0].window == Window(900, 4995)
    assert edits.full_range(COLOUR, AS_STORED, edits.ALL).channels[1].window == Window(3, 250)


def test_full_range_looks_at_every_pixel() -> None:
    pixels = np.full((3000, 3000, 1), 100, np.uint16)
    pixels[::10, ::10] = 120
    pixels[1501, 1503], pixels[7, 9] = 4000, 3
    image = Image(pixels)
    shown = edits.full_range(image, auto_display(image), 0)
    assert shown.channels[0].window == Window(3, 4000)


def test_full_range_of_what_stays_in_its_file() -> None:
    lazy = LazyPixels((64, 64, 1), np.dtype(np.uint16), lambda a, b, c, d: RAMP[a:b, c:d, None])
    image = Image(lazy)
    assert edits.full_range(image, auto_display(image), 0).channels[0].window == Window(900, 4995)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_counts_nowhere(bad: float) -> None:
    pixels = RAMP[..., None].astype(np.float32)
    pixels[0, :9] = bad
    image = Image(pixels)
    shown = edits.full_range(image, auto_display(image), 0)
    assert shown.channels[0].window == Window(909, 4995)


def test_usual_colour_is_that_of_the_file() -> None:
    own = Image(TWO.pixels, channel_info=(Channel("a", (0, 0, 255)), Channel("b", (255, 0, 0))))
    assert edits.usual_lut(own, 1) is luts.RED


def test_eight_channels_are_as_many_as_are_shown() -> None:
    nine = auto_display(Image(np.zeros((4, 4, 9), np.uint8)))
    assert edits.is_full(nine)
    assert not edits.is_full(edits.with_visible(nine, 3, False))


@pytest.mark.parametrize("image", [TWO, COLOUR], ids=["channels", "colours"])
def test_the_network_sees_the_same_whatever_is_displayed(image: Image) -> None:
    before = scale_to_unit(image, Normalisation()).copy()
    display, channel = auto_display(image), edits.channels_of(image)[0]
    pictures = [to_bgra(np.asarray(image.pixels), display)]
    for changed in (
        edits.with_window(display, channel, Window(90, 200)),
        edits.with_gamma(display, channel, 0.3),
        edits.with_lut(display, channel, luts.INVERTED),
        edits.with_visible(display, channel, False),
    ):
        pictures.append(to_bgra(np.asarray(image.pixels), changed))
        assert not np.array_equal(pictures[-1], pictures[0])
        assert np.array_equal(scale_to_unit(image, Normalisation()), before)
