"""DrawPolygon: a new region, corner by corner."""

import numpy as np
import shapely

from app.canvas.tools.base import Host, Point, Pointer, Segment, Sketch, Tool, within_image
from core.annotation.region import Origin, Region, ring


class DrawPolygon(Tool):
    """Click adds a corner; a click on the first, a double click or Return closes; Backspace takes
    the last one back; Escape drops all."""

    name = "polygon"
    keys = (("Return", "closes the outline"), ("Backspace", "takes the last corner back"))

    def __init__(self, host: Host) -> None:
        self._host = host
        self._corners: list[Point] = []
        self._at: Point | None = None

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            return
        if at.double or self._closes(at):
            self._close()
            return
        corner = within_image(self._host, at)
        if corner not in self._corners[-1:]:
            self._corners.append(corner)
        self.move(at)

    def move(self, at: Pointer) -> None:
        self._at = self._corners[0] if self._closes(at) else within_image(self._host, at)
        self._show()

    def release(self, at: Pointer) -> None:
        """A corner is set by the press."""

    def key(self, name: str) -> bool:
        if not self._corners:
            return False
        if name in ("Return", "Enter"):
            self._close()
        elif name in ("Backspace", "Delete"):
            self._corners.pop()
            self._show()
        elif name == "Escape":
            self.cancel()
        else:
            return False
        return True

    def cancel(self) -> None:
        self._corners.clear()
        self._at = None
        self._host.show(Sketch())

    def _closes(self, at: Pointer) -> bool:
        """Whether a click here closes the outline."""
        if len(self._corners) < 3:
            return False
        x, y = self._corners[0]
        return (at.x - x) ** 2 + (at.y - y) ** 2 <= at.reach**2

    def _close(self) -> None:
        """Store the region; a refused outline stays on the screen, to be corrected."""
        if len(self._corners) < 3:
            self._host.say("An outline needs at least three corners; click to add more.")
            return
        shell = ring(self._corners)
        region = Region(0, shell, class_id=self._host.active_class, origin=Origin("human"))
        if self._host.add((region,), "Draw region"):
            self.cancel()

    def _show(self) -> None:
        if not self._corners:
            self._host.show(Sketch())
            return
        line = (*self._corners, *([self._at] if self._at else []))
        hot = self._corners[0] if len(self._corners) > 2 and self._at == self._corners[0] else None
        self._host.show(
            Sketch(line=line, handles=tuple(self._corners), hot=hot, bad=crossings(line))
        )


def crossings(line: tuple[Point, ...]) -> tuple[Segment, ...]:
    """The segments of an open polyline that cross another one."""
    points = np.array(line)
    ends = np.hstack((points[:-1], points[1:]))
    segments = shapely.linestrings(ends.reshape(-1, 2, 2))
    found = np.unique(shapely.STRtree(segments).query(segments, predicate="crosses"))
    return tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in ends[found].tolist())
