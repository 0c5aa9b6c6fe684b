"""Images for the formats that hold or show pixels."""

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.formats.picture import Picture
from core.image.model import Image


def image_for(items: AnnotationSet, channels: int = 1, dtype: str = "uint16") -> Image:
    """Noise of the size of the annotations."""
    rng = np.random.default_rng(items.width)
    shape = items.height, items.width, channels
    return Image(rng.integers(0, 256, shape).astype(dtype), is_rgb=channels == 3)


def picture_for(items: AnnotationSet, channels: int = 1, dtype: str = "uint16") -> Picture:
    return Picture(lambda: image_for(items, channels, dtype))
