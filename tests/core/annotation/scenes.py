"""Images whose truth is known: discs and wobbly cells, anti-aliased."""

import time
from collections.abc import Callable

import numpy as np
import shapely

from core.annotation.region import Region, Ring
from core.annotation.runs import Flags
from core.annotation.vertices import with_vertices_moved


def disc_map(x: float, y: float, radius: float, height: int, width: int) -> np.ndarray:
    """(height, width) float32: how much of each pixel the disc covers."""
    return wobbly_map(x, y, radius, 0.0, height, width)


def wobbly_map(
    x: float, y: float, radius: float, wobble: float, height: int, width: int
) -> np.ndarray:
    """(height, width) float32: how much of each pixel `wobbly_shape` covers."""
    fine = 8 if radius < 60 else 4  # samples per pixel and axis
    rows = (np.arange(height * fine) + 0.5)[:, None] / fine - y
    columns = (np.arange(width * fine) + 0.5)[None] / fine - x
    limit = radius * (1 + wobble * np.cos(5 * np.arctan2(rows, columns)))
    inside = np.hypot(rows, columns) < limit
    return inside.reshape(height, fine, width, fine).mean((1, 3), dtype=np.float32)


def wobbly_shape(x: float, y: float, radius: float, wobble: float) -> shapely.Polygon:
    """The true outline of `wobbly_map`."""
    angle = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    r = radius * (1 + wobble * np.cos(5 * angle))
    return shapely.Polygon(np.column_stack((x + r * np.cos(angle), y + r * np.sin(angle))))


def circle(x: float, y: float, radius: float, points: int = 64) -> Ring:
    """A regular polygon."""
    angle = np.arange(points) * 2 * np.pi / points
    return np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))


def one_vertex(region: Region, ring_index: int, vertex_index: int) -> Flags:
    """(n,) which of all vertices of the region that one is."""
    number = sum(map(len, region.rings[:ring_index])) + vertex_index
    return np.arange(sum(map(len, region.rings))) == number


def dragged(region: Region, ring_index: int, vertex_index: int, x: float, y: float) -> Region:
    """The region after a drag of one vertex to x, y."""
    chosen = one_vertex(region, ring_index, vertex_index)
    return with_vertices_moved(region, chosen, *((x, y) - region.rings[ring_index][vertex_index]))


def touching_discs(count: int, size: int, radius: float, seed: int = 0) -> np.ndarray:
    """(size, size) int32 labels of discs at random places, later ones over earlier ones."""
    random = np.random.default_rng(seed)
    labels = np.zeros((size, size), np.int32)
    for label in range(1, count + 1):
        x, y = random.uniform(0, size, 2)
        r = radius * random.uniform(0.8, 1.2)
        x0, y0 = max(int(x - r), 0), max(int(y - r), 0)
        crop = labels[y0 : int(y + r) + 1, x0 : int(x + r) + 1]
        rows, columns = np.ogrid[: crop.shape[0], : crop.shape[1]]
        crop[np.hypot(rows + y0 + 0.5 - y, columns + x0 + 0.5 - x) < r] = label
    return labels


def cpu_seconds(work: Callable[[], object]) -> float:
    """The shortest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)
