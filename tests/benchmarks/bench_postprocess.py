"""What moving a slider costs: `python -m tests.benchmarks.bench_postprocess [COUNT ...]`.

Prints medians in milliseconds of processor time, on one thread, of regions from the cached maps of
a 2048 x 2048 image after one setting has changed; and how many times less that is than the plain
way with a library in the same run: label what rises above one level of the cue (ours weighs all
levels), watershed, one contour for each object. Half of the objects touch another one; their radii
are 14 to 24 px.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from skimage.filters import gaussian
from skimage.measure import approximate_polygon, find_contours, label, regionprops
from skimage.morphology import remove_small_objects
from skimage.segmentation import watershed

from core.engine.config import SegmentConfig
from core.engine.outline import regions_from_maps
from core.engine.result import Maps

SIDE, ROUNDS = 2048, 9
BASE = SegmentConfig(threshold=0.5, separation=0.5)
CHANGES: dict[str, dict[str, float]] = {
    "threshold": {"threshold": 0.6},
    "separation": {"separation": 0.6},
    "minimum size": {"min_area": 800},
    "maximum size": {"max_area": 1500},
    "exclude border": {"exclude_border": True},
    "hole filling": {"fill_holes": 50},
    "detail": {"detail": 1.0},
}


def cells(count: int, seed: int = 0) -> Maps:
    """Wobbly cells on a grid, every other pair of neighbours moved together until they touch."""
    random = np.random.default_rng(seed)
    foreground, cue = np.zeros((2, SIDE, SIDE), np.float32)
    columns = int(np.ceil((count / 2) ** 0.5))
    step = SIDE / columns
    for number in range(count):
        row, column = divmod(number // 2, columns)
        radius = random.uniform(14, min(24, step / 5))
        apart = (0.92 if row % 2 else 1.2) * radius * (2 * (number % 2) - 1)
        _add_cell(
            foreground, cue, (column + 0.5) * step + apart, (row + 0.5) * step, radius, random
        )
    return Maps(foreground, cue, "synthetic", "", 0.5, 0.5, 38.0)


def _add_cell(
    foreground: np.ndarray,
    cue: np.ndarray,
    x: float,
    y: float,
    radius: float,
    random: np.random.Generator,
) -> None:
    """One more cell with a blurred edge, as a network draws it."""
    reach = 2 * radius
    box = tuple(slice(max(0, int(p - reach)), min(SIDE, int(p + reach))) for p in (y, x))
    dy, dx = (centres + 0.5 - place for centres, place in zip(np.ogrid[box], (y, x), strict=True))
    edge = radius * (1 + 0.06 * np.sin(3 * np.arctan2(dy, dx) + random.uniform(0, 6)))
    inward = edge - np.hypot(dx, dy)
    foreground[box] = np.maximum(foreground[box], 1 / (1 + np.exp(-1.5 * inward)))
    cue[box] = np.maximum(cue[box], np.clip(inward / edge, 0, 1))


def plain(maps: Maps, config: SegmentConfig) -> list[list[np.ndarray]]:
    """The way of a library: contours of every object, in its own window."""
    mask = maps.foreground >= config.threshold
    smooth = gaussian(maps.cue, 1)
    labels = watershed(-smooth, label(mask & (smooth > config.separation)), mask=mask)
    labels = remove_small_objects(labels, max_size=round(config.min_area) - 1)
    found = []
    for part in regionprops(labels):
        window = maps.foreground[part.slice] * part.image
        contours = find_contours(np.pad(window, 1), config.threshold)
        found.append([approximate_polygon(contour, config.detail) for contour in contours])
    return found


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median processor time of a call, after one that does not count."""
    work()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(1000 * (time.process_time() - start))
    return statistics.median(found)


def main(counts: list[int]) -> None:
    cv2.setNumThreads(1)
    for count in counts:
        maps = cells(count)
        reference = milliseconds(lambda maps=maps: plain(maps, BASE), 3)
        regions = len(regions_from_maps(maps, BASE))
        print(f"\n{regions:,} regions, plain way {reference:.0f} ms{'ms':>12}{'times less':>14}")
        for name, change in CHANGES.items():
            config = replace(BASE, **change)
            value = milliseconds(lambda m=maps, c=config: regions_from_maps(m, c))
            print(f"  {name:<36}{value:>7.0f}{reference / value:>12.1f}")


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [500])
