"""Which display another image gets: the one of its file, or the one that is kept for its kind."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.canvas.display import Display
from core.image.model import Image

MOST_FILES = 1000


@dataclass(frozen=True)
class Kind:
    """Images that one display suits: channel by channel the same measurement."""

    dtype: np.dtype[Any]
    channels: int
    is_rgb: bool


class KeptDisplays:
    """Remembers what was shown: for the planes of each file and, if wanted, for each kind."""

    def __init__(self) -> None:
        self._is_kept = False
        self._of_kind: dict[Kind, Display] = {}
        self._of_file: dict[str, Display] = {}

    def keep(self, wanted: bool) -> None:
        """From now on; what was shown before does not count."""
        self._is_kept = wanted
        self._of_kind.clear()

    def forget_files(self) -> None:
        """Those of another project have displays of their own."""
        self._of_file.clear()

    def of(self, image: Image, automatic: Display) -> Display:
        """What an image is shown in."""
        known = self._of_file.get(key_of(image), automatic)
        return self._of_kind.get(_kind(image), known) if self._is_kept else known

    def remember(self, image: Image, display: Display) -> None:
        """An image is shown in this."""
        self._of_kind[_kind(image)] = display
        if image.content_hash:
            key = key_of(image)
            self._of_file.pop(key, None)
            self._of_file[key] = display  # the newest stands last
            if len(self._of_file) > MOST_FILES:
                del self._of_file[next(iter(self._of_file))]


def key_of(image: Image) -> str:
    """The same for the planes of a file that one display suits."""
    kind = "rgb" if image.is_rgb else f"{image.channels} channels"
    return f"{image.content_hash} {image.pixels.dtype} {kind}"


def _kind(image: Image) -> Kind:
    return Kind(image.pixels.dtype, image.channels, image.is_rgb)
