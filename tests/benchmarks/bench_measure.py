"""What measuring costs: `python -m tests.benchmarks.bench_measure [COUNT ...]`.

Prints seconds of processor time for objects of an image of 4096 x 4096 pixels, and how many times
less that is than a loop over the regions of scikit-image that reads the same properties, in the
same run (of 1,000 objects, multiplied). Distances to neighbours are held against a query of the
nearest polygon for each.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import shapely
from skimage.measure import regionprops

from core.annotation.raster import label_image
from core.annotation.region import Region, ring
from core.image.model import Image
from core.measure.intensities import measure_intensities
from core.measure.neighbours import neighbours
from core.measure.shapes import measure_many

SIDE, SAMPLE = 4096, 1000
PROPERTIES = (
    "area",
    "perimeter",
    "centroid",
    "bbox",
    "equivalent_diameter_area",
    "axis_major_length",
    "axis_minor_length",
    "orientation",
    "solidity",
    "extent",
    "feret_diameter_max",
)
INTENSITIES = (
    "intensity_mean",
    "intensity_median",
    "intensity_std",
    "intensity_min",
    "intensity_max",
)


def cells(count: int, seed: int = 0) -> list[Region]:
    """Wobbly outlines of some 40 vertices on a grid, close to each other."""
    random = np.random.default_rng(seed)
    columns = int(np.ceil(count**0.5))
    step = SIDE / columns
    found = []
    for number in range(count):
        row, column = divmod(number, columns)
        angle = np.linspace(0, 2 * np.pi, random.integers(32, 48), endpoint=False)
        wobble = 1 + 0.12 * np.sin(3 * angle + random.uniform(0, 6))
        radius = 0.44 * step * wobble
        centre = (np.array([column, row]) + 0.5) * step
        points = centre + radius[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
        found.append(Region(number + 1, ring(points), uid=""))
    return found


def seconds(work: Callable[[], object]) -> float:
    """Of processor time, the best of two."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def naive(regions: list[Region], image: Image, properties: tuple[str, ...]) -> float:
    """Seconds for all of them, from a sample."""
    some = regions[:: max(1, len(regions) // SAMPLE)]
    labels = label_image(some, SIDE, SIDE).astype(np.int32)

    def loop() -> None:
        for part in regionprops(labels, image.pixels[..., 0]):
            for name in properties:
                getattr(part, name)

    return seconds(loop) * len(regions) / len(some)


def naive_distances(regions: list[Region]) -> float:
    polygons = np.array([shapely.Polygon(region.shell) for region in regions])
    tree = shapely.STRtree(polygons)
    some = polygons[:: max(1, len(regions) // SAMPLE)]
    plain = seconds(lambda: tree.query_nearest(some, exclusive=True, return_distance=True))
    return plain * len(regions) / len(some)


def report(name: str, ours: float, plain: float) -> None:
    print(f"  {name:24} {ours:7.2f} s   {plain / ours:6.1f} times less than {plain:.1f} s")


def compare(count: int, image: Image) -> None:
    """One line for each kind of measurement."""
    regions = cells(count)
    shape = measure_many(regions, SIDE, SIDE)
    print(f"{count:,} objects, processor time")
    ours = seconds(lambda: measure_many(regions, SIDE, SIDE))
    report("shape", ours, naive(regions, image, PROPERTIES))
    ours = seconds(lambda: measure_intensities(regions, image))
    report("brightness of a channel", ours, naive(regions, image, INTENSITIES))
    ours = seconds(lambda: neighbours(regions, shape))
    report("neighbours", ours, naive_distances(regions))


def main(counts: list[int]) -> None:
    values = np.random.default_rng(1).integers(0, 4000, (SIDE, SIDE, 1), np.uint16)
    for count in counts:
        compare(count, Image(values))


if __name__ == "__main__":
    main([int(text.replace(",", "")) for text in sys.argv[1:]] or [5_000, 50_000])
