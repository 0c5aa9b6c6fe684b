"""DrawPolygon: a new region, corner by corner."""

from app.canvas.tools.base import Point
from app.canvas.tools.clicking import ClickedOutline
from app.canvas.tools.regions import new_region
from core.annotation.region import Region, ring


class DrawPolygon(ClickedOutline):
    """Click adds a corner; a click on the first, a double click or Return closes; Backspace takes
    the last one back; Escape drops all."""

    name = "polygon"
    keys = (("Return", "closes the outline"), ("Backspace", "takes the last corner back"))

    def line_to(self, at: Point | None) -> tuple[Point, ...]:
        return (*self._points, *([at] if at else []))

    def drawn(self) -> Region:
        return new_region(self._host, ring(self._points))
