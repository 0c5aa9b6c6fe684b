"""An image in the colours and contrast in which a person sees it, for figures. No Qt."""

from collections.abc import Callable

import numpy as np

from app.canvas.display import Display, to_bgra
from core.formats.picture import Rgb8
from core.image.model import Image


def as_seen(display: Display) -> Callable[[Image], Rgb8]:
    """Makes (H, W, 3) red, green, blue of an image; for any thread."""

    def render(image: Image) -> Rgb8:
        return np.ascontiguousarray(to_bgra(np.asarray(image.pixels[:]), display)[..., 2::-1])

    return render
