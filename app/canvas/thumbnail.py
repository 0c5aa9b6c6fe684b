"""Thumbnail: a small picture of an image, as it looks when it is opened. No Qt."""

import cv2
import numpy as np

from app.canvas.display import auto_display, to_bgra
from core.image.model import Image


def thumbnail(image: Image, side: int) -> np.ndarray:
    """uint8 (h, w, 4) blue, green, red, opaque; the longer side has `side` px.

    Of the values that the percentiles come from: of a large image in its file few are read.
    """
    picture = to_bgra(image.sample, auto_display(image))
    scale = side / max(image.width, image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
