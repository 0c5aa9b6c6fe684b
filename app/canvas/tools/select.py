"""Select: pick regions, move what was picked before."""

import numpy as np

from app.canvas.tools.base import EVERYWHERE, Host, Point, Pointer, Segment, Sketch
from app.canvas.tools.carry import Carried
from app.canvas.tools.dragging import DragTool, is_drag
from core.annotation.lasso import encircled


class Select(DragTool):
    """Click picks, Shift adds or takes away, a drag over empty space picks what lies within.

    A region that was selected before the press moves with a drag of 4 screen px or more; shorter
    ones are clicks, so that nothing moves by accident. A drag with Alt, from anywhere, draws a loop
    and picks the regions whose bounds have their centre inside; with Shift, too, it adds them.
    """

    name = "select"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._hit = 0
        self._dragging = False
        self._carried: Carried | None = None
        self._loop: list[Point] = []

    def begin(self, at: Pointer) -> None:
        self._start, self._hit = at, self._host.region_at(at.x, at.y)
        if at.alt:
            self._loop = [(at.x, at.y)]
            return
        if not self._hit:
            return
        if at.shift:
            self._host.select(self._host.selected ^ {self._hit})
            self._start = None
        elif self._hit in self._host.selected:
            self._carried = Carried(self._host)
        else:
            self._host.select(frozenset((self._hit,)))
            self._start = None

    def move(self, at: Pointer) -> None:
        if self._start is None:
            self._host.hover(self._host.region_at(at.x, at.y))
            return
        self._dragging = self._dragging or is_drag(self._start, at)
        if self._dragging and self._loop:
            self._encircle(at)
        elif self._dragging and self._carried:
            way = at.x - self._start.x, at.y - self._start.y
            self._host.show(Sketch(regions=self._carried.moved(*way)))
        elif self._dragging:
            self._host.show(Sketch(rubber=rectangle(self._start, at)))

    def end(self, start: Pointer, at: Pointer) -> None:
        hit, dragged, loop, carried = self._hit, self._dragging, self._loop, self._carried
        self.cancel()
        if not dragged:
            self._host.select(frozenset((hit,) if hit else ()) | self._kept(start))
        elif carried:
            carried.put_down(at.x - start.x, at.y - start.y)
        elif loop or not hit:
            self._host.select(self._within(start, at, loop) | self._kept(start))

    def cancel(self) -> None:
        self._start, self._hit, self._dragging = None, 0, False
        self._carried, self._loop = None, []
        self._host.show(Sketch())

    def _encircle(self, at: Pointer) -> None:
        """Draw the loop on to the pointer, with a point every 2 screen px at most."""
        x, y = self._loop[-1]
        if (at.x - x) ** 2 + (at.y - y) ** 2 >= (at.reach / 4) ** 2:
            self._loop.append((at.x, at.y))
            ends = self._loop[-1], self._loop[0]
            self._host.show(Sketch(line=tuple(self._loop), dashed=ends))

    def _within(self, start: Pointer, at: Pointer, loop: list[Point]) -> frozenset[int]:
        """Ids of what the drag has enclosed, by its loop if it drew one."""
        if not loop:
            return self._host.regions_within(*rectangle(start, at))
        visible = self._host.regions_within(*EVERYWHERE)
        return encircled(np.array(loop), [self._host.regions[i] for i in visible])

    def _kept(self, start: Pointer) -> frozenset[int]:
        """What stays selected when something is added with Shift."""
        return self._host.selected if start.shift else frozenset()


def rectangle(a: Pointer, b: Pointer) -> Segment:
    """x0, y0, x1, y1 between two points; x0 <= x1, y0 <= y1."""
    return min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)
