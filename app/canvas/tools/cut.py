"""Cut: regions into pieces, along a line."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.canvas.tools.base import Host, Point, Pointer, Sketch, Tool
from app.canvas.tools.dragging import is_drag
from core.annotation.cutting import cut
from core.annotation.region import Region
from core.annotation.runs import Points
from core.errors import InvalidGeometry

PREVIEWED = 2000  # vertices; the pieces of more would not follow the pointer
OVERHEAD = 150  # vertices that take as long as to begin with another region
MISSES = "The line does not pass through an object; draw it from side to side."
MISSES_SELECTED = (
    "The line does not pass through a selected object; draw it from side to side, or select "
    "nothing to cut any object."
)


class Cuts(NamedTuple):
    """What a line does.

    pieces: of each region that it cuts. locked: those that it would cut. refused: the reason for
    each one that it may not cut like that.
    """

    pieces: list[tuple[Region, ...]]
    locked: list[Region]
    refused: list[tuple[Region, str]]


class Cut(Tool):
    """Drag a straight line, or click a bent one point after point; a double click or Return ends
    it, Backspace takes the last point back, Escape drops all.

    The selected regions are cut, without selection all visible ones that the line passes through.
    """

    name = "cut"
    keys = (("Return", "cuts along the line"), ("Backspace", "takes the last point back"))

    def __init__(self, host: Host) -> None:
        self._host = host
        self._points: list[Point] = []
        self._at: Point | None = None
        self._start: Pointer | None = None

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            self.interrupt()
            return
        if at.double and self._points:
            self._finish()
            return
        if not self._points:
            self._start = at
        point = at.x, at.y  # also outside the image, where a line may well begin
        if point not in self._points[-1:]:
            self._points.append(point)
        self.move(at)

    def move(self, at: Pointer) -> None:
        self._at = at.x, at.y
        self._show()

    def release(self, at: Pointer) -> None:
        if at.button != "left":
            return
        start, self._start = self._start, None
        if start is not None and is_drag(start, at):
            self._points.append((at.x, at.y))
            self._finish()

    def key(self, name: str) -> bool:
        if not self._points:
            return False
        if name in ("Return", "Enter"):
            self._finish()
        elif name in ("Backspace", "Delete"):
            self._points.pop()
            self._start = None
            self._show()
        elif name == "Escape":
            self.cancel()
        else:
            return False
        return True

    def interrupt(self) -> None:
        """Drops a line that is being dragged; a bent one that is clicked stays."""
        if self._start is not None:
            self.cancel()

    def cancel(self) -> None:
        self._points.clear()
        self._at = self._start = None
        self._host.show(Sketch())

    def _finish(self) -> None:
        line = tuple(self._points)
        self.cancel()
        if len(line) < 2:
            self._host.say("A cut needs two points; drag a line across an object.")
            return
        cuts = cut_all(targets(self._host, line), line)
        if cuts.pieces and not self._commit(cuts):
            return
        if problem := _left_out(cuts):
            self._host.say(problem)
        elif not cuts.pieces:
            self._host.say(MISSES_SELECTED if self._host.selected else MISSES)

    def _commit(self, cuts: Cuts) -> bool:
        count, had_selection = len(cuts.pieces), bool(self._host.selected)
        name = "Cut object" if count == 1 else f"Cut {count} objects"
        changed = tuple(first for first, *_ in cuts.pieces)
        added = tuple(piece for _, *others in cuts.pieces for piece in others)
        done = self._host.rearrange(name, changed, added)
        if done and not had_selection:
            self._host.select(frozenset())  # else the next line would cut these pieces only
        return done

    def _show(self) -> None:
        if not self._points:
            self._host.show(Sketch())
            return
        line = (*self._points, *([self._at] if self._at else []))
        cuts = self._preview(line)
        pieces = tuple(piece for pieces in cuts.pieces for piece in pieces)
        bad = tuple((*a, *b) for a, b in pairwise(line)) if cuts.refused else ()
        self._host.show(Sketch(line=line, handles=tuple(self._points), bad=bad, regions=pieces))

    def _preview(self, line: tuple[Point, ...]) -> Cuts:
        """What the line does, nothing where that takes too long."""
        regions = targets(self._host, line) if len(line) > 1 else []
        effort = sum(OVERHEAD + sum(map(len, region.rings)) for region in regions)
        return cut_all(regions if effort <= PREVIEWED else [], line)


def targets(host: Host, line: tuple[Point, ...]) -> list[Region]:
    """The regions at the line that a cut is meant for."""
    met = host.regions_met(np.array(line))
    ids = met & host.selected if host.selected else met
    return [host.regions[i] for i in sorted(ids & host.regions.keys())]


def cut_all(regions: list[Region], line: tuple[Point, ...]) -> Cuts:
    """What the line does to these regions."""
    cuts = Cuts([], [], [])
    for region in regions:
        pieces, reason = _cut(region, np.array(line))
        if region.locked and (len(pieces) > 1 or reason):
            cuts.locked.append(region)
        elif reason:
            cuts.refused.append((region, reason))
        elif len(pieces) > 1:
            cuts.pieces.append(pieces)
    return cuts


def _cut(region: Region, line: Points) -> tuple[tuple[Region, ...], str]:
    """The pieces, or the reason why there are none."""
    try:
        return cut(region, line), ""
    except InvalidGeometry as problem:
        return (), str(problem)


def _left_out(cuts: Cuts) -> str:
    """What is not cut though the line passes through it, and why; empty when that is nothing."""
    if cuts.refused:
        region, reason = cuts.refused[0]
        return f"Object {region.id} was not cut: {reason}" if cuts.pieces else reason
    if len(cuts.locked) > 1:
        return f"{len(cuts.locked)} locked objects were not cut; unlock them to cut them."
    return "".join(f"Object {r.id} is locked; unlock it to cut it." for r in cuts.locked)
