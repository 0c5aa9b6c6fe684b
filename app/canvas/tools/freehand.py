"""DrawFreehand: a new region, drawn in one go."""

import math

import numpy as np
import shapely

from app.canvas.tools.base import Host, Point, Pointer, Segment, Sketch, Tool, within_image
from app.canvas.tools.hand import drawn_outline
from core.annotation.region import Origin, Region
from core.annotation.runs import Points

TOO_SHORT = "The outline is too short; keep the button down and go all around the object."


class DrawFreehand(Tool):
    """Press, go around the object, release: the outline is closed by a straight line."""

    name = "freehand"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._start: Pointer | None = None
        self._line: list[Point] = []
        self._bad: dict[Segment, None] = {}  # in the order in which they were found

    def press(self, at: Pointer) -> None:
        if at.button == "left":
            self.cancel()
            self._start, self._line = at, [within_image(self._host, at)]

    def move(self, at: Pointer) -> None:
        if self._start is None:
            return
        point = within_image(self._host, at)
        if point != self._line[-1]:
            self._line.append(point)
            self._bad.update(dict.fromkeys(last_crossings(self._line)))
        closing = (point, self._line[0])
        self._host.show(Sketch(line=tuple(self._line), dashed=closing, bad=tuple(self._bad)))

    def release(self, at: Pointer) -> None:
        if self._start is None or at.button != "left":
            return
        self.move(at)
        start, line = self._start, np.array(self._line)
        self.cancel()
        if not _encloses(line, start):
            self._host.say(TOO_SHORT)
            return
        shell = drawn_outline(line, start.reach / 8, self._host.image_size)
        region = Region(0, shell, class_id=self._host.active_class, origin=Origin("human"))
        self._host.add((region,), "Draw region")

    def key(self, name: str) -> bool:
        if name == "Escape" and self._start is not None:
            self.cancel()
            return True
        return False

    def cancel(self) -> None:
        self._start, self._line, self._bad = None, [], {}
        self._host.show(Sketch())


def last_crossings(line: list[Point]) -> tuple[Segment, ...]:
    """The last segment of an open polyline and those that it crosses; empty when there are none."""
    if len(line) < 4:
        return ()
    points = np.array(line)
    last = shapely.LineString(points[-2:])
    if not shapely.crosses(last, shapely.LineString(points[:-1])):
        return ()
    ends = np.hstack((points[:-1], points[1:]))
    crossed = shapely.crosses(shapely.linestrings(ends.reshape(-1, 2, 2)), last)
    crossed[-1] = True
    return tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in ends[crossed].tolist())


def _encloses(line: Points, start: Pointer) -> bool:
    """Whether the line goes around more than it could within 4 screen px of its start."""
    area = shapely.MultiPoint(line).convex_hull.area
    return bool(area > math.pi * (start.reach / 2) ** 2)
