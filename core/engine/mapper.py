"""Mapper: shows an image, whole or in parts, to a network."""

import cv2
import numpy as np

from core.engine.loader import LoadedNetwork
from core.engine.predict import predict, sigmoid
from core.engine.prepare import rescaled, unit_window
from core.engine.result import Maps
from core.engine.size import estimate_diameter
from core.image.model import Image
from core.image.scale import grey_or_rgb, to_unit
from core.progress import Ticket

RESIZED_BY = (0.1, 4.0)
"""Smallest and largest factor: more would invent pixels or lose the objects."""
Part = tuple[slice, slice]
"""Rows and columns of an image."""
ALL: Part = (slice(None), slice(None))


class Mapper:
    """Brightness and object size are chosen once, from the whole image.

    diameter: of an object in pixels of the image, measured in a first look when it is None.
    """

    def __init__(
        self, image: Image, loaded: LoadedNetwork, diameter: float | None, ticket: Ticket
    ) -> None:
        self._loaded, self._entry = loaded, loaded.entry
        self._pixels = grey_or_rgb(image)
        self._window = unit_window(image, self._entry.normalisation)
        self.height, self.width = image.height, image.width
        self.diameter = diameter or self._measured(ticket)
        self.factor = float(np.clip(self._entry.diameter / self.diameter, *RESIZED_BY))

    def maps(self, ticket: Ticket, part: Part = ALL) -> Maps:
        """The network's answer for a part of the image, at the size of the part."""
        pixels = self._unit(self._pixels[part])
        height, width = pixels.shape[:2]
        logits = self._predicted(rescaled(pixels, self.factor), ticket)
        return self._named(*probabilities(logits, width, height))

    def no_maps(self) -> Maps:
        """Which network answered, for an image whose maps are too large to be kept."""
        nothing = np.empty((0, 0), np.float32)
        return self._named(nothing, nothing)

    def _named(self, foreground: np.ndarray, cue: np.ndarray) -> Maps:
        entry = self._entry
        return Maps(
            foreground,
            cue,
            entry.name,
            entry.sha256,
            entry.threshold,
            entry.separation,
            self.diameter,
            entry.confidence,
        )

    def _measured(self, ticket: Ticket) -> float:
        """The size of the objects after a first look; what the network knows where it sees none."""

        def look(window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            ticket.step(0, 1, "measuring the objects")
            logits = self._predicted(window, ticket.quiet())
            return probabilities(logits, window.shape[1], window.shape[0])

        known = self._entry.diameter
        return estimate_diameter(self._pixels, self._unit, known, look) or known

    def _unit(self, pixels: np.ndarray) -> np.ndarray:
        return to_unit(pixels, self._window)

    def _predicted(self, pixels: np.ndarray, ticket: Ticket) -> np.ndarray:
        return predict(self._loaded.network, pixels, self._entry.normalisation, ticket)


def probabilities(logits: np.ndarray, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Foreground and separation cue, (height, width) float32 of 0..1, read-only.

    logits: (2 or 3, h, w) foreground, distance, border. The cue is the root of the distance,
    lowered where the network sees a border between two objects: resources/decisions/0006.
    """
    foreground, cue, *border = (sigmoid(_at_size(plane, width, height)) for plane in logits)
    if border:
        cue = np.sqrt(cue) * np.square(1 - border[0])
    for plane in (foreground, cue):
        plane.setflags(write=False)
    return foreground, cue


def _at_size(logits: np.ndarray, width: int, height: int) -> np.ndarray:
    """Logits interpolated to the size of the image: smooth, so outlines stay sub-pixel."""
    if logits.shape == (height, width):
        return np.ascontiguousarray(logits)
    shrink = width < logits.shape[1]
    method = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
    return cv2.resize(np.ascontiguousarray(logits), (width, height), interpolation=method)
