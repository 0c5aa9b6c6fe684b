"""Select: pick regions, move what was picked before."""

from app.canvas.tools.base import Host, Pointer, Sketch, Tool
from core.annotation.geometry import moved
from core.annotation.region import Region

MOVED_AT_ONCE = 500  # more would not follow the pointer


class Select(Tool):
    """Click picks, Shift adds or takes away, a drag over empty space picks what lies within.

    A region that was selected before the press moves with a drag of 4 screen px or more; shorter
    ones are clicks, so that nothing moves by accident.
    """

    name = "select"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._start: Pointer | None = None
        self._hit = 0
        self._dragging = False
        self._grabbed: tuple[Region, ...] = ()

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            return
        self._start, self._hit = at, self._host.region_at(at.x, at.y)
        if not self._hit:
            return
        if at.shift:
            self._host.select(self._host.selected ^ {self._hit})
            self._start = None
        elif self._hit in self._host.selected:
            self._grab()
        else:
            self._host.select(frozenset((self._hit,)))
            self._start = None

    def move(self, at: Pointer) -> None:
        if self._start is None:
            self._host.hover(self._host.region_at(at.x, at.y))
            return
        self._dragging = self._dragging or is_drag(self._start, at)
        if self._dragging and self._hit:
            self._host.show(Sketch(regions=self._moved(at)))
        elif self._dragging:
            self._host.show(Sketch(rubber=_rectangle(self._start, at)))

    def release(self, at: Pointer) -> None:
        start, hit, dragged = self._start, self._hit, self._dragging
        if start is None or at.button != "left":
            return
        regions = self._moved(at) if dragged and hit else ()
        self.cancel()
        if regions:
            name = "Move region" if len(regions) == 1 else f"Move {len(regions)} regions"
            self._host.change(regions, name)
        elif not dragged:
            self._host.select(frozenset((hit,)) if hit else self._kept(start))
        elif not hit:
            found = self._host.regions_within(*_rectangle(start, at))
            self._host.select(found | self._kept(start))

    def key(self, name: str) -> bool:
        if name == "Escape" and self._start is not None:
            self.cancel()
            return True
        return False

    def cancel(self) -> None:
        self._start, self._hit, self._dragging, self._grabbed = None, 0, False, ()
        self._host.show(Sketch())

    def _grab(self) -> None:
        """Take hold of the selected regions; of too many or locked ones nothing is moved."""
        regions = self._host.regions
        grabbed = tuple(regions[i] for i in sorted(self._host.selected) if i in regions)
        self._grabbed = () if any(r.locked for r in grabbed) else grabbed[: MOVED_AT_ONCE + 1]

    def _moved(self, at: Pointer) -> tuple[Region, ...]:
        """The grabbed regions where the pointer has carried them, within the image."""
        if self._start is None or not self._may_move():
            return ()
        width, height = self._host.image_size
        bounds = [r.bounds for r in self._grabbed]
        x0, y0 = min(b[0] for b in bounds), min(b[1] for b in bounds)
        x1, y1 = max(b[2] for b in bounds), max(b[3] for b in bounds)
        dx = _within(at.x - self._start.x, -x0, width - x1)
        dy = _within(at.y - self._start.y, -y0, height - y1)
        return tuple(moved(r, dx, dy) for r in self._grabbed)

    def _may_move(self) -> bool:
        """Whether the grabbed regions may be moved; says why not."""
        if not self._grabbed:
            self._host.say("A selected region is locked; unlock it to move it.")
        elif len(self._grabbed) > MOVED_AT_ONCE:
            self._host.say(f"At most {MOVED_AT_ONCE} regions move at once; select fewer.")
        elif any(self._host.regions.get(r.id) is not r for r in self._grabbed):
            self._host.say("The region has changed meanwhile; drag it again.")
        else:
            return True
        return False

    def _kept(self, start: Pointer) -> frozenset[int]:
        """What stays selected when something is added with Shift."""
        return self._host.selected if start.shift else frozenset()


def is_drag(start: Pointer, at: Pointer) -> bool:
    """Whether the pointer has gone 4 screen px or more from where it was pressed."""
    return bool((at.x - start.x) ** 2 + (at.y - start.y) ** 2 >= (start.reach / 2) ** 2)


def _rectangle(a: Pointer, b: Pointer) -> tuple[float, float, float, float]:
    return min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)


def _within(shift: float, low: float, high: float) -> float:
    """The shift that keeps inside what is inside; what already sticks out may stay so."""
    return min(max(shift, min(low, 0.0)), max(high, 0.0))
