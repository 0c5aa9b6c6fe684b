"""Select: pick regions, move what was picked before."""

import math

import numpy as np

from app.canvas.tools.base import Host, Point, Pointer, Sketch, Tool
from app.canvas.tools.carry import Carried
from core.annotation.lasso import encircled


class Select(Tool):
    """Click picks, Shift adds or takes away, a drag over empty space picks what lies within.

    A region that was selected before the press moves with a drag of 4 screen px or more; shorter
    ones are clicks, so that nothing moves by accident. A drag with Alt, from anywhere, draws a loop
    and picks the regions whose bounds have their centre inside; with Shift, too, it adds them.
    """

    name = "select"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._start: Pointer | None = None
        self._hit = 0
        self._dragging = False
        self._carried: Carried | None = None
        self._loop: list[Point] = []

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            return
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
            self._host.show(Sketch(rubber=_rectangle(self._start, at)))

    def release(self, at: Pointer) -> None:
        start, hit, dragged, loop = self._start, self._hit, self._dragging, self._loop
        carried = self._carried
        if start is None or at.button != "left":
            return
        self.cancel()
        if not dragged:
            self._host.select(frozenset((hit,) if hit else ()) | self._kept(start))
        elif carried:
            carried.put_down(at.x - start.x, at.y - start.y)
        elif loop or not hit:
            self._host.select(self._within(start, at, loop) | self._kept(start))

    def key(self, name: str) -> bool:
        if name == "Escape" and self._start is not None:
            self.cancel()
            return True
        return False

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
            return self._host.regions_within(*_rectangle(start, at))
        visible = self._host.regions_within(-math.inf, -math.inf, math.inf, math.inf)
        return encircled(np.array(loop), [self._host.regions[i] for i in visible])

    def _kept(self, start: Pointer) -> frozenset[int]:
        """What stays selected when something is added with Shift."""
        return self._host.selected if start.shift else frozenset()


def is_drag(start: Pointer, at: Pointer) -> bool:
    """Whether the pointer has gone 4 screen px or more from where it was pressed."""
    return bool((at.x - start.x) ** 2 + (at.y - start.y) ** 2 >= (start.reach / 2) ** 2)


def _rectangle(a: Pointer, b: Pointer) -> tuple[float, float, float, float]:
    return min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)
