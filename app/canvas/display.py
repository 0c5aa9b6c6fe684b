"""Display: how native values become colours on the screen; what the network sees is not concerned.
No Qt."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

import cv2
import numpy as np

from app.canvas.luts import (
    BLUE,
    CYAN,
    GREEN,
    GREY,
    LEVELS,
    MAGENTA,
    ORANGE,
    RED,
    YELLOW,
    Lut,
    colours,
    lut_of,
)
from core.image.model import Image
from core.image.scale import Window, percentile_window, to_unit

MOST_SHOWN = 8
"""Channels that are shown together; the colours of more could not be told apart."""
SEVERAL = (CYAN, MAGENTA, YELLOW, RED, GREEN, BLUE, GREY, ORANGE)
RGB = (RED, GREEN, BLUE)
DIRECT = (np.uint8, np.int8, np.uint16, np.int16)
"""Types with so few values that each gets its colour in a table."""


@dataclass(frozen=True)
class Look:
    """How one channel is shown. gamma: brightness 0..1 is raised to this power."""

    window: Window
    lut: Lut = GREY
    gamma: float = 1.0
    visible: bool = True


@dataclass(frozen=True)
class Display:
    """A look for each channel; the picture is the sum of the visible ones."""

    channels: tuple[Look, ...]


def _as_colours(window: Window) -> Display:
    return Display(tuple(Look(window, lut) for lut in RGB))


AS_STORED = _as_colours(Window(0, 255))


def auto_display(image: Image) -> Display:
    """Grey values and channels by their percentiles; colours as they are, beyond 8 bits in one
    window, which keeps the hue."""
    if image.is_rgb:
        values = image.sample.reshape(len(image.sample), -1)
        is_bytes = values.dtype == np.uint8
        return AS_STORED if is_bytes else _as_colours(percentile_window(values))
    looks = (
        Look(percentile_window(image.sample[..., number]), lut, visible=number < MOST_SHOWN)
        for number, lut in enumerate(usual_luts(image))
    )
    return Display(tuple(looks))


def usual_luts(image: Image) -> tuple[Lut, ...]:
    """The colours of the file where it names them, else some that add up to nearly white."""
    told = [channel.color for channel in image.channel_info]
    # Several channels have one colour where nobody chose any.
    colors = () if len(told) > 1 and len(set(told)) == 1 else told
    pairs = zip_longest(_several(image.channels), colors[: image.channels])
    return tuple(lut_of(color) if color and any(color) else usual for usual, color in pairs)


def to_bgra(pixels: np.ndarray, display: Display) -> np.ndarray:
    """uint8 (h, w, 4) blue, green, red, opaque of (h, w, C): the sum of the visible channels."""
    if pixels.dtype == np.uint8 and tuple(look.lut for look in display.channels) == RGB:
        return _picture(pixels, display)
    looks = [(number, look) for number, look in enumerate(display.channels) if look.visible]
    shown = [_coloured(pixels[..., number], look) for number, look in looks]
    if not shown:
        return np.full((*pixels.shape[:2], 4), (0, 0, 0, 255), np.uint8)
    total = shown[0]
    for other in shown[1:]:
        cv2.add(total, other, dst=total)
    return total


def _picture(pixels: np.ndarray, display: Display) -> np.ndarray:
    """The same for red, green and blue of 8 bits, in a third of the time."""
    tables = [_brightness("u1", look) * np.uint8(look.visible) for look in display.channels]
    shown = cv2.LUT(pixels, np.stack(tables, axis=1)[None])
    return cv2.cvtColor(shown, cv2.COLOR_RGB2BGRA)


def _several(count: int) -> tuple[Lut, ...]:
    if count == 1:
        return (GREY,)
    if count == 2:
        return GREEN, MAGENTA  # told apart by colour-blind people too
    return tuple(SEVERAL[number % len(SEVERAL)] for number in range(count))


def _coloured(plane: np.ndarray, look: Look) -> np.ndarray:
    """uint8 (h, w, 4) of one channel, through a table: of its values, or of 65,536 levels."""
    if plane.dtype in DIRECT:
        numbers, table = plane.view(f"u{plane.itemsize}"), _table(plane.dtype.str, look)
    else:
        numbers = np.rint(to_unit(plane, look.window) * np.float32(65535)).astype(np.uint16)
        table = _table("u2", replace(look, window=Window(0, 65535)))
    return table.take(numbers)[..., None].view(np.uint8)


@lru_cache(maxsize=64)
def _table(dtype: str, look: Look) -> np.ndarray:
    """uint32: blue, green, red, opaque of each value."""
    brightness = _brightness(dtype, look)
    shown = np.full((len(brightness), 4), 255, np.uint8)
    shown[:, 2::-1] = colours(look.lut)[brightness]
    return shown.view(np.uint32).ravel()


def _brightness(dtype: str, look: Look) -> np.ndarray:
    """uint8, of each value of a type; a negative one stands where its bits say, taken as an
    unsigned number."""
    size = np.dtype(dtype).itemsize
    values = np.arange(2 ** (8 * size), dtype=f"u{size}").view(dtype)
    unit = to_unit(values, look.window) ** np.float32(look.gamma)
    table: np.ndarray = np.rint(unit * (LEVELS - 1)).astype(np.uint8)
    return table
