"""What a drag does with vertices: pull them, choose them with a rubber band, or sweep them away."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import numpy as np

from app.canvas.tools.base import Host, Pointer, Segment, Sketch, within_image
from app.canvas.tools.dragging import is_drag
from app.canvas.tools.grips import Grip
from app.canvas.tools.lines import segments
from app.canvas.tools.marks import Marks, inside, one, passed
from app.canvas.tools.regions import LOOKED_AT, is_free, is_stored, pick
from app.canvas.tools.select import rectangle
from core.annotation.crossings import crossing_edges, edge_crossings
from core.annotation.geometry import is_valid
from core.annotation.region import Region
from core.errors import InvalidGeometry

CROSSES = (
    "The outline crosses itself like that, so nothing was changed; move or remove other vertices."
)
SPARED = "Three vertices of an outline stay; to remove an object, select it and press Delete."


class VertexDrag(ABC):
    """One drag, from its press to its release."""

    def __init__(self, host: Host, start: Pointer) -> None:
        self._host = host
        self._start = start
        self._dragged = False

    def to(self, at: Pointer) -> None:
        """The pointer moved; less than 4 screen px are none."""
        self._dragged = self._dragged or is_drag(self._start, at)
        if self._dragged:
            self.show(at)

    @abstractmethod
    def show(self, at: Pointer) -> None:
        """Show what a release here would do."""

    @abstractmethod
    def end(self, at: Pointer) -> Marks:
        """Do it; returns the vertices that are chosen now."""


class Pull(VertexDrag):
    """The chosen vertices, or the one that was gripped, follow the pointer."""

    def __init__(self, host: Host, start: Pointer, grip: Grip, marks: Marks) -> None:
        super().__init__(host, start)
        self._grip = grip.inserted if grip.is_new else grip
        self._is_group = not grip.is_new and marks.has(grip.region, grip.number)
        self._marks = marks if self._is_group else one(self._grip.region, self._grip.number)
        self._stored = self._marks.regions if self._is_group else (grip.region,)
        self._name = "Add vertex" if grip.is_new else named("Move", len(self._marks))
        self._pulled: tuple[Region, ...] = ()

    def show(self, at: Pointer) -> None:
        way = at.x - self._start.x, at.y - self._start.y
        dx, dy = self._marks.way(*way, self._host.image_size)
        try:
            self._pulled = self._marks.moved(dx, dy)
        except InvalidGeometry:
            return  # one vertex of three lies on another: what is shown stays
        marked = self._marks.on({r.id: r for r in self._pulled}).points if self._is_group else ()
        hot, bad = (self._grip.x + dx, self._grip.y + dy), self._crossings()
        self._host.show(Sketch(hot=hot, marked=marked, bad=bad, regions=self._pulled))

    def end(self, at: Pointer) -> Marks:
        self.to(at)
        if self._pulled:
            commit(self._host, self._stored, self._pulled, self._name)
        return self._marks.on(self._host.regions) if self._is_group else Marks()

    def _crossings(self) -> tuple[Segment, ...]:
        if len(self._marks) == 1:
            (region,) = self._pulled
            return segments(edge_crossings(region, self._grip.ring, self._grip.index))
        return crossings_of(self._pulled)


class Band(VertexDrag):
    """A rectangle chooses the vertices in it, in addition with Shift; a click selects a region."""

    def __init__(self, host: Host, start: Pointer, marks: Marks) -> None:
        super().__init__(host, start)
        self._before = marks if start.shift else Marks()
        self._regions: list[Region] | None = None

    def show(self, at: Pointer) -> None:
        rubber = rectangle(self._start, at)
        self._host.show(Sketch(rubber=rubber, marked=self._chosen(rubber).points))

    def end(self, at: Pointer) -> Marks:
        if self._dragged:
            return self._chosen(rectangle(self._start, at))
        pick(self._host, self._start)
        return self._before

    def _chosen(self, rubber: Segment) -> Marks:
        if self._regions is None:
            self._regions = editable(self._host)
            self._before = self._before.still(self._host.regions, self._host.selected)
        return self._before.joined(inside(self._regions, rubber))


class Sweep(VertexDrag):
    """The vertices that the pointer passes within 4 screen px go."""

    def __init__(self, host: Host, start: Pointer) -> None:
        super().__init__(host, start)
        self._regions = editable(host)
        self._last = within_image(host, start)
        self._swept = Marks()
        self._is_spared = False
        self.to(start)

    def to(self, at: Pointer) -> None:
        """The pointer moved; what it passes is meant from the first px on."""
        here, reach = within_image(self._host, at), at.reach / 2
        met = passed(self._regions, (self._last, here), reach)
        wanted, self._swept = self._swept.joined(met), self._swept.swept(met)
        self._is_spared = self._is_spared or len(wanted) > len(self._swept)
        self._last = here
        self.show(at)

    def show(self, at: Pointer) -> None:
        left, circle = self._swept.removed(), (*self._last, at.reach / 2)
        note = (*self._last, named("removes", len(self._swept))) if self._swept else None
        self._host.show(Sketch(circle=circle, note=note, bad=crossings_of(left), regions=left))

    def end(self, at: Pointer) -> Marks:
        self.to(at)
        left, name = self._swept.removed(), named("Remove", len(self._swept))
        done = not left or commit(self._host, self._swept.regions, left, name)
        if done and self._is_spared:
            self._host.say(SPARED)
        return Marks()


def commit(host: Host, stored: Iterable[Region], changed: tuple[Region, ...], name: str) -> bool:
    """One undo step, unless a region is not the stored one any more; says why it is refused."""
    if not all(is_stored(host, region) for region in stored):
        return False
    done = host.change(changed, name)
    if not done and not all(map(is_valid, changed)):
        host.say(CROSSES)
    return done


def editable(host: Host) -> list[Region]:
    """The selected regions of which vertices may be chosen; says why there are none."""
    regions = [host.regions[i] for i in sorted(host.selected & host.regions.keys())]
    if not regions:
        host.say("Select an object first, to work on its vertices.")
    elif len(regions) > LOOKED_AT:
        host.say(f"Select at most {LOOKED_AT} objects, to work on vertices of all of them.")
        return []
    elif all(region.locked for region in regions):
        is_free(host, regions[0])
    return [region for region in regions if not region.locked]


def crossings_of(regions: Iterable[Region]) -> tuple[Segment, ...]:
    """The edges that cross another one of the same region."""
    found = [crossing_edges(region) for region in regions]
    return segments(np.concatenate(found)) if found else ()


def named(verb: str, count: int) -> str:
    return f"{verb} vertex" if count == 1 else f"{verb} {count} vertices"
