"""Grips: the vertex or edge of a selected region that the pointer would take hold of."""

from dataclasses import dataclass

from app.canvas.tools.base import Host, Pointer
from app.canvas.tools.regions import worked_on
from core.annotation.nearest import nearest_edge, nearest_vertex
from core.annotation.region import Region
from core.annotation.vertices import with_vertex_inserted


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

    @property
    def number(self) -> int:
        """Of the vertex among those of all rings."""
        return sum(map(len, self.region.rings[: self.ring])) + self.index


def grip_at(host: Host, at: Pointer) -> Grip | None:
    """The nearest vertex of the selected regions within reach, else the nearest edge."""
    near = [region for region in worked_on(host, at) if _is_near(region, at)]
    return _vertex_grip(near, at) or _edge_grip(near, at)


def _is_near(region: Region, at: Pointer) -> bool:
    x0, y0, x1, y1 = region.bounds
    return x0 - at.reach <= at.x <= x1 + at.reach and y0 - at.reach <= at.y <= y1 + at.reach


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
