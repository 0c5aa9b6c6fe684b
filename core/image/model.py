"""A microscope image: one plane, with its native values."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core.image.pixels import Pixels, sample
from core.image.source import FIRST, Channel, Plane, Scene


@dataclass(frozen=True, eq=False)
class Image:
    """One plane as the file holds it; display and network scale it, each in its own way.

    pixels: (H, W, C) of the file's dtype, read-only, in memory (C-contiguous) or, for a large
    image, read from the file part by part. levels: the same at smaller sizes, the largest first,
    where the file has them. `is_rgb` says whether the three channels are colours of one picture;
    otherwise each channel is a measurement of its own. pixel_size_um: edge of a pixel in
    micrometres, None when the file does not say. content_hash: `fingerprint` of the file (SHA-256
    of the pixels when there is no file), hex. plane: which one of the file it is. scenes: all
    that the file has. channel_info: one for each channel, or nothing. notes: what a person should
    know.
    """

    pixels: Pixels
    is_rgb: bool = False
    path: Path | None = None
    pixel_size_um: float | None = None
    content_hash: str = ""
    notes: tuple[str, ...] = ()
    levels: tuple[Pixels, ...] = ()
    plane: Plane = FIRST
    scenes: tuple[Scene, ...] = ()
    channel_info: tuple[Channel, ...] = ()

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def channels(self) -> int:
        return int(self.pixels.shape[2])

    @property
    def name(self) -> str:
        return self.path.name if self.path else "untitled"

    @property
    def is_lazy(self) -> bool:
        """Whether its pixels are read from the file when they are asked for."""
        return not isinstance(self.pixels, np.ndarray)

    @property
    def held_bytes(self) -> int:
        """Memory that its pixels take."""
        return 0 if self.is_lazy else self.pixels.nbytes

    @cached_property
    def sample(self) -> np.ndarray:
        """(h, w, C) of values spread over the plane, for percentiles."""
        return sample(self.pixels)
