"""Where two versions of regions differ, so that only that is painted anew. No Qt."""

from collections.abc import Collection

import numpy as np

from app.canvas.tiles import joined
from app.canvas.viewport import Bounds
from core.annotation.region import Region, Ring

FEW_CORNERS = 30  # so short an outline is painted as a whole: its handles may change their size


def changed_bounds(before: Collection[Region], after: Collection[Region]) -> list[Bounds]:
    """Rectangles outside which both look the same. Regions of the same id are versions of each
    other; new ones have the id 0, and nothing tells which is which."""
    old, new = ({region.id: region for region in some if region.id} for some in (before, after))
    lone = [r for some in (before, after) for r in some if not (r.id in old and r.id in new)]
    both = [b for i in old.keys() & new.keys() for b in _changed(old[i], new[i])]
    return [*both, *(region.bounds for region in lone)]


def _changed(before: Region, after: Region) -> list[Bounds]:
    """Vertices that moved are found when their number is the same, else it is all of both."""
    rings = list(zip(before.rings, after.rings, strict=False))
    same = len(before.holes) == len(after.holes) and all(len(a) == len(b) for a, b in rings)
    if not same or len(before.shell) < FEW_CORNERS:
        return [joined(before.bounds, after.bounds)]
    return [bounds for a, b in rings if (bounds := _moved(a, b))]


def _moved(before: Ring, after: Ring) -> Bounds | None:
    """Around the edges that moved, where they were and where they are."""
    if before is after:
        return None
    moved = (before != after).any(axis=1)
    touched = moved | np.roll(moved, 1) | np.roll(moved, -1)
    if not touched.any():
        return None
    points = np.concatenate((before[touched], after[touched]))
    x0, y0 = points.min(axis=0).tolist()
    x1, y1 = points.max(axis=0).tolist()
    return x0, y0, x1, y1
