"""DrawFreehand: a new region, drawn in one go."""

import math

import numpy as np
import shapely

from app.canvas.tools.base import Host, Point, Pointer, Segment, Sketch, within_image
from app.canvas.tools.dragging import DragTool
from app.canvas.tools.hand import drawn_outline
from app.canvas.tools.lines import as_lines, ends_of, segments
from app.canvas.tools.regions import new_region
from core.annotation.geometry import repair_parts
from core.annotation.region import Ring
from core.annotation.runs import Points
from core.errors import InvalidGeometry

LOOPS = "The line crossed itself, so only its largest loop was kept; undo to draw it again."
TOO_SHORT = "The outline is too short; keep the button down and go all around the object."


class DrawFreehand(DragTool):
    """Press, go around the object, release: the outline is closed by a straight line.

    Crossings are red. They are no reason to lose what was drawn in one go, mostly the hand went on
    beyond the start: the largest loop becomes the region, which is said, and undo takes it back.
    """

    name = "freehand"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._line: list[Point] = []
        self._bad: dict[Segment, None] = {}  # in the order in which they were found

    def begin(self, at: Pointer) -> None:
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

    def end(self, start: Pointer, at: Pointer) -> None:
        self.move(at)
        line = np.array(self._line)
        self.cancel()
        if _encloses(line, start):
            self._store(drawn_outline(line, start.reach / 8, self._host.image_size))
        else:
            self._host.say(TOO_SHORT)

    def cancel(self) -> None:
        self._start, self._line, self._bad = None, [], {}
        self._host.show(Sketch())

    def _store(self, shell: Ring) -> None:
        """The region that an outline encloses, or the largest of its loops."""
        try:
            largest, *others = repair_parts((shell,))
        except InvalidGeometry as problem:
            self._host.say(str(problem))
            return
        drawn = new_region(self._host, *(largest if others else (shell,)))
        if self._host.add((drawn,), "Draw object") and others:
            self._host.say(LOOPS)


def last_crossings(line: list[Point]) -> tuple[Segment, ...]:
    """The last segment of an open polyline and those that it crosses; empty when there are none."""
    if len(line) < 4:
        return ()
    points = np.array(line)
    last = shapely.LineString(points[-2:])
    if not shapely.crosses(last, shapely.LineString(points[:-1])):
        return ()
    ends = ends_of(points)
    crossed = shapely.crosses(as_lines(ends), last)
    crossed[-1] = True
    return segments(ends[crossed])


def _encloses(line: Points, start: Pointer) -> bool:
    """Whether the line goes around more than it could within 4 screen px of its start."""
    area = shapely.MultiPoint(line).convex_hull.area
    return bool(area > math.pi * (start.reach / 2) ** 2)
