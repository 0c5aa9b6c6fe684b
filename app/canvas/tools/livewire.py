"""LiveWire: a new region whose outline follows the edges of the image."""

from itertools import chain

import numpy as np

from app.canvas.tools.base import Host, Point, Pointer, Sketch, Tool, within_image
from core.annotation.geometry import repair_parts
from core.annotation.livewire import Paths, is_near, paths_from
from core.annotation.one_piece import in_one_piece
from core.annotation.region import Origin, Region, ring
from core.annotation.runs import Points
from core.errors import InvalidGeometry
from core.image.scale import grey_or_rgb


class LiveWire(Tool):
    """Click sets a point; from there a line follows edges to the pointer, of the probability when
    a network has run, else of the image. The next click fixes it. A click on the first point, a
    double click or Return closes; Backspace takes the last piece back; Escape drops all."""

    name = "livewire"
    keys = (("Return", "closes the outline"), ("Backspace", "takes the last piece back"))

    def __init__(self, host: Host) -> None:
        self._host = host
        self._seeds: list[Point] = []
        self._pieces: list[Points] = []  # each from one seed to the next
        self._paths: Paths | None = None  # from the last seed
        self._at: Point | None = None

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            return
        if at.double or self._closes(at):
            self._close()
            return
        seed = within_image(self._host, at)
        if seed not in self._seeds[-1:]:
            self._add(seed)
        self.move(at)

    def move(self, at: Pointer) -> None:
        self._at = self._seeds[0] if self._closes(at) else within_image(self._host, at)
        self._show()

    def release(self, at: Pointer) -> None:
        """A point is set by the press."""

    def key(self, name: str) -> bool:
        if not self._seeds:
            return False
        if name in ("Return", "Enter"):
            self._close()
        elif name in ("Backspace", "Delete"):
            self._take_back()
        elif name == "Escape":
            self.cancel()
        else:
            return False
        return True

    def cancel(self) -> None:
        self._seeds.clear()
        self._pieces.clear()
        self._paths = self._at = None
        self._host.show(Sketch())

    def _add(self, seed: Point) -> None:
        if self._seeds:
            self._pieces.append(self._wire(seed))
        self._seeds.append(seed)
        self._paths = None

    def _take_back(self) -> None:
        self._seeds.pop()
        del self._pieces[-1:]
        self._paths = None
        self._show()

    def _closes(self, at: Pointer) -> bool:
        """Whether a click here closes the outline."""
        if len(self._seeds) < 3:
            return False
        x, y = self._seeds[0]
        return (at.x - x) ** 2 + (at.y - y) ** 2 <= at.reach**2

    def _close(self) -> None:
        """Store the region; a refused outline stays on the screen, to be corrected."""
        if len(self._seeds) < 3:
            self._host.say("An outline needs at least three points; click to add more.")
            return
        pieces = (*self._pieces, self._wire(self._seeds[0]))
        try:
            region = self._enclosed(np.concatenate([piece[:-1] for piece in pieces]))
        except InvalidGeometry as problem:
            self._host.say(str(problem))
            return
        if self._host.add((region,), "Draw region"):
            self.cancel()

    def _enclosed(self, points: Points) -> Region:
        """The new region, without the loops where the line runs to an edge and back again."""
        drawn = Region(0, ring(points), class_id=self._host.active_class, origin=Origin("human"))
        return in_one_piece(drawn, repair_parts(drawn.rings), "take its crossing pieces back")

    def _wire(self, to: Point) -> Points:
        """From the last seed along edges; straight to where they are not searched."""
        seed = self._seeds[-1]
        if self._paths is None or (not self._paths.reaches(*to) and is_near(seed, *to)):
            probability = self._host.probability
            values = grey_or_rgb(self._host.image) if probability is None else probability
            self._paths = paths_from(values, seed, to)
        return self._paths.to(*to)

    def _show(self) -> None:
        if not self._seeds:
            self._host.show(Sketch())
            return
        pieces = [*self._pieces, *([self._wire(self._at)] if self._at else [])]
        line = tuple((x, y) for x, y in chain.from_iterable(p.tolist() for p in pieces))
        hot = self._seeds[0] if len(self._seeds) > 2 and self._at == self._seeds[0] else None
        self._host.show(Sketch(line=line, handles=tuple(self._seeds), hot=hot))
