"""Lookup tables: in which colours a channel goes from its black level to its white one. No Qt."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from app.canvas.style import Rgb

LEVELS = 256
BLACK: Rgb = (0, 0, 0)
_STOPS = 17


@dataclass(frozen=True)
class Lut:
    """stops: colours at even distances, with straight lines between them."""

    name: str
    stops: tuple[Rgb, ...]

    @property
    def color(self) -> Rgb | None:
        """The colour that it brightens to from black, None for one of several colours."""
        return self.stops[1] if len(self.stops) == 2 and self.stops[0] == BLACK else None


def plain(name: str, color: Rgb) -> Lut:
    """From black to a colour."""
    return Lut(name, (BLACK, color))


def _through_lab(name: str, light: np.ndarray, a: np.ndarray, b: np.ndarray) -> Lut:
    """A path through CIELAB. Its lightness rises evenly, so that whoever confuses hues still sees
    which of two values is higher."""
    lab = np.stack([light, a, b], axis=1).astype(np.float32)
    rgb = cv2.cvtColor(lab[None], cv2.COLOR_Lab2RGB)[0]
    stops = np.rint(rgb.clip(0, 1) * 255).astype(int).tolist()
    return Lut(name, tuple((red, green, blue) for red, green, blue in stops))


def _violet_to_yellow() -> Lut:
    way = np.linspace(0, 1, _STOPS)
    hue = np.radians(324 - 224 * way)
    chroma = np.interp(way, [0, 0.5, 1], [56, 38, 78])
    return _through_lab(
        "Violet to yellow", 12 + 80 * way, chroma * np.cos(hue), chroma * np.sin(hue)
    )


def _blue_to_yellow() -> Lut:
    """Without red and green, which the most common colour blindness confuses."""
    way = np.linspace(0, 1, _STOPS)
    return _through_lab("Blue to yellow", 14 + 78 * way, np.zeros(_STOPS), -42 + 108 * way)


GREY = plain("Grey", (255, 255, 255))
RED = plain("Red", (255, 0, 0))
GREEN = plain("Green", (0, 255, 0))
BLUE = plain("Blue", (0, 0, 255))
CYAN = plain("Cyan", (0, 255, 255))
MAGENTA = plain("Magenta", (255, 0, 255))
YELLOW = plain("Yellow", (255, 255, 0))
ORANGE = plain("Orange", (255, 128, 0))
PLAIN = (GREY, RED, GREEN, BLUE, CYAN, MAGENTA, YELLOW, ORANGE)
INVERTED = Lut("Inverted grey", ((255, 255, 255), BLACK))
HEAT = Lut("Heat", (BLACK, (160, 0, 60), (255, 120, 0), (255, 230, 90), (255, 255, 255)))
VIOLET_TO_YELLOW, BLUE_TO_YELLOW = _violet_to_yellow(), _blue_to_yellow()
LUTS = (*PLAIN, INVERTED, VIOLET_TO_YELLOW, BLUE_TO_YELLOW, HEAT)


def lut_of(color: Rgb) -> Lut:
    """From black to a colour of the file: one of ours, or one more."""
    known = (lut for lut in PLAIN if lut.color == color)
    return next(known, plain("From the file", color))


@lru_cache(maxsize=64)
def colours(lut: Lut) -> np.ndarray:
    """uint8 (LEVELS, 3), red, green and blue of each brightness."""
    places = np.linspace(0, len(lut.stops) - 1, LEVELS)
    stops = np.array(lut.stops, float)
    parts = [np.interp(places, np.arange(len(stops)), part) for part in stops.T]
    table: np.ndarray = np.rint(np.stack(parts, axis=1)).astype(np.uint8)
    return table
