"""Shapes whose numbers are known, as masks and as outlines."""

import numpy as np
import shapely

from core.annotation.raster import regions_from_labels
from core.annotation.region import Region, ring
from core.annotation.runs import Flags


def disc(radius: float, x: float, y: float) -> Flags:
    """A mask with a margin; x, y: centre, added to radius + 3."""
    side = int(2 * radius + 8)
    rows, columns = np.mgrid[:side, :side] + 0.5
    middle = radius + 3
    return np.asarray((columns - middle - x) ** 2 + (rows - middle - y) ** 2 <= radius**2)


def traced(mask: Flags, number: int = 1) -> Region:
    """The region that has just the pixels of a mask in one piece."""
    (outline,) = regions_from_labels(mask.astype(np.int32))
    return Region(number, outline.shell, outline.holes)


def polygon(shape: shapely.Polygon, number: int = 1) -> Region:
    holes = tuple(ring(shapely.get_coordinates(hole)) for hole in shape.interiors)
    return Region(number, ring(shapely.get_coordinates(shape.exterior)), holes)


def ellipse(x: float, y: float, a: float, b: float, degrees: float, points: int = 2000) -> Region:
    """degrees: of the axis a, counterclockwise as seen."""
    t = np.linspace(0, 2 * np.pi, points, endpoint=False)
    turn = -np.deg2rad(degrees)
    u, v = a * np.cos(t), b * np.sin(t)
    corners = np.column_stack(
        (x + u * np.cos(turn) - v * np.sin(turn), y + u * np.sin(turn) + v * np.cos(turn))
    )
    return Region(1, ring(corners))


def blobs(seed: int, side: int = 160, count: int = 12) -> np.ndarray:
    """(side, side) int32 labels of wobbly objects that do not touch, some with holes."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:side, :side] + 0.5
    labels = np.zeros((side, side), np.int32)
    for number in range(1, count + 1):
        y, x = random.uniform(0, side, 2)
        radius, wobble = random.uniform(5, 18), random.uniform(0, 0.3)
        angle = np.arctan2(rows - y, columns - x)
        far = np.hypot(rows - y, columns - x)
        shape = far < radius * (1 + wobble * np.sin(3 * angle + number))
        shape &= far >= random.choice([0, 0.3]) * radius
        labels[shape & (labels == 0)] = number
    return labels
