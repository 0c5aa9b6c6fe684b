"""Annotations for the tests of this folder."""

from collections.abc import Sequence

import numpy as np

from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.classes import PALETTE, LabelClass
from core.annotation.region import Origin, Region, Ring, ring
from core.project.codec import content_hash

CLASSES = (LabelClass(0, "Cell", PALETTE[0]), LabelClass(3, "Zellkern 細胞 µ", PALETTE[2]))
FROM_MODEL = Origin("model", "unet", "ab" * 32, 0.5, settings_hash="cd" * 8)


def star(x: float, y: float, radius: float, seed: int = 0, points: int = 12) -> Ring:
    """A simple outline around x, y whose coordinates need all their digits."""
    rng = np.random.default_rng(seed)
    angles = (np.arange(points) + rng.uniform(0.1, 0.9, points)) * 2 * np.pi / points
    radii = radius * rng.uniform(0.6, 1, points)
    return ring(np.stack((x + radii * np.cos(angles), y + radii * np.sin(angles)), axis=1))


def square(x: float, y: float, size: float) -> Ring:
    return ring([(x, y), (x + size, y), (x + size, y + size), (x, y + size)])


def regions() -> tuple[Region, ...]:
    """Objects that differ in every field, none of them on another."""
    return (
        Region(2, star(15, 15, 10), confidence=0.1 + 0.2, origin=FROM_MODEL, reviewed=True),
        Region(3, star(45, 15, 12, 1), (star(45, 15, 4, 2),), class_id=3, edited=True),
        Region(7, square(2, 40, 9), (square(4, 42, 2), square(7, 42, 2)), locked=True),
        Region(
            9,
            square(60, 40, 4),
            confidence=0.25,
            origin=Origin("import", source="Ärzte.tif"),
            attributes={"note": "mitosis 細胞", "values": [1, 2.5, None, True], "more": {"a": "b"}},
        ),
    )


def annotations(items: Sequence[Region] | None = None, **changes: object) -> AnnotationSet:
    """64 x 50 pixels, not square, so that a swap of width and height is seen."""
    facts: dict[str, object] = {
        "image_name": "Präparat 1.tif",
        "width": 64,
        "height": 50,
        "regions": regions() if items is None else tuple(items),
        "classes": CLASSES,
        "pixel_size_um": 0.325,
        "content_hash": "cd" * 32,
        "run": RunInfo("unet", 0.5, 120.25),
    }
    return AnnotationSet(**(facts | changes))  # type: ignore[arg-type]


def known(items: AnnotationSet) -> dict[str, object]:
    """Everything that an AnnotationSet says, comparable."""
    return {k: v for k, v in vars(items).items() if k != "regions"} | {
        "regions": content_hash(items.regions)
    }
