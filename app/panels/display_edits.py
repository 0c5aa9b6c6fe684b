"""Changes of how an image is displayed, as pure functions; what a network sees is not concerned."""

from dataclasses import dataclass, replace

import numpy as np

from app.canvas.display import Display, auto_display, channel_colors
from app.canvas.style import Rgb
from core.image.model import Image
from core.image.scale import Window, full_window, percentile_window

HIDDEN: Rgb = (0, 0, 0)
ALL = -1
"""Stands for all channels together, as with the colours of one picture."""


@dataclass(frozen=True)
class Levels:
    """A channel as a person adjusts it: its window, and the values that there are."""

    window: Window
    bounds: Window
    visible: bool


def channels_of(image: Image) -> tuple[int, ...]:
    """What can be adjusted apart: each channel, or all as one where they are colours."""
    return (ALL,) if image.is_rgb else tuple(range(image.channels))


def levels(image: Image, display: Display, channel: int) -> Levels:
    """How a channel is shown now."""
    first = max(channel, 0)
    window, data = display.windows[first], _bounds(image, channel)
    bounds = Window(min(data.low, window.low), max(data.high, window.high))
    return Levels(window, bounds, display.colors[first] != HIDDEN)


def with_window(display: Display, channel: int, window: Window) -> Display:
    """The display with other values shown black and white; white stays above black."""
    high = max(window.high, window.low)
    windows = (
        Window(window.low, high) if channel in (ALL, number) else former
        for number, former in enumerate(display.windows)
    )
    return replace(display, windows=tuple(windows))


def with_visible(display: Display, channel: int, visible: bool) -> Display:
    """The display with a channel shown in its usual colour, or not at all."""
    usual = channel_colors(len(display.colors))
    colors = list(display.colors)
    colors[channel] = usual[channel] if visible else HIDDEN
    return replace(display, colors=tuple(colors))


def automatic(image: Image, display: Display, channel: int) -> Display:
    """The display with the window of a channel that was chosen when the image was opened."""
    return with_window(display, channel, auto_display(image).windows[max(channel, 0)])


def full_range(image: Image, display: Display, channel: int) -> Display:
    """The display with everything visible from the smallest to the largest value."""
    return with_window(display, channel, full_window(_plane(image, channel)))


def _bounds(image: Image, channel: int) -> Window:
    """About the smallest and the largest value, of a sample: asked for at every change."""
    return percentile_window(_plane(image, channel), 0, 100)


def _plane(image: Image, channel: int) -> np.ndarray:
    pixels = image.pixels
    return pixels.reshape(image.height, -1) if channel == ALL else pixels[..., channel]
