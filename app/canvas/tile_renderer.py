"""Regions to the pixels of a tile: a pure function, for the worker and for tests. No Qt.

Each pixel is the same whichever part of the regions elsewhere is left out: what is done with a
region depends on that region alone. So a part of a tile can be painted anew.
"""

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from app.canvas.shapes import Shapes
from app.canvas.style import CanvasStyle
from core.annotation.runs import firsts

SHIFT = 4  # bits behind the point of a coordinate: 1/16 px
MARGIN = 8  # px painted around a tile and cut off, because lines are clipped without their width
DOT_SPACING = 1.2  # px; where all edges are shorter the vertices alone, as pixels, are the outline
THIN, THICK = 1.4, 3.5  # px: how wide OpenCV draws 1 and 2; an odd number is 2.5 wider than it says
FILL_FROM = 10.0  # px of width plus height; smaller regions are outline throughout


def render(
    shapes: Shapes,
    origin: tuple[float, float],
    scale: float,
    size: int,
    style: CanvasStyle,
    width: float,
) -> np.ndarray:
    """uint8 (size, size, 4): blue, green, red, opacity, the colours premultiplied by the opacity.

    origin: image coordinates of the upper left corner. scale: tile px per image px. width: of the
    outlines in tile px. Fills lie below all outlines;
    holes stay empty (even-odd).
    """
    side = size + 2 * MARGIN
    picture = np.zeros((side, side, 4), np.uint8)
    return np.ascontiguousarray(draw(picture, shapes, origin, scale, style, width))


def draw(
    picture: np.ndarray,
    shapes: Shapes,
    origin: tuple[float, float],
    scale: float,
    style: CanvasStyle,
    width: float,
) -> np.ndarray:
    """The same on an empty picture, uint8 (size + 2 * MARGIN, size + 2 * MARGIN, 4); what it
    gives back lies in it."""
    dense = shapes.longest * scale < DOT_SPACING
    if style.fill_opacity > 0:
        _fill(picture, shapes.take(shapes.extent * scale >= FILL_FROM), origin, scale, style)
    _dot(picture, shapes.take(dense), origin, scale, style)
    _outline(picture, shapes.take(~dense), origin, scale, style, width)
    return picture[MARGIN:-MARGIN, MARGIN:-MARGIN]


def _fill(
    picture: np.ndarray,
    shapes: Shapes,
    origin: tuple[float, float],
    scale: float,
    style: CanvasStyle,
) -> None:
    """One call for each region: together, regions on top of each other would cancel out."""
    rings, end = _rings(shapes, origin, scale), 0
    colors = {p: _premultiplied(style, p, style.fill_opacity) for p in np.unique(shapes.paint)}
    for count, paint in zip(shapes.count.tolist(), shapes.paint.tolist(), strict=True):
        end += count
        cv2.fillPoly(picture, rings[end - count : end], colors[paint], cv2.LINE_8, SHIFT)


def _outline(
    picture: np.ndarray,
    shapes: Shapes,
    origin: tuple[float, float],
    scale: float,
    style: CanvasStyle,
    width: float,
) -> None:
    thickness, places = _strokes(width)
    for paint, own in _by_paint(shapes):
        color = _premultiplied(style, paint, 1.0)
        for x, y in places:
            rings = _rings(own, (origin[0] - x / scale, origin[1] - y / scale), scale)
            cv2.polylines(picture, rings, True, color, thickness, cv2.LINE_AA, SHIFT)


def _strokes(width: float) -> tuple[int, tuple[tuple[float, float], ...]]:
    """What OpenCV calls the thickness, and how far from its place a line of `width` px is drawn.

    What lies between its two thinnest lines is made of three of the thinner one, a little apart;
    that takes half the time of the thicker one.
    """
    if width >= 3:
        return max(2, 2 * round((width - THICK) / 2) + 1), ((0.0, 0.0),)
    apart = (width - THIN) / 1.6  # radius of a triangle, which is 1.6 times as wide on average
    if apart < 0.2:
        return 1, ((0.0, 0.0),)
    return 1, ((0.0, -apart), (0.87 * apart, apart / 2), (-0.87 * apart, apart / 2))


def _dot(
    picture: np.ndarray,
    shapes: Shapes,
    origin: tuple[float, float],
    scale: float,
    style: CanvasStyle,
) -> None:
    """All in one go; where two have a vertex in a pixel the later one is seen, as with lines."""
    if not len(shapes):
        return
    shapes = shapes.take(np.argsort(shapes.paint, kind="stable"))
    points, sizes = shapes.vertices()
    column, row = np.floor((points - origin) * scale).astype(np.int32).T + MARGIN
    inside = (column >= 0) & (row >= 0)
    inside &= (column < picture.shape[1]) & (row < picture.shape[0])
    paints, which = np.unique(shapes.paint, return_inverse=True)
    colors = np.array([_premultiplied(style, paint, 1.0) for paint in paints.tolist()], np.uint8)
    vertices = np.add.reduceat(sizes, firsts(shapes.count))
    pixels = np.repeat(colors.view(np.uint32)[which, 0], vertices)
    picture.view(np.uint32)[row[inside], column[inside], 0] = pixels[inside]


def _by_paint(shapes: Shapes) -> Iterator[tuple[int, Shapes]]:
    """The shapes of each colour; marked ones last, on top."""
    for paint in np.unique(shapes.paint).tolist():
        yield paint, shapes.take(shapes.paint == paint)


def _rings(
    shapes: Shapes, origin: tuple[float, float], scale: float
) -> list[npt.NDArray[np.int32]]:
    """int32 (m, 2) of each ring in the fixed-point px of the picture. OpenCV counts from the
    centre of the first pixel, the image from its corner."""
    if not len(shapes):
        return []
    points, sizes = shapes.vertices()
    local = (points - origin) * scale + (MARGIN - 0.5)
    fixed = np.rint(local * (1 << SHIFT)).astype(np.int32)
    ends = [0, *np.cumsum(sizes).tolist()]
    return [fixed[start:end] for start, end in pairwise(ends)]


def _premultiplied(
    style: CanvasStyle, paint: int, opacity: float
) -> tuple[float, float, float, float]:
    red, green, blue = (part * opacity for part in style.color(paint))
    return blue, green, red, 255 * opacity
