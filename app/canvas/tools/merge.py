"""Merge: objects that belong together, passed in one drag, become one."""

import math

import numpy as np

from app.canvas.tools.base import Host, Point, Pointer, Sketch, within_image
from app.canvas.tools.dragging import DragTool, is_drag
from app.canvas.tools.lines import ends_of, segments
from app.canvas.tools.regions import is_free, is_stored
from core.annotation.merging import merged
from core.annotation.region import Region
from core.errors import InvalidGeometry

MOST = 50  # objects; what comes of more would not follow the pointer
LOOKS = 64  # at most, along one move of the mouse
ELSEWHERE = "Press on an object and drag on over those that belong to it."
TOO_MANY = f"At most {MOST} objects merge in one drag; select more and press J."


class Merge(DragTool):
    """Press on an object and drag on over others that touch it; on release they are one, the
    largest of them. What comes of it is shown before; a line over objects that lie apart is red.
    """

    name = "merge"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._line: list[Point] = []
        self._dragging = False
        self._passed: dict[int, Region] = {}
        self._spared: set[int] = set()  # passed, but not to be changed
        self._whole: Region | None = None
        self._problem = ""

    def begin(self, at: Pointer) -> None:
        self.cancel()
        region = self._host.regions.get(self._host.region_at(at.x, at.y))
        if region is None:
            self._host.say(ELSEWHERE)
        elif is_free(self._host, region):
            self._start, self._line = at, [within_image(self._host, at)]
            self._passed[region.id] = region

    def move(self, at: Pointer) -> None:
        if self._start is None:
            self._host.hover(self._host.region_at(at.x, at.y))
            return
        self._dragging = self._dragging or is_drag(self._start, at)
        if self._dragging:
            self._go_on(within_image(self._host, at), at.reach)
            self._show()

    def end(self, start: Pointer, at: Pointer) -> None:
        self.move(at)
        whole, problem, regions = self._whole, self._problem, tuple(self._passed.values())
        self.cancel()
        if whole is None:
            self._host.say(problem or ELSEWHERE)
        elif all(is_stored(self._host, region) for region in regions):
            gone = frozenset(region.id for region in regions if region.id != whole.id)
            self._host.rearrange("Merge", changed=(whole,), removed=gone)

    def cancel(self) -> None:
        self._start, self._dragging, self._whole, self._problem = None, False, None, ""
        self._line, self._passed, self._spared = [], {}, set()
        self._host.show(Sketch())

    def _go_on(self, to: Point, reach: float) -> None:
        """Draw the line on, and take in what it passes."""
        count = len(self._passed)
        for point in on_the_way(self._line[-1], to, reach / 4):
            self._take_in(*point)
        self._line.append(to)
        if len(self._passed) > count:
            self._join()

    def _take_in(self, x: float, y: float) -> None:
        region = self._host.regions.get(self._host.region_at(x, y))
        if region is None or region.id in self._passed.keys() | self._spared:
            return
        if len(self._passed) == MOST:
            self._host.say(TOO_MANY)
        elif is_free(self._host, region):
            self._passed[region.id] = region
            return
        self._spared.add(region.id)

    def _join(self) -> None:
        try:
            self._whole, self._problem = merged(list(self._passed.values())), ""
        except InvalidGeometry as problem:
            self._whole, self._problem = None, str(problem)

    def _show(self) -> None:
        line = tuple(self._line)
        if self._whole:
            note = (*line[-1], f"merges {len(self._passed)} objects")
            self._host.show(Sketch(line=line, note=note, regions=(self._whole,)))
        else:
            bad = segments(ends_of(np.array(line))) if self._problem else ()
            self._host.show(Sketch(line=line, bad=bad))


def on_the_way(start: Point, end: Point, step: float) -> list[Point]:
    """Points after the start, at most a step apart unless it is far, and the end."""
    (x0, y0), (x1, y1) = start, end
    count = min(math.ceil(math.hypot(x1 - x0, y1 - y0) / step), LOOKS)
    shares = [number / count for number in range(1, count + 1)]
    return [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for share in shares]
