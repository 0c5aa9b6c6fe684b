"""Changes of how an image is displayed, as pure functions; what a network sees is not concerned."""

from dataclasses import replace
from typing import Any

import numpy as np

from app.canvas.display import MOST_SHOWN, Display, Look, auto_display, usual_luts
from app.canvas.luts import GREY, Lut
from core.image.model import Image
from core.image.scale import Window, full_window

ALL = -1
"""Stands for all channels together, as with the colours of one picture."""


def channels_of(image: Image) -> tuple[int, ...]:
    """What can be adjusted apart: each channel, or all as one where they are colours."""
    return (ALL,) if image.is_rgb else tuple(range(image.channels))


def look_of(display: Display, channel: int) -> Look:
    """How a channel is shown now; of colours the first speaks for all, from black to white."""
    look = display.channels[max(channel, 0)]
    return replace(look, lut=GREY) if channel == ALL else look


def usual_lut(image: Image, channel: int) -> Lut | None:
    """What a channel is shown in unless someone says otherwise; None where they are colours."""
    return None if channel == ALL else usual_luts(image)[channel]


def values_of(image: Image, channel: int) -> np.ndarray:
    """(h, w) of values spread over the plane."""
    return _plane(image.sample, channel)


def with_window(display: Display, channel: int, window: Window) -> Display:
    """The display with other values shown black and white; white stays above black."""
    return _changed(display, channel, window=Window(window.low, max(window.high, window.low)))


def with_gamma(display: Display, channel: int, gamma: float) -> Display:
    """The display with a channel brightened (gamma below 1) or darkened between its ends."""
    return _changed(display, channel, gamma=gamma)


def with_lut(display: Display, channel: int, lut: Lut) -> Display:
    """The display with a channel in other colours."""
    return _changed(display, channel, lut=lut)


def with_visible(display: Display, channel: int, visible: bool) -> Display:
    """The display with a channel shown, or not."""
    return _changed(display, channel, visible=visible)


def is_full(display: Display) -> bool:
    """Whether so many channels are shown that no other can be added."""
    return sum(look.visible for look in display.channels) >= MOST_SHOWN


def automatic(image: Image, display: Display, channel: int) -> Display:
    """The display with the window of a channel that is chosen when an image is opened."""
    return with_window(display, channel, look_of(auto_display(image), channel).window)


def full_range(image: Image, display: Display, channel: int) -> Display:
    """The display with everything visible from the smallest to the largest value."""
    pixels = image.sample if image.is_lazy else np.asarray(image.pixels)
    return with_window(display, channel, full_window(_plane(pixels, channel)))


def _changed(display: Display, channel: int, **facts: Any) -> Display:
    looks = (
        replace(look, **facts) if channel in (ALL, number) else look
        for number, look in enumerate(display.channels)
    )
    return Display(tuple(looks))


def _plane(pixels: np.ndarray, channel: int) -> np.ndarray:
    return pixels.reshape(len(pixels), -1) if channel == ALL else pixels[..., channel]
