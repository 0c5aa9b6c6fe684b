"""Looking: what live wire and magic wand go by, the map of a network or the image itself."""

import numpy as np

from app.canvas.tools.base import Host

KEY = "Q"
HELP = (KEY, "goes by the image instead of the network's map, and back")
NO_MAP = "There is no map of this image to go by; segment it first (Ctrl+Return)."
BY_MAP = "Live wire and magic wand go by the map of the network again."
BY_IMAGE = "Live wire and magic wand go by the values of the image now, not by the network's map."


class Looking:
    """By the map where there is one, unless the person prefers the image; kept from image to
    image."""

    def __init__(self) -> None:
        self._prefers_image = False

    def map_of(self, host: Host) -> np.ndarray | None:
        """(H, W) float32 of 0..1, None when the image is what counts."""
        return None if self._prefers_image else host.probability

    def switch(self, host: Host) -> None:
        """Go by the other one, which is said."""
        if host.probability is None:
            host.say(NO_MAP)
            return
        self._prefers_image = not self._prefers_image
        host.say(BY_IMAGE if self._prefers_image else BY_MAP)
