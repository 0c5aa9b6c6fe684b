"""Regions as paths of Qt, in widget coordinates."""

from typing import Any

import numpy as np
from PySide6.QtGui import QPainterPath, QPolygonF
from shiboken6 import VoidPtr

from app.canvas.viewport import Viewport
from core.annotation.region import Region
from core.annotation.runs import Points


def on_screen(points: Points, viewport: Viewport) -> Points:
    """(n, 2) widget coordinates of image points."""
    centre = np.array((viewport.width / 2, viewport.height / 2))
    found: Points = (points - (viewport.x, viewport.y)) * viewport.scale + centre
    return found


def polygon(points: Points) -> QPolygonF:
    """The points, copied in one go: one QPointF each would take ten times as long."""
    result = QPolygonF()
    if not len(points):  # then it has no memory to copy into
        return result
    result.resize(len(points))
    buffer: Any = VoidPtr(result.data(), 16 * len(points), True)  # type: ignore[arg-type, call-arg]
    np.frombuffer(buffer, np.float64).reshape(-1, 2)[:] = points
    return result


def region_path(region: Region, viewport: Viewport) -> QPainterPath:
    """Closed rings, even-odd, so that holes stay empty."""
    path = QPainterPath()
    for ring in region.rings:
        path.addPolygon(polygon(on_screen(ring, viewport)))
        path.closeSubpath()
    return path
