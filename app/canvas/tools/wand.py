"""Wand: a region of similar pixels around a point, or more or less of a region."""

from dataclasses import dataclass, replace

from app.canvas.tools.base import Host, Pointer, Sketch, Tool, within_image
from app.canvas.tools.dragging import is_drag
from app.canvas.tools.lines import closed
from app.canvas.tools.looking import HELP, KEY, Looking
from app.canvas.tools.regions import fallen_off, is_free, is_stored, new_region, pieces
from core.annotation.one_piece import with_added, with_taken_away
from core.annotation.region import Region
from core.annotation.wand import SIDE, Grown, Likeness, likeness
from core.errors import InvalidGeometry
from core.image.scale import grey_or_rgb, percentile_window

LEAST, MOST = 0.01, 1.0  # tolerance, in parts of the range of values
NOTCH = 0.01  # for a step of the wheel
PULL = 0.02  # for a drag by 8 screen px


@dataclass(frozen=True, eq=False)
class Held:
    """A press, and the region that is added to or taken away from, None for a new one."""

    start: Pointer
    likeness: Likeness
    target: Region | None


class Wand(Tool):
    """Press at a point: the similar pixels connected with it become a region on release. Drag up
    or right to take in more, down or left for less, or turn the wheel with Ctrl. Shift adds to the
    selected region, Alt takes away from it. Pixels are compared by the probability when a network
    has run, else or after Q by the image."""

    name = "wand"
    keys = (HELP,)

    def __init__(self, host: Host, looking: Looking) -> None:
        self._host, self._looking = host, looking
        self._tolerance = {"probability": 0.5, "image": 0.25}
        self._held: Held | None = None
        self._pulled = 0.0  # what the drag adds to the tolerance
        self._taken: tuple[float, Grown] | None = None  # with which tolerance
        self._at: Pointer | None = None
        self._is_noted = False

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            self.interrupt()
        elif not at.double and (at.x, at.y) == within_image(self._host, at):
            self._begin(at)

    def _begin(self, at: Pointer) -> None:
        self.cancel()
        target = self._target() if at.shift or at.alt else None
        if target is not None or not (at.shift or at.alt):
            self._held, self._at = Held(at, self._likeness(at), target), at
            self._show()

    def move(self, at: Pointer) -> None:
        self._at = at
        if self._held is None:
            self._drop_note()
        elif self._pulled or is_drag(self._held.start, at):
            start = self._held.start
            self._pulled = PULL * (at.x - start.x + start.y - at.y) / at.reach
            self._show()

    def release(self, at: Pointer) -> None:
        held = self._held
        if held is None or at.button != "left":
            return
        grown = self._grown(held)
        self._tolerance[self._source] = self._wanted
        self.cancel()
        self._at = at
        self._commit(held, grown)

    def wheel(self, notches: float) -> bool:
        tolerance = self._tolerance[self._source] + NOTCH * notches
        self._tolerance[self._source] = min(max(tolerance, LEAST), MOST)
        if self._held is not None:
            self._show()
        elif self._at is not None:
            self._is_noted = True
            self._host.show(Sketch(note=(self._at.x, self._at.y, self._note)))
        return True

    def key(self, name: str) -> bool:
        if name == "Escape" and self._held is not None:
            self.interrupt()
        elif name == KEY:
            self._looking.switch(self._host)
            self._look_again()
        else:
            return False
        return True

    def interrupt(self) -> None:
        if self._held is not None:
            self.cancel()

    def cancel(self) -> None:
        self._held = self._taken = self._at = None
        self._pulled, self._is_noted = 0.0, False
        self._host.show(Sketch())

    def _look_again(self) -> None:
        if self._held is not None:
            self._held = replace(self._held, likeness=self._likeness(self._held.start))
            self._taken = None
            self._show()

    @property
    def _source(self) -> str:
        return "image" if self._looking.map_of(self._host) is None else "probability"

    @property
    def _wanted(self) -> float:
        """The tolerance, in whole percent."""
        wanted = self._tolerance[self._source] + self._pulled
        return round(min(max(wanted, LEAST), MOST), 2)

    @property
    def _note(self) -> str:
        return f"tolerance {100 * self._wanted:.0f} %"

    def _target(self) -> Region | None:
        """The one selected region, unless it may not be changed, which is said."""
        found = [self._host.regions[i] for i in self._host.selected if i in self._host.regions]
        if len(found) != 1:
            self._host.say("Select one object to add to it or take away from it.")
        elif is_free(self._host, found[0]):
            return found[0]
        return None

    def _likeness(self, at: Pointer) -> Likeness:
        probability = self._looking.map_of(self._host)
        if probability is not None:
            return likeness(probability, at.x, at.y, 1.0)
        pixels = grey_or_rgb(self._host.image)
        window = percentile_window(self._host.image.sample)
        span = window.high - window.low
        return likeness(pixels, at.x, at.y, span if span > 0 else 1.0)

    def _grown(self, held: Held) -> Grown:
        """With the tolerance that is wanted; not made again while that stays."""
        if self._taken is None or self._taken[0] != self._wanted:
            self._taken = self._wanted, held.likeness.grown(self._wanted)
        return self._taken[1]

    def _made(self, held: Held, grown: Grown) -> tuple[Region, int]:
        """What a release would store, and how many pieces it would drop; raises InvalidGeometry
        when it would be refused."""
        if held.target is None:
            return new_region(self._host, grown.shell, grown.holes), 0
        with_part = with_added if held.start.shift else with_taken_away
        dropped: list[int] = []
        made = with_part(held.target, (grown.shell, *grown.holes), dropped.append)
        return made, sum(dropped)

    def _show(self) -> None:
        if self._held is None or self._at is None:
            return
        grown = self._grown(self._held)
        at = self._at.x, self._at.y
        try:
            made, dropped = self._made(self._held, grown)
        except InvalidGeometry as problem:
            self._host.show(Sketch(line=closed(grown.shell), note=(*at, str(problem))))
            return
        note = self._note + (f", cut off at {SIDE} px" if grown.cut else "")
        note += f", drops {pieces(dropped)}" if dropped else ""
        self._host.show(Sketch(regions=(made,), note=(*at, note)))

    def _commit(self, held: Held, grown: Grown) -> None:
        try:
            made, dropped = self._made(held, grown)
        except InvalidGeometry as problem:
            self._host.say(str(problem))
            return
        name = "Add to object" if held.start.shift else "Take from object"
        if held.target is None:
            self._host.add((made,), "Grow object")
        elif is_stored(self._host, held.target) and self._host.change((made,), name) and dropped:
            self._host.say(fallen_off(dropped))

    def _drop_note(self) -> None:
        if self._is_noted:
            self._is_noted = False
            self._host.show(Sketch())
