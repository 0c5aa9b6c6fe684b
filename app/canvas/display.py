"""Display: how native values become colours on the screen; what the network sees is not concerned.
No Qt."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from app.canvas.style import Rgb
from core.image.model import Image
from core.image.scale import Window, percentile_window, to_display

WHITE, RED, GREEN, BLUE = (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255)
CYAN, MAGENTA, YELLOW = (0, 255, 255), (255, 0, 255), (255, 255, 0)
AS_IS = Window(0, 255)


@dataclass(frozen=True)
class Display:
    """A window and a colour for each channel; a black channel is not shown."""

    windows: tuple[Window, ...]
    colors: tuple[Rgb, ...]


AS_STORED = Display((AS_IS,) * 3, (RED, GREEN, BLUE))


def auto_display(image: Image) -> Display:
    """Grey values and channels by their percentiles; colours as they are, beyond 8 bits in one
    window, which keeps the hue."""
    if image.is_rgb:
        return AS_STORED if image.pixels.dtype == np.uint8 else _shared(image)
    windows = tuple(percentile_window(image.pixels[..., i]) for i in range(image.channels))
    return Display(windows, channel_colors(image.channels))


def channel_colors(count: int) -> tuple[Rgb, ...]:
    """Colours that add up to white or nearly so; from the eighth channel on none is shown."""
    if count == 1:
        return (WHITE,)
    if count == 2:
        return GREEN, MAGENTA
    some = (CYAN, MAGENTA, YELLOW, RED, GREEN, BLUE, WHITE)[:count]
    return some + ((0, 0, 0),) * (count - len(some))


def to_bgra(pixels: np.ndarray, display: Display) -> np.ndarray:
    """uint8 (h, w, 4) blue, green, red, opaque of (h, w, C): the sum of the coloured channels."""
    if pixels.dtype == np.uint8 and display == AS_STORED:
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA)
    if display.colors == (WHITE,):
        return cv2.cvtColor(_bytes(pixels, 0, display.windows[0]), cv2.COLOR_GRAY2BGRA)
    height, width = pixels.shape[:2]
    planes = [np.zeros((height, width), np.uint8) for _ in range(3)]
    for channel, (window, color) in enumerate(zip(display.windows, display.colors, strict=True)):
        if any(color):
            shown = _bytes(pixels, channel, window)
            planes = [_added(plane, shown, part) for plane, part in zip(planes, color, strict=True)]
    return cv2.merge([*reversed(planes), np.full((height, width), 255, np.uint8)])


def _shared(image: Image) -> Display:
    planes = image.pixels.transpose(2, 0, 1).reshape(-1, image.width)
    return Display((percentile_window(planes),) * 3, (RED, GREEN, BLUE))


def _added(plane: np.ndarray, shown: np.ndarray, part: int) -> np.ndarray:
    """The plane and `part` 255ths of what is shown, at most 255."""
    if not part:
        return plane
    return cv2.add(plane, shown if part == 255 else cv2.convertScaleAbs(shown, alpha=part / 255))


def _bytes(pixels: np.ndarray, channel: int, window: Window) -> np.ndarray:
    """uint8 (h, w) of one channel, through a table where the values are few."""
    plane = pixels[..., channel]
    if plane.dtype in (np.uint8, np.uint16):
        return _table(plane.dtype.str, window).take(plane)
    return to_display(plane[..., None], (window,))


@lru_cache(maxsize=32)
def _table(dtype: str, window: Window) -> np.ndarray:
    """What each value of an unsigned type is shown as."""
    values = np.arange(np.iinfo(dtype).max + 1, dtype=dtype)
    return to_display(values.reshape(-1, 1, 1), (window,)).ravel()
