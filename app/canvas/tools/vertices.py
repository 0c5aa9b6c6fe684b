"""EditVertices: move, add and remove single vertices of a selected region."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.canvas.tools.base import Host, Pointer, Sketch, Tool
from app.canvas.tools.select import is_drag
from core.annotation.crossings import edge_crossings
from core.annotation.nearest import nearest_edge, nearest_vertex
from core.annotation.region import Region
from core.annotation.runs import Floats
from core.annotation.vertices import (
    with_vertex_inserted,
    with_vertex_moved,
    with_vertex_removed,
)
from core.errors import InvalidGeometry

LOOKED_AT = 32  # of more selected regions only the one under the pointer is edited


@dataclass(frozen=True, eq=False)
class Grip:
    """A place on an outline: a vertex, or with `is_new` the point of an edge where one would go.

    region is the stored one; index is that of the vertex, or of the one before the edge.
    """

    region: Region
    ring: int
    index: int
    x: float
    y: float
    is_new: bool

    @property
    def inserted(self) -> "Grip":
        """The grip on the new vertex, in a region that has it."""
        region = with_vertex_inserted(self.region, self.ring, self.index, self.x, self.y)
        return Grip(region, self.ring, self.index + 1, self.x, self.y, False)


class EditVertices(Tool):
    """Drag a vertex to move it, an edge to pull a new vertex out of it; double-click an edge to add
    one; right-click or Delete removes the one under the pointer. A click elsewhere selects."""

    name = "vertices"
    keys = (("Delete", "removes the vertex under the pointer"),)

    def __init__(self, host: Host) -> None:
        self._host = host
        self._over: Grip | None = None
        self._held: Grip | None = None
        self._start: Pointer | None = None
        self._edited: Region | None = None

    def press(self, at: Pointer) -> None:
        grip = self._grip_at(at)
        if at.button == "right":
            self._remove(grip)
        elif at.button == "left" and grip is None:
            self._pick(at)
        elif at.button == "left" and grip is not None:
            if self._is_refused(grip.region):
                return
            if at.double and grip.is_new:
                self._commit(grip, grip.inserted.region, "Add vertex")
            else:
                self._held, self._start, self._edited = grip, at, None

    def move(self, at: Pointer) -> None:
        if self._held is None or self._start is None:
            self._hover(at)
        elif self._edited is not None or is_drag(self._start, at):
            self._drag(self._held, self._start, at)

    def release(self, at: Pointer) -> None:
        held, edited = self._held, self._edited
        if held is None or at.button != "left":
            return
        self._held = self._start = self._edited = None
        if edited is not None:
            self._commit(held, edited, "Add vertex" if held.is_new else "Move vertex")
        self._hover(at)

    def key(self, name: str) -> bool:
        if name in ("Delete", "Backspace"):
            self._remove(self._over)
            return True
        if name == "Escape" and self._held is not None:
            self.cancel()
            return True
        return False

    def cancel(self) -> None:
        self._over = self._held = self._start = self._edited = None
        self._host.show(Sketch())

    def _drag(self, held: Grip, start: Pointer, at: Pointer) -> None:
        grip = held.inserted if held.is_new else held
        width, height = self._host.image_size
        x = min(max(grip.x + at.x - start.x, 0.0), width)
        y = min(max(grip.y + at.y - start.y, 0.0), height)
        self._edited = with_vertex_moved(grip.region, grip.ring, grip.index, x, y)
        bad = edge_crossings(self._edited, grip.ring, grip.index)
        self._host.show(Sketch(hot=(x, y), bad=_segments(bad), regions=(self._edited,)))

    def _hover(self, at: Pointer) -> None:
        self._over = self._grip_at(at)
        over = self._over
        self._host.show(Sketch(hot=(over.x, over.y)) if over else Sketch())
        self._host.hover(0 if over else self._host.region_at(at.x, at.y))

    def _pick(self, at: Pointer) -> None:
        hit = self._host.region_at(at.x, at.y)
        found = frozenset((hit,)) if hit else frozenset()
        self._host.select(self._host.selected ^ found if at.shift else found)
        self._hover(at)

    def _remove(self, grip: Grip | None) -> None:
        if grip is None or grip.is_new:
            self._host.say("Point at a vertex of the selected region to remove it.")
            return
        if self._is_refused(grip.region):
            return
        try:
            region = with_vertex_removed(grip.region, grip.ring, grip.index)
        except InvalidGeometry as problem:
            self._host.say(str(problem))
            return
        self._commit(grip, region, "Remove vertex")

    def _commit(self, grip: Grip, region: Region, name: str) -> None:
        """One undo step, unless the region is no longer the one that was gripped."""
        if self._host.regions.get(grip.region.id) is grip.region:
            self._host.change((region,), name)
        else:
            self._host.say("The region has changed meanwhile; try again.")
        self.cancel()

    def _is_refused(self, region: Region) -> bool:
        if region.locked:
            self._host.say(f"Region {region.id} is locked; unlock it to change its outline.")
        return region.locked

    def _grip_at(self, at: Pointer) -> Grip | None:
        """The nearest vertex of the edited regions within reach, else the nearest edge."""
        near = list(self._near(at))
        return _vertex_grip(near, at) or _edge_grip(near, at)

    def _near(self, at: Pointer) -> Iterator[Region]:
        """Selected regions that the pointer may touch."""
        ids = self._host.selected
        if len(ids) > LOOKED_AT:
            ids = ids & {self._host.region_at(at.x, at.y)}
        for region_id in sorted(ids & self._host.regions.keys()):
            region = self._host.regions[region_id]
            x0, y0, x1, y1 = region.bounds
            if x0 - at.reach <= at.x <= x1 + at.reach and y0 - at.reach <= at.y <= y1 + at.reach:
                yield region


def _vertex_grip(regions: list[Region], at: Pointer) -> Grip | None:
    found = [(region, nearest_vertex(region, at.x, at.y)) for region in regions]
    found = [pair for pair in found if pair[1].distance <= at.reach]
    if not found:
        return None
    region, vertex = min(found, key=lambda pair: pair[1].distance)
    x, y = region.rings[vertex.ring_index][vertex.vertex_index].tolist()
    return Grip(region, vertex.ring_index, vertex.vertex_index, x, y, False)


def _edge_grip(regions: list[Region], at: Pointer) -> Grip | None:
    found = [(region, nearest_edge(region, at.x, at.y)) for region in regions]
    found = [pair for pair in found if pair[1].distance <= at.reach / 2]
    if not found:
        return None
    region, edge = min(found, key=lambda pair: pair[1].distance)
    return Grip(region, edge.ring_index, edge.after_index, *edge.point, True)


def _segments(edges: Floats) -> tuple[tuple[float, float, float, float], ...]:
    """The rows of (n, 4) as tuples."""
    return tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in edges.tolist())
