"""A region as the bytes of an ImageJ ROI.

Area ROIs are in our own frame: (0, 0) is the upper left corner of the first pixel, so outlines
along pixel edges are whole numbers. Source: RoiEncoder.java, ShapeRoi.java (even-odd rule).
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from core.annotation.classes import LabelClass
from core.annotation.region import Region, Ring
from core.formats.imagej_properties import OWN, to_properties
from core.formats.json_text import check_finite, check_outline, to_json
from core.formats.own_data import own_object

LARGEST_WHOLE = 60535
"""ImageJ takes 16 bits above it for a negative number."""
_MOVE, _LINE, _CLOSE = 0.0, 1.0, 4.0


def roi_bytes(
    region: Region, name: str, group: int, kind: LabelClass, place: tuple[int, int] = (0, 0)
) -> bytes:
    """The ROI `name`: a polygon, or a composite when the region has holes.

    group: a number from 1 on for the class; the class itself is among the properties. place: time
    point and focal plane, counted from 0; ROIs of the first ones are shown on all.
    """
    roi = _composite(region) if region.holes else _polygon(region)
    roi.name = name
    if max(place) > 0:
        roi.t_position, roi.z_position = (number + 1 for number in place)  # 0 is all planes
    roi.group = group if group <= 65535 else 0
    if kind.color:
        roi.stroke_color = b"\xff" + bytes.fromhex(kind.color[1:])
    roi.props = to_properties(_properties(region, kind))
    return bytes(roi.tobytes())


def is_whole(region: Region) -> bool:
    """Whether all coordinates are integers that an ROI holds as such."""
    return all(_is_whole(points) for points in region.rings)


def rounded(region: Region) -> Region:
    """The region with the coordinates that come back."""
    shell, *holes = (points.astype(np.float32).astype(np.float64) for points in region.rings)
    return replace(region, shell=shell, holes=tuple(holes))


def _is_whole(points: Ring) -> bool:
    return bool((points >= 0).all() and (points <= LARGEST_WHOLE).all() and not (points % 1).any())


def _polygon(region: Region) -> Any:
    from roifile import ROI_OPTIONS, ROI_TYPE, ImagejRoi

    kind = np.int32 if is_whole(region) else np.float32
    roi = ImagejRoi.frompoints(region.shell.astype(kind), name="")
    roi.roitype = ROI_TYPE.POLYGON
    roi.options &= ROI_OPTIONS.SUB_PIXEL_RESOLUTION
    return roi


def _composite(region: Region) -> Any:
    from roifile import ROI_TYPE, ImagejRoi

    path = np.concatenate([_path(points) for points in region.rings])
    x0, y0, x1, y1 = region.bounds
    return ImagejRoi(
        roitype=ROI_TYPE.RECT,
        left=int(np.floor(x0)),
        top=int(np.floor(y0)),
        right=int(np.ceil(x1)),
        bottom=int(np.ceil(y1)),
        shape_roi_size=len(path),
        multi_coordinates=path,
    )


def _path(points: Ring) -> npt.NDArray[np.float32]:
    """Move, lines, close: an operation and its point each."""
    steps = np.full((len(points), 3), _LINE, np.float32)
    steps[0, 0] = _MOVE
    steps[:, 1:] = points
    return np.append(steps.ravel(), np.float32(_CLOSE))


def _properties(region: Region, kind: LabelClass) -> dict[str, str]:
    what = f"object {region.id}"
    check_outline(region)
    check_finite((region.confidence, region.origin.threshold, region.attributes), what)
    own = own_object(region, region.attributes, rounded(region).rings)
    known = {"class": kind.name, OWN: to_json(own, what).decode()}
    return known if region.confidence is None else known | {"confidence": repr(region.confidence)}
