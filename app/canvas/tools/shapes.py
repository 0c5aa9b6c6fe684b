"""DrawShape: a new ellipse or rectangle, pulled open from a corner or from its centre."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.canvas.tools.base import Host, Pointer, Segment, Sketch, within_image
from app.canvas.tools.dragging import DragTool, is_drag
from app.canvas.tools.regions import new_region
from core.annotation.region import Ring, ring

TOLERANCE = 0.1  # px between an ellipse and its polygon
FEWEST = 12  # vertices of an ellipse, so that also a tiny one looks round


@dataclass(frozen=True)
class Shape:
    """A kind of outline. outline: from the rectangle around it, x0, y0, x1, y1."""

    name: str
    outline: Callable[[Segment], Ring]


class DrawShape(DragTool):
    """Press and drag to the opposite corner; Shift makes a circle or a square of it, Alt starts
    from the centre."""

    def __init__(self, host: Host, shape: Shape) -> None:
        super().__init__(host)
        self.name = shape.name
        self._shape = shape
        self._dragging = False

    def begin(self, at: Pointer) -> None:
        self._start, self._dragging = at, False

    def move(self, at: Pointer) -> None:
        if self._start is None:
            return
        self._dragging = self._dragging or is_drag(self._start, at)
        if self._dragging:
            x0, y0, x1, y1 = box = self._box(self._start, at)
            note = (*within_image(self._host, at), f"{x1 - x0:.0f} × {y1 - y0:.0f} px")
            shown = (new_region(self._host, self._shape.outline(box)),) if _is_open(box, at) else ()
            self._host.show(Sketch(regions=shown, note=note))

    def end(self, start: Pointer, at: Pointer) -> None:
        self.move(at)
        box, dragged = self._box(start, at), self._dragging
        self.cancel()
        if dragged and _is_open(box, at):
            drawn = new_region(self._host, self._shape.outline(box))
            self._host.add((drawn,), f"Draw {self.name}")
        else:
            self._host.say(f"Drag across the object to draw the {self.name} around it.")

    def cancel(self) -> None:
        self._start, self._dragging = None, False
        self._host.show(Sketch())

    def _box(self, start: Pointer, at: Pointer) -> Segment:
        """The rectangle that was pulled open, within the image; x0 <= x1, y0 <= y1."""
        (x, y), (to_x, to_y) = within_image(self._host, start), within_image(self._host, at)
        wide, high = abs(to_x - x), abs(to_y - y)
        left, up = to_x < x, to_y < y
        width, height = self._host.image_size
        room_x, room_y = (x if left else width - x), (y if up else height - y)
        if at.alt:
            room_x, room_y = min(x, width - x), min(y, height - y)
        if at.shift:
            wide = high = min(max(wide, high), room_x, room_y)
        wide, high = min(wide, room_x), min(high, room_y)
        if at.alt:
            return x - wide, y - high, x + wide, y + high
        x0, y0 = (x - wide if left else x), (y - high if up else y)
        return x0, y0, x0 + wide, y0 + high


def _is_open(box: Segment, at: Pointer) -> bool:
    """Whether the rectangle is at least a screen px wide and high."""
    x0, y0, x1, y1 = box
    return min(x1 - x0, y1 - y0) >= at.reach / 8


def rectangle(box: Segment) -> Ring:
    """The four corners."""
    x0, y0, x1, y1 = box
    return ring([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def ellipse(box: Segment) -> Ring:
    """A polygon with the area of the ellipse in the rectangle, never more than TOLERANCE off.

    Its vertices lie a little outside the ellipse and its edges cut a little into it. It begins
    half a step off the axes, so that its outermost edges lie inside the rectangle.
    """
    x0, y0, x1, y1 = box
    radii = np.array((x1 - x0, y1 - y0)) / 2
    quarter = math.ceil(math.pi * math.sqrt(radii.max() / 3 / TOLERANCE) / 4)
    count = max(4 * quarter, FEWEST)
    angle = (np.arange(count) + 0.5) * 2 * math.pi / count
    stretch = math.sqrt(2 * math.pi / count / math.sin(2 * math.pi / count))
    unit = np.column_stack((np.cos(angle), np.sin(angle))) * stretch
    return ring(unit * radii + ((x0 + x1) / 2, (y0 + y1) / 2))


ELLIPSE = Shape("ellipse", ellipse)
RECTANGLE = Shape("rectangle", rectangle)
