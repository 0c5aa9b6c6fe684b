"""Measure: how long a line is, and which way it runs."""

import math

from app.canvas.tools.base import Host, Point, Pointer, Sketch, within_image
from app.canvas.tools.dragging import DragTool, is_drag

STEP = math.pi / 4  # between the directions that Shift leaves


class Measure(DragTool):
    """Drag from one end to the other; with Shift in multiples of 45°. The line stays until the
    next press or Escape; nothing is stored."""

    name = "measure"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._is_shown = False

    def begin(self, at: Pointer) -> None:
        self.cancel()
        self._start = at

    def move(self, at: Pointer) -> None:
        if self._start is not None and (self._is_shown or is_drag(self._start, at)):
            self._is_shown = True
            self._show(self._start, at)

    def end(self, start: Pointer, at: Pointer) -> None:
        self.move(at)
        self._start = None

    def key(self, name: str) -> bool:
        if name == "Escape" and self._is_shown:
            self.cancel()
            return True
        return False

    def cancel(self) -> None:
        self._start, self._is_shown = None, False
        self._host.show(Sketch())

    def _show(self, start: Pointer, at: Pointer) -> None:
        (width, height), a = self._host.image_size, within_image(self._host, start)
        dx, dy = _straightened(at.x - a[0], at.y - a[1]) if at.shift else (at.x - a[0], at.y - a[1])
        # Shortened as a whole, so that it keeps its direction.
        part = min(_part(a[0], dx, width), _part(a[1], dy, height))
        b = a[0] + part * dx, a[1] + part * dy
        text = described(a, b, self._host.image.pixel_size_um)
        self._host.show(Sketch(line=(a, b), handles=(a, b), note=(*b, text)))


def described(a: Point, b: Point, pixel_size_um: float | None) -> str:
    """Length in px, in µm when the size of a pixel is known, and the angle to the x axis, 0 to
    180°, counterclockwise on the screen: "123.4 px · 45.6 µm · 30°"."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    angle = round(math.degrees(math.atan2(-dy, dx))) % 180
    micrometres = [f"{length * pixel_size_um:.1f} µm"] if pixel_size_um else []
    return " · ".join((f"{length:.1f} px", *micrometres, f"{angle}°"))


def _straightened(dx: float, dy: float) -> tuple[float, float]:
    """The way to the point nearest to dx, dy in the nearest direction that is a multiple of 45°."""
    angle = round(math.atan2(dy, dx) / STEP) * STEP
    x, y = math.cos(angle), math.sin(angle)
    length = dx * x + dy * y
    return length * x, length * y


def _part(start: float, way: float, size: float) -> float:
    """How much of a way, 0..1, can be gone before 0 or `size` is reached."""
    room = size - start if way > 0 else start
    return min(1.0, room / abs(way)) if way else 1.0
