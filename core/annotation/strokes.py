"""What a disc covers on its way over an image, added to an outline or taken away from it.

The way is covered by capsules, one for each step. Joined one by one they cost little however long
the stroke grows, and a step alone is buffered as exactly as asked, which a whole bent line is not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from core.annotation.geometry import Part, from_shapely, to_shapely
from core.annotation.region import Ring, ring, ring_area
from core.annotation.runs import Flags, Ints

SPECK = 4.0  # square pixels; a smaller hole or piece beside a stroke is not what a person meant
TOLERANCE = 0.1  # px that an outline may be off where a stroke has changed it
FULL_TOLERANCE = 10.0  # px; discs of a smaller radius are followed more closely, in proportion
TIDIED_EVERY = 32  # steps; a stroke tidied at each one would drift, one never tidied paints slowly
FINER = 4  # times as close to a true circle as the tolerance asks, since both errors add up


@dataclass(frozen=True, eq=False)
class Stroke:
    """A disc at x, y with its radius, and what it has covered so far of the image, all in px.

    tolerance: px by which an outline may be off where the disc with the smallest radius went.
    steps: how many led to here.
    """

    x: float
    y: float
    radius: float
    covered: shapely.Polygon
    image: shapely.Polygon
    tolerance: float
    steps: int = 0


def begin(x: float, y: float, radius: float, width: float, height: float) -> Stroke:
    """A disc of `radius` px put down at x, y, a point of the image of width x height px."""
    image = shapely.box(0, 0, width, height)
    covered = shapely.intersection(_capsule((x, y), (x, y), radius), image)
    return Stroke(x, y, radius, covered, image, _tolerance(radius))


def extend(stroke: Stroke, x: float, y: float, radius: float) -> Stroke:
    """The stroke led on straight to x, y, a point of the image, with a disc of `radius` px."""
    if (x, y, radius) == (stroke.x, stroke.y, stroke.radius):
        return stroke
    step = shapely.intersection(_capsule((stroke.x, stroke.y), (x, y), radius), stroke.image)
    covered, steps = shapely.union(stroke.covered, step), stroke.steps + 1
    tolerance = min(stroke.tolerance, _tolerance(radius))
    if steps % TIDIED_EVERY == 0:
        covered = shapely.simplify(covered, tolerance / 2)
    return Stroke(x, y, radius, covered, stroke.image, tolerance, steps)


def paint(rings: Sequence[Ring], stroke: Stroke) -> list[Part]:
    """The polygon of `rings`, which may be none, and the stroke; the largest part first.

    There are two parts when the stroke does not touch the polygon. Holes below SPECK that the
    stroke has left are filled.
    """
    before = to_shapely(rings) if rings else shapely.Polygon()
    parts = from_shapely(shapely.union(before, stroke.covered))
    return [_without_specks(part, stroke) for part in parts]


def erase(rings: Sequence[Ring], stroke: Stroke) -> list[Part]:
    """What is left of the polygon of `rings`, the largest piece first; specks go too."""
    before = to_shapely(rings)
    smallest = min(SPECK, before.area / 2)  # a polygon may itself be a speck
    parts = from_shapely(shapely.difference(before, stroke.covered))
    return [part for part in parts if part.area >= smallest]


def thin(part: Part, stroke: Stroke) -> Part:
    """The part with fewer vertices along the stroke; those elsewhere stay as they are.

    Where that would make rings cross they are thinned less, or not at all.
    """
    points = np.concatenate(part.rings)
    shapely.prepare(stroke.covered)
    near = shapely.dwithin(stroke.covered, shapely.points(points), stroke.tolerance)
    if not near.any():
        return part
    for tolerance in (stroke.tolerance, stroke.tolerance / 4):
        thinned = _thinned(part, near, tolerance)
        if to_shapely(thinned.rings).is_valid:
            return thinned
    return part


def _thinned(part: Part, near: Flags, tolerance: float) -> Part:
    """The part without vertices that are near and within `tolerance` px of what remains."""
    points = np.concatenate(part.rings)
    ends = np.cumsum([len(own) for own in part.rings])
    numbers = np.split(np.arange(len(points)), ends[:-1])
    stretches = [stretch for own in numbers for stretch in _stretches(own, near[own])]
    lines = [shapely.LineString(np.column_stack((points[s], s))) for s in stretches]
    simple = shapely.simplify(shapely.MultiLineString(lines), tolerance)
    stays = ~near
    stays[shapely.get_coordinates(simple, include_z=True)[:, 2].astype(np.int64)] = True
    left = [own[stays[own]] for own in numbers]
    kept = (few if len(few) > 2 else own for few, own in zip(left, numbers, strict=True))
    shell, *holes = (ring(points[rows]) for rows in kept)
    return Part(shell, tuple(holes))


def _tolerance(radius: float) -> float:
    return TOLERANCE * min(1.0, radius / FULL_TOLERANCE)


def _capsule(
    start: tuple[float, float], end: tuple[float, float], radius: float
) -> shapely.Polygon:
    """What a disc covers on a straight way, so much more that thinning leaves the right area."""
    tolerance = _tolerance(radius)
    angle = math.acos(1 - tolerance / FINER / radius)
    quarter = math.ceil(math.pi / 4 / angle)
    return shapely.LineString((start, end)).buffer(radius + tolerance / 2, quad_segs=quarter)


def _without_specks(part: Part, stroke: Stroke) -> Part:
    """The part without the small holes that the stroke borders on."""
    holes = (h for h in part.holes if ring_area(h) >= SPECK or not _borders(h, stroke))
    return Part(part.shell, tuple(holes))


def _borders(hole: Ring, stroke: Stroke) -> bool:
    return bool(shapely.dwithin(shapely.Polygon(hole), stroke.covered, stroke.tolerance))


def _stretches(numbers: Ints, near: Flags) -> list[Ints]:
    """The numbers of a ring's vertices in stretches that are near, each with the vertex before and
    the one behind it; all around when there is no other vertex."""
    others = np.flatnonzero(~near)
    first = int(others[0]) if len(others) else 0
    around = np.roll(numbers, -first)
    closed = np.append(around, around[0])
    ends = np.append(others - first, len(numbers)) if len(others) else [0, len(numbers)]
    return [closed[a : b + 1] for a, b in pairwise(ends) if b - a > 1]
