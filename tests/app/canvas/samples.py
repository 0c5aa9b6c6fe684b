"""Regions and documents for the tests of the canvas."""

from collections.abc import Mapping

import numpy as np

from app.document.classes import ClassTable
from app.document.document import Document
from core.annotation.classes import PALETTE, LabelClass
from core.annotation.region import Region, ring
from core.image.model import Image

CLASSES = tuple(LabelClass(i, f"Class {i}", PALETTE[i]) for i in range(3))


def square(
    region_id: int, x: float, y: float, side: float, *, hole: bool = False, locked: bool = False
) -> Region:
    """A square with its upper left corner at x, y; its hole is the middle third."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
    holes = (ring(corners * side / 3 + (x + side / 3, y + side / 3)),) if hole else ()
    return Region(region_id, ring(corners * side + (x, y)), holes, locked=locked)


def blob(region_id: int, x: float, y: float, radius: float, corners: int, phase: float) -> Region:
    """A wobbly cell, without holes."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    r = radius * (1 + 0.2 * np.sin(3 * angle + phase))
    points = np.stack((x + r * np.cos(angle), y + r * np.sin(angle)), axis=1)
    return Region(region_id, ring(points), class_id=region_id % len(CLASSES))


def crowd(count: int, width: int, height: int, seed: int = 0) -> dict[int, Region]:
    """Blobs of many sizes, overlapping each other and the border of the image."""
    random = np.random.default_rng(seed)
    return {
        i: blob(
            i,
            random.uniform(0, width),
            random.uniform(0, height),
            random.uniform(2, 40) if i % 20 else random.uniform(80, 200),
            int(random.integers(5, 60)),
            random.uniform(0, 6),
        )
        for i in range(1, count + 1)
    }


def document(regions: Mapping[int, Region], width: int = 100, height: int = 100) -> Document:
    return Document(1, width, height, regions, ClassTable(CLASSES))


def noise(width: int, height: int, channels: int = 1, seed: int = 0) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    pixels.setflags(write=False)
    return Image(pixels, is_rgb=channels == 3)
