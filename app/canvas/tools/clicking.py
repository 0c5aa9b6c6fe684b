"""ClickedOutline: what the tools have in common that draw a new region point by point."""

from abc import abstractmethod

from app.canvas.tools.base import Host, Point, Pointer, Sketch, Tool, within_image
from app.canvas.tools.lines import crossings
from core.annotation.region import Region
from core.errors import InvalidGeometry

TOO_FEW = "An outline needs at least three points; click to add more."


class ClickedOutline(Tool):
    """A click adds a point; one on the first, a double click or Return closes; Backspace takes the
    last one back; Escape drops all. Nothing is held, so an interruption takes nothing away."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._points: list[Point] = []
        self._at: Point | None = None

    @abstractmethod
    def line_to(self, at: Point | None) -> tuple[Point, ...]:
        """The line through the points, of which there are some, and on to the pointer."""

    @abstractmethod
    def drawn(self) -> Region:
        """What the points, three or more, enclose; raises InvalidGeometry when that is nothing."""

    def added(self, point: Point) -> None:
        """A point is about to be added."""

    def taken_back(self) -> None:
        """The last point was taken back."""

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            return
        if at.double or self._closes(at):
            self._close()
            return
        point = within_image(self._host, at)
        if point not in self._points[-1:]:
            self.added(point)
            self._points.append(point)
        self.move(at)

    def move(self, at: Pointer) -> None:
        self._at = self._points[0] if self._closes(at) else within_image(self._host, at)
        self._show()

    def release(self, at: Pointer) -> None:
        """A point is set by the press."""

    def key(self, name: str) -> bool:
        if not self._points:
            return False
        if name in ("Return", "Enter"):
            self._close()
        elif name in ("Backspace", "Delete"):
            self._points.pop()
            self.taken_back()
            self._show()
        elif name == "Escape":
            self.cancel()
        else:
            return False
        return True

    def interrupt(self) -> None:
        """Nothing is held; what was clicked stays."""

    def cancel(self) -> None:
        self._points.clear()
        self._at = None
        self._host.show(Sketch())

    def _closes(self, at: Pointer) -> bool:
        """Whether a click here closes the outline."""
        if len(self._points) < 3:
            return False
        x, y = self._points[0]
        return (at.x - x) ** 2 + (at.y - y) ** 2 <= at.reach**2

    def _close(self) -> None:
        """Store the region; a refused outline stays on the screen, to be corrected."""
        if len(self._points) < 3:
            self._host.say(TOO_FEW)
            return
        try:
            region = self.drawn()
        except InvalidGeometry as problem:
            self._host.say(str(problem))
            return
        if self._host.add((region,), "Draw object"):
            self.cancel()

    def _show(self) -> None:
        if not self._points:
            self._host.show(Sketch())
            return
        line = self.line_to(self._at)
        hot = self._points[0] if len(self._points) > 2 and self._at == self._points[0] else None
        handles = tuple(self._points)
        self._host.show(Sketch(line=line, handles=handles, hot=hot, bad=crossings(line)))
