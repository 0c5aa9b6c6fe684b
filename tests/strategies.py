"""Random label images, rings and regions for property tests."""

import math

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.annotation.region import Region, Ring, ring


@st.composite
def label_images(draw: st.DrawFn, max_side: int = 12, max_label: int = 3) -> np.ndarray:
    """(H, W) int32: every pixel at random, so holes, borders and diagonal contacts abound; or
    large blobs with islands in their holes."""
    height, width = draw(st.integers(1, max_side)), draw(st.integers(1, max_side))
    if draw(st.booleans()):
        values = st.integers(0, draw(st.integers(1, max_label)))
        return draw(hnp.arrays(np.int32, (height, width), elements=values))
    return _blobs(draw(st.integers(0, 2**32 - 1)), 2 * height, 2 * width, max_label)


def _blobs(seed: int, height: int, width: int, max_label: int) -> np.ndarray:
    """Discs over one another, every other one erasing, so that rings and islands appear."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    image = np.zeros((height, width), np.int32)
    for turn in range(8):
        radius = random.uniform(0.5, 0.5 * max(height, width))
        y, x = random.uniform(0, height), random.uniform(0, width)
        value = random.integers(1, max_label + 1) if turn % 2 == 0 else 0
        image[(rows - y) ** 2 + (columns - x) ** 2 < radius**2] = value
    return image


def coordinates(size: float = 20.0) -> st.SearchStrategy[float]:
    """Grid points, where edges meet exactly, and points between them, also outside the image."""
    whole = st.integers(-2, int(size) + 2).map(float)
    return whole | st.floats(-2, size + 2, allow_subnormal=False, width=32)


@st.composite
def rings(draw: st.DrawFn, size: float = 20.0, max_points: int = 10) -> Ring:
    """Any points in any order: most of these rings cross themselves."""
    point = st.tuples(coordinates(size), coordinates(size))
    points = draw(st.lists(point, min_size=3, max_size=max_points))
    if points[0] == points[-1]:  # a ring does not repeat its first point
        points[-1] = (points[0][0] + 1, points[0][1])
    return ring(points)


@st.composite
def star(draw: st.DrawFn, x: float, y: float, low: float, high: float) -> Ring:
    """A simple ring around x, y with radii between `low` and `high`."""
    count = draw(st.integers(3, 14))
    radii = draw(st.lists(st.floats(low, high), min_size=count, max_size=count))
    turn = draw(st.floats(0, 2 * math.pi))
    angles = turn + np.arange(count) * 2 * np.pi / count
    return ring(np.column_stack((x + radii * np.cos(angles), y + radii * np.sin(angles))))


@st.composite
def regions(draw: st.DrawFn, size: float = 20.0) -> Region:
    """A valid region in an image of `size`, with a hole or without."""
    middle = size / 2
    shell = draw(star(middle, middle, size * 0.3, size * 0.45))
    # Every side of the shell stays further out than cos(60°) of its smallest radius.
    hole = draw(st.none() | star(middle, middle, size * 0.05, size * 0.14))
    return Region(draw(st.integers(1, 300)), shell, () if hole is None else (hole,))
