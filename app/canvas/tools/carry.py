"""Carried: the selected regions on their way to another place."""

from app.canvas.tools.base import Host
from app.canvas.tools.regions import is_stored
from core.annotation.geometry import moved
from core.annotation.region import Region

MOVED_AT_ONCE = 500  # more would not follow the pointer


class Carried:
    """Takes hold of what is selected now; of too many or locked ones nothing is moved."""

    def __init__(self, host: Host) -> None:
        self._host = host
        stored = host.regions
        regions = tuple(stored[i] for i in sorted(host.selected) if i in stored)
        self._regions = () if any(r.locked for r in regions) else regions[: MOVED_AT_ONCE + 1]

    def moved(self, dx: float, dy: float) -> tuple[Region, ...]:
        """The regions dx, dy px further, within the image; none when they may not be moved."""
        if not self._may_move():
            return ()
        way = self.way(dx, dy)
        return tuple(moved(region, *way) for region in self._regions)

    def way(self, dx: float, dy: float) -> tuple[float, float]:
        """As much of the way as leaves them in the image."""
        if not self._regions:
            return 0.0, 0.0
        width, height = self._host.image_size
        x0, y0, x1, y1 = zip(*(r.bounds for r in self._regions), strict=True)
        across = within(dx, -min(x0), width - max(x1))
        return across, within(dy, -min(y0), height - max(y1))

    def put_down(self, dx: float, dy: float) -> None:
        """Commit the move as one undo step, unless they may not be moved."""
        regions = self.moved(dx, dy)
        if regions and any(self.way(dx, dy)):
            name = "Move object" if len(regions) == 1 else f"Move {len(regions)} objects"
            self._host.change(regions, name)

    def _may_move(self) -> bool:
        """Whether the regions may be moved; says why not."""
        if not self._regions:
            self._host.say("A selected object is locked; unlock it to move it.")
        elif len(self._regions) > MOVED_AT_ONCE:
            self._host.say(f"At most {MOVED_AT_ONCE} objects move at once; select fewer.")
        else:
            return all(is_stored(self._host, region) for region in self._regions)
        return False


def within(shift: float, low: float, high: float) -> float:
    """The shift that keeps inside what is inside; what already sticks out may stay so."""
    return min(max(shift, min(low, 0.0)), max(high, 0.0))
