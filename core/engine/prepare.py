"""From an image with its native values to what a network sees. Display settings play no part."""

from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias

import cv2
import numpy as np

from core.counted import counted
from core.errors import UsageError
from core.image.model import Image
from core.image.scale import Window, percentile_window, to_unit
from core.models.spec import Normalisation

Part: TypeAlias = tuple[slice, slice]
"""Rows and columns of an image."""
ALL: Part = (slice(None), slice(None))


class UnitPixels:
    """The pixels of an image as values of 0..1; only the part that is asked for is read.

    shape: (H, W, 1 or 3). An index (rows, columns) gives float32 (h, w, 1 or 3). NaN becomes 0,
    infinities are clipped, a constant image becomes all zeros.
    channels: from 0. None of them: the colours of a colour image, which share one window, so that
    hue is kept, else the first channel. One: that one alone. Several: each in a window of its own,
    then the brightest of them at each pixel. So an object keeps its contrast in whichever channel
    it shows; the mean halves it (of nuclei among stained membranes a network then found 1 object
    instead of 50). A channel with a bright background covers the others: leave it out.
    Raises UsageError for a channel that the image does not have.
    """

    def __init__(
        self, image: Image, normalisation: Normalisation, channels: Sequence[int] = ()
    ) -> None:
        _check_channels(image, channels)
        self._pixels = image.pixels
        self._groups = _groups(image, channels)
        self._windows = [_window(image, group, normalisation) for group in self._groups]
        self.shape = (image.height, image.width, self._groups[0].stop - self._groups[0].start)

    def __getitem__(self, part: Part) -> np.ndarray:
        pixels = self._pixels[part]
        seen = (
            to_unit(pixels[..., group], window)
            for group, window in zip(self._groups, self._windows, strict=True)
        )
        return reduce(np.maximum, seen)


def _check_channels(image: Image, channels: Sequence[int]) -> None:
    missing = next((c for c in channels if c >= image.channels), None)
    if missing is not None:
        count = counted(image.channels, "channel")
        raise UsageError(
            f"{image.name} has {count} and no channel {missing + 1}: choose others for the network."
        )


def _groups(image: Image, channels: Sequence[int]) -> list[slice]:
    """Channels that share a window."""
    if channels:
        return [slice(channel, channel + 1) for channel in channels]
    return [slice(0, image.channels if image.is_rgb else 1)]


def _window(image: Image, group: slice, normalisation: Normalisation) -> Window:
    """The values of the whole image that become 0 and 1."""
    return percentile_window(image.sample[..., group], normalisation.low, normalisation.high)


def scale_to_unit(image: Image, normalisation: Normalisation) -> np.ndarray:
    """All of an image at once, as UnitPixels gives it: (H, W, 1 or 3) float32 of 0..1."""
    return UnitPixels(image, normalisation)[ALL]


def seen(pixels: UnitPixels, part: Part, factor: float) -> np.ndarray:
    """A part of the image in the size at which a network sees it, (h, w, 1 or 3) of 0..1."""
    return rescaled(pixels[part], factor)


def size_of(part: Part, height: int, width: int) -> tuple[int, int]:
    """Rows and columns of a part of an image of height x width."""
    rows, columns = part
    return len(range(height)[rows]), len(range(width)[columns])


def scaled_size(height: int, width: int, factor: float) -> tuple[int, int]:
    """What `rescaled` makes of height x width; at least one pixel remains."""
    return max(1, round(height * factor)), max(1, round(width * factor))


def rescaled(pixels: np.ndarray, factor: float) -> np.ndarray:
    """(H, W, C) resized by `factor`, area-averaged when shrinking."""
    if factor == 1:
        return pixels
    height, width = scaled_size(pixels.shape[0], pixels.shape[1], factor)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width, height), interpolation=method).reshape(height, width, -1)


def network_input(pixels: np.ndarray, normalisation: Normalisation) -> np.ndarray:
    """(H, W, 1|3) of 0..1 -> (3, H, W) float32 as the network was trained on."""
    colours = np.broadcast_to(pixels, (*pixels.shape[:2], 3)).transpose(2, 0, 1)
    return (colours - np.float32(normalisation.mean)) / np.float32(normalisation.std)
