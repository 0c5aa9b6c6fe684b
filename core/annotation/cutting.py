"""Cutting a region into pieces along a line."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from core.annotation.geometry import Part, from_shapely, to_shapely
from core.annotation.region import Region, Ring, ring
from core.annotation.runs import Points
from core.errors import InvalidGeometry

SMALLEST_PIECE = 1.0  # square pixels; less is a slip of the hand, not an object


def cut(region: Region, line: Points) -> tuple[Region, ...]:
    """The pieces that a polyline cuts the region into, the largest first.

    line: (n, 2) of x, y in px, n >= 2; it may cross itself, and ends inside the region cut nothing.
    The largest piece stays the same object (id, uid), the others are new ones (id 0) that inherit
    all the rest. Neighbours have the same vertices along the cut. The region itself, alone, when
    the line does not pass through it. Raises InvalidGeometry when a piece would be smaller than
    one square pixel.
    """
    pieces = _pieces(region, shapely.LineString(line))
    if len(pieces) < 2:
        return (region,)
    if pieces[-1].area < SMALLEST_PIECE:
        raise InvalidGeometry("A piece would be smaller than 1 px²; cut further from the border.")
    largest, *others = (replace(region, shell=p.shell, holes=p.holes, edited=True) for p in pieces)
    return (largest, *(replace(piece, id=0, uid=uuid.uuid4().hex) for piece in others))


def _pieces(region: Region, line: shapely.LineString) -> list[Part]:
    """The faces of the drawing that border and line make, as far as they lie in the region."""
    polygon = to_shapely(region.rings)
    if not polygon.intersects(line):
        return []
    drawing = shapely.union_all([polygon.boundary, line])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawing)))
    shapely.prepare(polygon)
    inside = shapely.covers(polygon, shapely.point_on_surface(faces))
    return _tidied(from_shapely(shapely.GeometryCollection(list(faces[inside]))), region)


def _tidied(pieces: list[Part], region: Region) -> list[Part]:
    """The pieces without vertices where the line meets the border and no cut begins.

    A vertex of a cut belongs to two pieces, so one that occurs once and is new is of no use.
    """
    seen, count = np.unique(_keys([r for p in pieces for r in p.rings]), return_counts=True)
    useless = np.setdiff1d(seen[count == 1], _keys(region.rings))
    if not len(useless):
        return pieces
    kept = ([ring(r[~np.isin(_keys([r]), useless)]) for r in p.rings] for p in pieces)
    return [Part(shell, tuple(holes)) for shell, *holes in kept]


def _keys(rings: Sequence[Ring]) -> npt.NDArray[np.complex128]:
    """One number for each vertex, the same for the same place."""
    x, y = np.concatenate(rings).T
    keys: npt.NDArray[np.complex128] = x + 1j * y
    return keys
