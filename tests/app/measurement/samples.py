"""Sheets with a few objects, without a session."""

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Region, ring
from core.image.model import Image
from core.measure.measured import Measured, measure_image
from core.measure.sheet import Sheet
from tests.core.annotation.scenes import circle

CLASSES = (LabelClass(0, "Cell", "#56b4e9"), LabelClass(1, "Dead cell", "#e69f00"))
RADII = (3, 5, 8, 12)


def measured(image_id: int = 1, name: str = "a.png", size: float | None = None) -> Measured:
    """Circles with RADII; ids 11, 12 ...; every other one is dead; brightness grows with x."""
    regions = tuple(
        Region(11 + i, ring(circle(20 + 40 * i, 30, r)), (), i % 2, 0.1 * i)
        for i, r in enumerate(RADII)
    )
    pixels = np.broadcast_to(np.arange(180, dtype=np.uint8)[None, :, None], (60, 180, 1))
    given = AnnotationSet(name, 180, 60, regions, CLASSES, size)
    return measure_image(given, Image(np.ascontiguousarray(pixels)), image_id=image_id)


def sheet(size: float | None = None) -> Sheet:
    """Two images with the same objects, ids 1 and 2."""
    return Sheet((measured(1, "a.png", size), measured(2, "b.png", size)), CLASSES)
