"""The outlines that an ImageJ ROI of an area encloses."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.annotation.region import Ring, ring
from core.errors import InvalidGeometry

if TYPE_CHECKING:
    from roifile import ImagejRoi

Rings = list[Ring]
"""The shell, then the holes."""

_FLATNESS = 0.02  # px between an ellipse and its polygon
_ROUND_NOTE = "an ellipse in ImageJ, a polygon of the same area here"
_NAMES = {
    3: "a line",
    4: "a freehand line",
    5: "a line of segments",
    6: "an empty ROI",
    9: "an angle",
    10: "points",
}
_OTHERS = {1: "text", 2: "an arrow", 4: "a picture"}


def outlines_of(roi: "ImagejRoi") -> tuple[list[Rings], list[str]]:
    """The outlines of an ROI, the largest first, and how they differ from what ImageJ shows.

    Raises InvalidGeometry for what is no area.
    """
    from roifile import ROI_TYPE

    if roi.subtype.value in _OTHERS:
        raise InvalidGeometry(f"{_OTHERS[roi.subtype.value]} is not the outline of an object")
    if roi.composite:
        return _composite(roi), []
    if roi.roitype in (ROI_TYPE.POLYGON, ROI_TYPE.FREEHAND, ROI_TYPE.TRACED):
        return [[ring(np.asarray(roi.coordinates(), np.float64))]], _polygon_changes(roi)
    if roi.roitype == ROI_TYPE.RECT:
        return [[_rectangle(roi)]], _rectangle_changes(roi)
    if roi.roitype == ROI_TYPE.OVAL:
        return [[_ellipse(roi)]], [_ROUND_NOTE]
    name = _NAMES.get(roi.roitype.value, f"an ROI of type {roi.roitype.value}")
    raise InvalidGeometry(f"{name} is not the outline of an object")


def _polygon_changes(roi: "ImagejRoi") -> list[str]:
    from roifile import ROI_OPTIONS

    is_smooth = roi.options & ROI_OPTIONS.SPLINE_FIT
    return ["a smooth curve in ImageJ, straight from point to point here"] if is_smooth else []


def _rectangle_changes(roi: "ImagejRoi") -> list[str]:
    return ["its round corners became square"] if roi.rounded_rect_arc_size else []


def _box(roi: "ImagejRoi") -> tuple[float, float, float, float]:
    """x0, y0, x1, y1."""
    if roi.subpixelrect:
        return roi.xd, roi.yd, roi.xd + roi.widthd, roi.yd + roi.heightd
    return roi.left, roi.top, roi.right, roi.bottom


def _rectangle(roi: "ImagejRoi") -> Ring:
    x0, y0, x1, y1 = _box(roi)
    return ring([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def _ellipse(roi: "ImagejRoi") -> Ring:
    """A polygon with the area of the ellipse, nowhere further from it than can be seen."""
    x0, y0, x1, y1 = _box(roi)
    a, b = (x1 - x0) / 2, (y1 - y0) / 2
    if not (0 < a < 1e6 and 0 < b < 1e6):
        raise InvalidGeometry("an ellipse without an area")
    step = 2 * math.acos(max(0.0, 1 - _FLATNESS / max(a, b)))
    count = max(16, math.ceil(2 * math.pi / step))
    angles = np.arange(count) * (2 * math.pi / count)
    stretch = math.sqrt(2 * math.pi / count / math.sin(2 * math.pi / count))
    unit = np.stack((np.cos(angles), np.sin(angles)), axis=1) * stretch
    return ring(unit * (a, b) + ((x0 + x1) / 2, (y0 + y1) / 2))


def _composite(roi: "ImagejRoi") -> list[Rings]:
    """The areas that lie inside an odd number of the paths."""
    paths = roi.multi_coordinates
    if paths is None or not np.isfinite(paths).all():
        raise InvalidGeometry("its paths are damaged")
    try:
        found = roi.path2coords(paths)
    except NotImplementedError as error:
        raise InvalidGeometry("it has curves, which are not read") from error
    except (RuntimeError, IndexError, ValueError, OverflowError) as error:
        raise InvalidGeometry("its paths are damaged") from error
    rings = list(_closed(found))
    if not rings:
        raise InvalidGeometry("it has no path that encloses anything")
    return [_as_one(rings)] if _is_one(rings) else _odd_areas(rings)


def _closed(paths: Iterable[npt.NDArray[np.float32]]) -> Iterator[Ring]:
    """The paths of three points and more; others have no area."""
    for path in paths:
        with suppress(InvalidGeometry):
            yield ring(path)


def _extent(points: Ring) -> float:
    return float(np.prod(np.ptp(points, axis=0)))


def _as_one(rings: Sequence[Ring]) -> Rings:
    """The ring with the largest extent as shell."""
    shell = max(range(len(rings)), key=lambda i: _extent(rings[i]))
    return [rings[shell], *(r for i, r in enumerate(rings) if i != shell)]


def _is_one(rings: Sequence[Ring]) -> bool:
    """Whether the rings are a shell and its holes, as they are: then not a point changes."""
    from core.annotation.geometry import to_shapely

    return bool(to_shapely(_as_one(rings)).is_valid)


def _odd_areas(rings: Sequence[Ring]) -> list[Rings]:
    import shapely

    from core.annotation.geometry import from_shapely

    lines = [shapely.LinearRing(points) for points in rings]
    areas = shapely.build_area(shapely.node(shapely.MultiLineString(lines)))
    return [list(part.rings) for part in from_shapely(areas)]
