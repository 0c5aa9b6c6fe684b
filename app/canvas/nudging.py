"""Nudge: the arrow keys move what is selected, as one undo step for each time they are held."""

from app.canvas.tools.base import Host, Sketch
from app.canvas.tools.carry import Carried

FAR = 10  # px with Shift held


class Nudge:
    """Shows the way while a key is held, which repeats itself, and commits at the end."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._carried: Carried | None = None
        self._way = (0.0, 0.0)

    @property
    def is_under_way(self) -> bool:
        return self._carried is not None

    def step(self, right: int, down: int, far: bool) -> None:
        """One pixel, or ten, further."""
        self._carried = self._carried or Carried(self._host)
        length = FAR if far else 1
        self._way = self._carried.way(self._way[0] + right * length, self._way[1] + down * length)
        self._host.show(Sketch(regions=self._carried.moved(*self._way)))

    def end(self) -> None:
        """The key went up."""
        carried, way = self._carried, self._way
        self.cancel()
        if carried:
            carried.put_down(*way)

    def cancel(self) -> None:
        """Everything stays where it was."""
        if self._carried:
            self._carried, self._way = None, (0.0, 0.0)
            self._host.show(Sketch())
