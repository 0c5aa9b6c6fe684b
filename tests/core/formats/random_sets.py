"""Random annotations for round trips: objects of all kinds in an image of 64 x 50 pixels."""

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.geometry import is_valid
from core.annotation.region import Region, ring
from tests.core.formats.samples import annotations, square, star


def random_set(seed: int, most: int = 5) -> AnnotationSet:
    """Up to `most` valid objects, whole and fine, with holes and without, also at the border."""
    rng = np.random.default_rng(seed)
    found = (_random_region(rng, number) for number in rng.permutation(most * 3)[:most] + 1)
    items = sorted(found, key=lambda region: region.id)[: rng.integers(most + 1)]
    return annotations([region for region in items if is_valid(region)])


def _random_region(rng: np.random.Generator, number: int) -> Region:
    number, seed = int(number), int(rng.integers(1 << 30))
    if rng.random() < 0.3:
        size = float(rng.integers(1, 20))
        x, y = float(rng.integers(64 - size + 1)), float(rng.integers(50 - size + 1))
        holes = (square(x + 1, y + 1, size - 2),) if size > 3 and rng.random() < 0.5 else ()
        return Region(number, square(x, y, size), holes, class_id=3)
    radius = rng.uniform(0.6, 12)
    x, y = rng.uniform(radius, 64 - radius), rng.uniform(radius, 50 - radius)
    holes = (ring(star(x, y, radius / 4, seed + 1)),) if rng.random() < 0.4 else ()
    chance = None if rng.random() < 0.5 else float(rng.random())
    return Region(number, star(x, y, radius, seed), holes, confidence=chance)
