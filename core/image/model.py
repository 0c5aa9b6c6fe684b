"""A microscope image in memory: one plane, with its native values."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, eq=False)
class Image:
    """One plane as the file holds it; display and network scale it, each in its own way.

    pixels: (H, W, C) of the file's dtype, C-contiguous, read-only. `is_rgb` says whether the three
    channels are colours of one picture; otherwise each channel is a measurement of its own.
    pixel_size_um: edge of a pixel in micrometres, None when the file does not say.
    content_hash: SHA-256 of the file (of the pixels when there is no file), hex.
    notes: what a person should know, e.g. that only the first of many planes is shown.
    """

    pixels: np.ndarray
    is_rgb: bool = False
    path: Path | None = None
    pixel_size_um: float | None = None
    content_hash: str = ""
    notes: tuple[str, ...] = ()

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
