"""Sub-pixel outlines of a network's objects: marching squares on the probability map.

Marching squares has one vertex on every crack of the label image, between the centres of the two
pixels, in the order in which the cracks follow each other. So tracing the cracks once gives the
outlines of all objects, and the vertices of all of them come out of one vectorised step. (A
library's marching squares, object by object, gives the same points and takes several times as
long; a test compares them.)
"""

import numpy as np
import numpy.typing as npt
import shapely

from core.annotation.arcs import Arcs, into_arcs, simplify_arcs
from core.annotation.region import Ring
from core.annotation.runs import Flags, Floats, Points, from_first, pieces, swept
from core.annotation.tracing import Cracks, Outline, trace

Probability = npt.NDArray[np.floating]

# Pixels: objects of a smaller radius get a finer outline, in proportion.
FULL_TOLERANCE = 20.0
# A vertex stays this far from both pixel centres, so that an outline never touches itself.
MARGIN = 0.01
ROW_ACROSS = np.array([-1, 0, 1, 0])  # from a pixel over its TOP, RIGHT, BOTTOM, LEFT
COLUMN_ACROSS = np.array([0, 1, 0, -1])


def smooth_outlines(
    probability: Probability,
    labels: npt.NDArray[np.integer | np.bool_],
    threshold: float,
    tolerance: float = 0.35,
    min_hole_area: float = 0.0,
) -> list[Outline]:
    """The sub-pixel outline of every object of `labels`, sorted by label; all are valid polygons.

    probability, labels: (H, W). A free border lies where the probability crosses `threshold`; one
    between two objects, or where the labels do not follow the threshold, lies between the pixels,
    and both objects have the same vertices there. tolerance: px that a simplified outline may be
    off; the area is that of the outline before. Of an object in several parts the largest is kept;
    holes below `min_hole_area` square pixels are filled.
    """
    cracks = trace(labels)
    if not len(cracks.starts):
        return []
    cracks, arcs = into_arcs(cracks)
    points = _crossings(probability, cracks, threshold)
    areas = _areas(points, cracks)
    chosen = _chosen(cracks, areas, min_hole_area)
    simple, sizes = simplify_arcs(points, arcs, _tolerances(cracks, arcs, areas, tolerance))
    # Where the edge of the image cuts an object, vertices must not be pushed over it.
    simple = np.clip(simple, 0, np.array(labels.shape[::-1], np.float64))
    return _outlines(cracks, chosen, pieces(simple, sizes), pieces(points, cracks.lengths))


def smooth_outline(
    probability: Probability,
    instance: Flags,
    threshold: float,
    tolerance: float = 0.35,
    min_hole_area: float = 0.0,
) -> tuple[Ring, tuple[Ring, ...]] | None:
    """Shell and holes of one object; None when `instance` is empty. See `smooth_outlines`.

    probability, instance: (H, W) of a crop, whose frame the coordinates are in. Leave a margin of
    one pixel where the crop does not end with the image. For many objects call `smooth_outlines`.
    """
    found = smooth_outlines(probability, instance, threshold, tolerance, min_hole_area)
    return (found[0].shell, found[0].holes) if found else None


def _crossings(probability: Probability, cracks: Cracks, threshold: float) -> Points:
    """(n, 2) point of each crack where the probability, going outwards, crosses the threshold."""
    column, row = cracks.column_row
    dx, dy = COLUMN_ACROSS[cracks.side], ROW_ACROSS[cracks.side]
    height, width = probability.shape
    inner = probability[row, column].astype(np.float64)
    outer = probability[np.clip(row + dy, 0, height - 1), np.clip(column + dx, 0, width - 1)]
    # Only towards the background inside the image; elsewhere half-way, which is the pixel edge.
    free = (cracks.padded.ravel()[cracks.across] == 0) & (inner >= threshold) & (outer < threshold)
    way = np.full(len(free), 0.5)
    np.divide(inner - threshold, inner - outer, out=way, where=free)
    way = np.clip(way, MARGIN, 1 - MARGIN)
    return np.stack((column + 0.5 + dx * way, row + 0.5 + dy * way), axis=1)


def _areas(points: Points, cracks: Cracks) -> Floats:
    """(r,) unsigned area of each ring."""
    local = from_first(points, cracks.lengths)
    return np.abs(swept(local, local, cracks.lengths))


def _chosen(cracks: Cracks, areas: Floats, min_hole_area: float) -> Flags:
    """The rings to keep: the largest shell of each label and its holes that are large enough."""
    numbers = np.arange(len(areas))
    is_shell = cracks.shell == numbers
    by_label = np.lexsort((numbers, -areas, ~is_shell, cracks.label))
    _, first = np.unique(cracks.label[by_label], return_index=True)
    largest = np.isin(cracks.shell, by_label[first])
    wanted: Flags = largest & (is_shell | (areas >= min_hole_area))
    return wanted


def _tolerances(cracks: Cracks, arcs: Arcs, areas: Floats, tolerance: float) -> Floats:
    """px for each arc: finer where the object on either side of it is small."""
    radius = np.sqrt(areas / np.pi)
    smallest = radius[arcs.ring]
    labels, place = np.unique(cracks.label, return_inverse=True)
    of_label = np.zeros(len(labels))
    np.maximum.at(of_label, place, radius)
    for label in (cracks.label[arcs.ring], arcs.outer):
        known = np.minimum(np.searchsorted(labels, label), len(labels) - 1)
        smallest = np.where(label > 0, np.minimum(smallest, of_label[known]), smallest)
    return tolerance * np.minimum(1, smallest / FULL_TOLERANCE)


def _outlines(
    cracks: Cracks, chosen: Flags, simple: list[Points], full: list[Points]
) -> list[Outline]:
    """Outlines of the simplified rings; of the full ones where those are not a valid polygon."""
    rings = [few if len(few) > 2 else all_ for few, all_ in zip(simple, full, strict=True)]
    short, exact = cracks.outlines(rings, chosen), cracks.outlines(full, chosen)
    return [a if ok else b for a, b, ok in zip(short, exact, _valid(short), strict=True)]


def _valid(outlines: list[Outline]) -> Flags:
    """Whether each outline is a valid polygon."""
    rings = [ring for part in outlines for ring in (part.shell, *part.holes)]
    of_ring = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    of_part = np.repeat(np.arange(len(outlines)), [1 + len(part.holes) for part in outlines])
    polygons = shapely.polygons(
        shapely.linearrings(np.concatenate(rings), indices=of_ring), indices=of_part
    )
    return np.asarray(shapely.is_valid(polygons))
