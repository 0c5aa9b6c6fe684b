"""Reshape: draw a stretch of a border anew."""

from collections.abc import Set
from typing import NamedTuple

import numpy as np
import shapely

from app.canvas.tools.base import Host, Point, Pointer, Sketch, within_image
from app.canvas.tools.dragging import DragTool, is_drag
from app.canvas.tools.hand import drawn_path, simple_path
from app.canvas.tools.lines import segments, vertices
from app.canvas.tools.regions import LOOKED_AT, is_free, is_stored, pick
from core.annotation.crossings import crossing_edges
from core.annotation.geometry import is_valid
from core.annotation.nearest import NearestEdge, nearest_edge
from core.annotation.region import Region, Ring
from core.annotation.reshaping import Arc, arcs
from core.annotation.runs import Points
from core.errors import InvalidGeometry

AROUND = tuple((dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
NOT_AT_BORDER = "End the line at the border where it began; nothing was changed."
CROSSES = "The new outline would cross itself, so nothing was changed; draw the line anew."
ELSEWHERE = "Press at the border of an object, then draw its new course and end at the border."


class Grip(NamedTuple):
    """A place on the border of a stored region."""

    region: Region
    edge: NearestEdge

    @property
    def ring(self) -> Ring:
        return self.region.rings[self.edge.ring_index]


class Reshape(DragTool):
    """Press at the border of a selected region, or of the one under the pointer, draw how it ought
    to run and end at the border again.

    The line takes the place of the stretch whose loss changes less of the region; until the button
    is released F takes the other one. A press elsewhere selects.
    """

    name = "reshape"
    keys = (("F", "takes the other side, before the button is released"),)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._grip: Grip | None = None
        self._line: list[Point] = []
        self._dragging = False
        self._flipped = False

    def begin(self, at: Pointer) -> None:
        self.cancel()
        grip = grip_at(self._host, at)
        if grip is None:
            pick(self._host, at)
            self._host.say(ELSEWHERE)
        elif is_free(self._host, grip.region):
            if grip.region.id not in self._host.selected:
                self._host.select(frozenset((grip.region.id,)))
            self._grip, self._start, self._line = grip, at, [within_image(self._host, at)]

    def move(self, at: Pointer) -> None:
        if self._start is None or self._grip is None:
            self._hover(at)
            return
        point = within_image(self._host, at)
        if point != self._line[-1]:
            self._line.append(point)
        self._dragging = self._dragging or is_drag(self._start, at)
        if self._dragging:
            self._preview()

    def end(self, start: Pointer, at: Pointer) -> None:
        self.move(at)
        if self._dragging and self._grip and is_stored(self._host, self._grip.region):
            self._commit()
        self.cancel()

    def wants(self, name: str) -> bool:
        return self._grip is not None and super().wants(name)

    def key(self, name: str) -> bool:
        if name == "F" and self._dragging:
            self._flipped = not self._flipped
            self._preview()
            return True
        return super().key(name)

    def cancel(self) -> None:
        self._grip = self._start = None
        self._line, self._dragging, self._flipped = [], False, False
        self._host.show(Sketch())

    def _hover(self, at: Pointer) -> None:
        grip = grip_at(self._host, at)
        self._host.show(Sketch(hot=grip.edge.point) if grip else Sketch())
        self._host.hover(0 if grip else self._host.region_at(at.x, at.y))

    def _preview(self) -> None:
        line = tuple(self._line)
        try:
            arc = self._arc()
        except InvalidGeometry:
            self._host.show(Sketch(line=line))
            return
        replaced, bad = vertices(arc.replaced), segments(crossing_edges(arc.region))
        self._host.show(Sketch(line=line, dashed=replaced, bad=bad, regions=(arc.region,)))

    def _commit(self) -> None:
        """One undo step, or the reason why there is none."""
        try:
            region = self._arc().region
        except InvalidGeometry as problem:
            self._host.say(str(problem))
            return
        if is_valid(region):
            self._host.change((region,), "Reshape object")
        else:
            self._host.say(CROSSES)

    def _arc(self) -> Arc:
        """What the line makes of the region; raises InvalidGeometry when that is nothing."""
        if self._grip is None or self._start is None:
            raise InvalidGeometry(NOT_AT_BORDER)
        path = meant_path(np.array(self._line), self._grip, self._start.reach)
        found = arcs(self._grip.region, self._grip.edge.ring_index, path)
        return found[self._flipped]


def grip_at(host: Host, at: Pointer) -> Grip | None:
    """The place on a border within reach: of the selected regions, else of those at the pointer."""
    around = {host.region_at(at.x + dx * at.reach, at.y + dy * at.reach) for dx, dy in AROUND}
    selected = host.selected if len(host.selected) <= LOOKED_AT else host.selected & around
    return _nearest(host, selected, at) or _nearest(host, around, at)


def _nearest(host: Host, ids: Set[int], at: Pointer) -> Grip | None:
    regions = [host.regions[i] for i in sorted(ids & host.regions.keys())]
    grips = [Grip(region, nearest_edge(region, at.x, at.y)) for region in regions]
    grips = [grip for grip in grips if grip.edge.distance <= at.reach]
    return min(grips, key=lambda grip: grip.edge.distance, default=None)


def meant_path(line: Points, grip: Grip, reach: float) -> Points:
    """The drawn line without its staircase of screen pixels, led to the border.

    Within reach of its ends it goes straight, so that a press beside the border leaves no hook.
    Raises InvalidGeometry when it neither ends at the border nor crosses it.
    """
    path = _led(drawn_path(line, reach / 8), np.array(grip.edge.point), reach)
    end = nearest_edge(Region(0, grip.ring), *line[-1])
    if end.distance <= reach:
        path = _led(path[::-1], np.array(end.point), reach)[::-1]
    elif not _comes_back(path, grip.ring, reach):
        raise InvalidGeometry(NOT_AT_BORDER)
    return simple_path(path, reach / 8)


def _led(path: Points, start: Points, reach: float) -> Points:
    """The path begun at `start` and straight until it has left the reach of its own beginning."""
    away = np.hypot(*(path - path[0]).T) > reach
    first = int(away.argmax()) if away.any() else len(path) - 1
    return np.concatenate(([start], path[first:]))


def _comes_back(path: Points, ring: Ring, reach: float) -> bool:
    """Whether the path crosses the ring elsewhere than where it begins."""
    met = shapely.LineString(path).intersection(shapely.LinearRing(ring))
    gaps = np.hypot(*(shapely.get_coordinates(met) - path[0]).T)
    return bool((gaps > reach).any())
