"""LiveWire: a new region whose outline follows the edges of the image."""

import numpy as np

from app.canvas.tools.base import Host, Point
from app.canvas.tools.clicking import ClickedOutline
from app.canvas.tools.lines import vertices
from app.canvas.tools.looking import HELP, KEY, Looking
from app.canvas.tools.regions import new_region
from core.annotation.geometry import repair_parts
from core.annotation.livewire import Paths, is_near, paths_from
from core.annotation.one_piece import in_one_piece
from core.annotation.region import Region, ring
from core.annotation.runs import Points
from core.image.scale import grey_or_rgb


class LiveWire(ClickedOutline):
    """Click sets a point; from there a line follows edges to the pointer, of the probability when
    a network has run, else or after Q of the image. The next click fixes it. A click on the first
    point, a double click or Return closes; Backspace takes the last piece back; Escape drops all.

    Where the line crosses itself it is red. Small loops, such as it makes where it runs to an edge
    and back again, are left out at the end; with a large one the outline is refused, and stays.
    """

    name = "livewire"
    keys = (("Return", "closes the outline"), ("Backspace", "takes the last piece back"), HELP)

    def __init__(self, host: Host, looking: Looking) -> None:
        super().__init__(host)
        self._looking = looking
        self._pieces: list[Points] = []  # each from one point to the next
        self._paths: Paths | None = None  # from the last point

    def added(self, point: Point) -> None:
        if self._points:
            self._pieces.append(self._wire(point))
        self._paths = None

    def taken_back(self) -> None:
        del self._pieces[-1:]
        self._paths = None

    def line_to(self, at: Point | None) -> tuple[Point, ...]:
        pieces = [*self._pieces, *([self._wire(at)] if at else [])]
        return vertices(np.concatenate([pieces[0][:1], *(piece[1:] for piece in pieces)]))

    def drawn(self) -> Region:
        pieces = (*self._pieces, self._wire(self._points[0]))
        shell = ring(np.concatenate([piece[:-1] for piece in pieces]))
        drawn = new_region(self._host, shell)
        return in_one_piece(drawn, repair_parts(drawn.rings), "take its crossing pieces back")

    def key(self, name: str) -> bool:
        if name != KEY:
            return super().key(name)
        self._looking.switch(self._host)
        self._paths = None  # what is fixed stays
        self._show()
        return True

    def cancel(self) -> None:
        self._pieces.clear()
        self._paths = None
        super().cancel()

    def _wire(self, to: Point) -> Points:
        """From the last point along edges; straight to where they are not searched."""
        seed = self._points[-1]
        if self._paths is None or (not self._paths.reaches(*to) and is_near(seed, *to)):
            probability = self._looking.map_of(self._host)
            values = grey_or_rgb(self._host.image) if probability is None else probability
            self._paths = paths_from(values, seed, to)
        return self._paths.to(*to)
