"""Mapper: shows an image, whole or in parts, to a network."""

import cv2
import numpy as np

from core.engine.block_plan import one_by_one, plan_blocks
from core.engine.config import SegmentConfig
from core.engine.fit import Fit
from core.engine.loader import LoadedNetwork
from core.engine.predict import predict, sigmoid
from core.engine.prepare import Part, UnitPixels, seen, size_of
from core.engine.result import Maps
from core.engine.size import estimate_diameter
from core.image.model import Image
from core.models.spec import OUTPUTS
from core.progress import Ticket

SIZE = len(OUTPUTS)
"""The channel after the logits."""
TINY = 1e-6


class Mapper:
    """Brightness and object size are chosen once, from the whole image.

    Of the config the channels and the diameter count; without one, it is measured in a first look.
    Raises UsageError for a channel that the image does not have.
    """

    def __init__(
        self, image: Image, loaded: LoadedNetwork, config: SegmentConfig, ticket: Ticket
    ) -> None:
        self._loaded, self._entry = loaded, loaded.entry
        self._pixels = UnitPixels(image, self._entry.normalisation, config.channels)
        self.height, self.width = image.height, image.width
        self.diameter = config.diameter or self._measured(ticket)
        self.factor = Fit(self.diameter, self._entry.diameter).factor

    def maps(self, ticket: Ticket) -> Maps:
        """The network's answer for the whole image, at its size; found block by block where the
        image, enlarged for the network, would be large."""
        blocks = plan_blocks(self.height, self.width, self.factor)
        if len(blocks) == 1:
            return self.maps_of(blocks[0].seen, ticket)
        foreground, cue = (np.empty((self.height, self.width), np.float32) for _ in range(2))
        for block in one_by_one(blocks, ticket):
            maps = self.maps_of(block.seen, ticket.quiet())
            foreground[block.own] = maps.foreground[block.own_in_seen]
            cue[block.own] = maps.cue[block.own_in_seen]
        for plane in (foreground, cue):
            plane.setflags(write=False)
        return self._named(foreground, cue)

    def maps_of(self, part: Part, ticket: Ticket) -> Maps:
        """The network's answer for a part of the image, at the size of the part."""
        height, width = size_of(part, self.height, self.width)
        logits = self._predicted(seen(self._pixels, part, self.factor), ticket)
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
            entry.min_confidence,
        )

    def _measured(self, ticket: Ticket) -> float:
        """The size of the objects after a first look; what the network knows where it sees none."""

        def look(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
            ticket.step(0, 1, "measuring the objects")
            answer = self._predicted(window, ticket.quiet())
            foreground, cue = probabilities(answer, window.shape[1], window.shape[0])
            guess = float(np.average(answer[SIZE], weights=foreground + TINY))
            return foreground, cue, guess

        known = self._entry.diameter
        return estimate_diameter(self._pixels, known, look) or known

    def _predicted(self, pixels: np.ndarray, ticket: Ticket) -> np.ndarray:
        return predict(self._loaded.network, pixels, self._entry.normalisation, ticket)


def probabilities(answer: np.ndarray, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Foreground and separation cue, (height, width) float32 of 0..1, read-only.

    answer: (4, h, w) logits of foreground, distance and border, then the size. The cue is the root
    of the distance, lowered where the network sees a border between two objects:
    resources/decisions/0006.
    """
    foreground, distance, border = (
        sigmoid(_at_size(plane, width, height)) for plane in answer[:SIZE]
    )
    cue = np.sqrt(distance) * np.square(1 - border)
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
