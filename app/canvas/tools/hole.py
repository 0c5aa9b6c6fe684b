"""Hole: cut one into a region, or fill one."""

import numpy as np
import shapely

from app.canvas.tools.base import Host, Point, Pointer, Segment, Sketch, within_image
from app.canvas.tools.dragging import DragTool, is_drag
from app.canvas.tools.hand import drawn_outline
from app.canvas.tools.lines import as_lines, closed, ends_of, segments
from app.canvas.tools.regions import is_free, is_stored
from core.annotation.geometry import to_shapely
from core.annotation.holes import hole_at, with_hole, without_hole
from core.annotation.region import Region, ring_area
from core.errors import InvalidGeometry

TOO_SHORT = "Drag an outline within the object to cut a hole into it."


class Hole(DragTool):
    """Draw within a region, in one go, to cut a hole into it, or from a hole to make that larger; a
    click in a hole fills it."""

    name = "hole"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._region: Region | None = None
        self._ring = 0  # of the hole that was pressed
        self._line: list[Point] = []
        self._dragging = False

    def begin(self, at: Pointer) -> None:
        self.cancel()
        region, ring_index = _under(self._host, at)
        if region is None:
            self._host.say("Press within an object to cut a hole into it.")
        elif is_free(self._host, region):
            self._start, self._region, self._ring = at, region, ring_index
            self._line = [within_image(self._host, at)]

    def move(self, at: Pointer) -> None:
        if self._start is None or self._region is None:
            self._hover(at)
            return
        point = within_image(self._host, at)
        if point != self._line[-1]:
            self._line.append(point)
        self._dragging = self._dragging or is_drag(self._start, at)
        if self._dragging:
            self._preview(self._region)

    def end(self, start: Pointer, at: Pointer) -> None:
        self.move(at)
        if self._region is not None and is_stored(self._host, self._region):
            try:
                self._commit(self._region)
            except InvalidGeometry as problem:
                self._host.say(str(problem))
        self.cancel()

    def cancel(self) -> None:
        self._start = self._region = None
        self._ring, self._line, self._dragging = 0, [], False
        self._host.show(Sketch())

    def _hover(self, at: Pointer) -> None:
        region, ring_index = _under(self._host, at)
        sketch = Sketch()
        if region is not None and ring_index and not region.locked:
            line = closed(region.rings[ring_index])
            sketch = Sketch(line=line, note=(at.x, at.y, "Click fills the hole"))
        self._host.show(sketch)
        self._host.hover(region.id if region else 0)

    def _preview(self, region: Region) -> None:
        line = tuple(self._line)
        closing = line[-1], line[0]
        try:
            self._host.show(Sketch(line=line, dashed=closing, regions=(self._with_hole(region),)))
        except InvalidGeometry:
            bad = _outside(region, (*line, line[0]))
            self._host.show(Sketch(line=line, dashed=closing, bad=bad))

    def _commit(self, region: Region) -> None:
        """One undo step; raises InvalidGeometry for a hole that cannot be."""
        if self._dragging:
            self._host.change((self._with_hole(region),), "Add hole")
        elif self._ring:
            self._host.change((without_hole(region, self._ring),), "Fill hole")
        else:
            self._host.say(TOO_SHORT)

    def _with_hole(self, region: Region) -> Region:
        if len(self._line) < 3 or self._start is None:
            raise InvalidGeometry(TOO_SHORT)
        pixel = self._start.reach / 8
        return with_hole(region, drawn_outline(np.array(self._line), pixel, self._host.image_size))


def _under(host: Host, at: Pointer) -> tuple[Region | None, int]:
    """What lies under the pointer: a region, and the ring_index of its hole when that is meant.

    Regions lie in holes, and holes over other regions; the smaller one is meant.
    """
    region = host.regions.get(host.region_at(at.x, at.y))
    holes = _holes_under(host, at)
    if not holes:
        return region, 0
    area, owner, ring_index = min(holes)
    is_hole = region is None or area < region.area
    return (host.regions[owner], ring_index) if is_hole else (region, 0)


def _holes_under(host: Host, at: Pointer) -> list[tuple[float, int, int]]:
    """Area, region id and ring_index of the visible holes that contain the pointer."""
    with_holes = (r for r in host.regions.values() if r.holes and _is_in_bounds(r, at))
    found = ((r, i) for r in with_holes if (i := hole_at(r, at.x, at.y)))
    return [(ring_area(r.rings[i]), r.id, i) for r, i in found if _is_visible(host, r)]


def _is_in_bounds(region: Region, at: Pointer) -> bool:
    x0, y0, x1, y1 = region.bounds
    return x0 <= at.x <= x1 and y0 <= at.y <= y1


def _is_visible(host: Host, region: Region) -> bool:
    x0, y0, x1, y1 = region.bounds
    return region.id in host.regions_within(x0 - 1, y0 - 1, x1 + 1, y1 + 1)


def _outside(region: Region, line: tuple[Point, ...]) -> tuple[Segment, ...]:
    """The segments of the line that do not lie within the shell."""
    ends = ends_of(np.array(line))
    shell = to_shapely((region.shell,))
    shapely.prepare(shell)
    return segments(ends[~shapely.contains_properly(shell, as_lines(ends))])
