"""Dragging: what all tools have in common that work while the left button is held."""

from abc import abstractmethod

from app.canvas.tools.base import Host, Pointer, Tool


class DragTool(Tool):
    """Begins with a press of the left button and ends with its release. Another button, a lost
    focus or Escape drops the drag. `_start` is where the button went down, None while it is up."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._start: Pointer | None = None

    @abstractmethod
    def begin(self, at: Pointer) -> None:
        """The left button went down; sets `_start` when a drag may begin here."""

    @abstractmethod
    def end(self, start: Pointer, at: Pointer) -> None:
        """The left button went up again; leaves nothing held."""

    def press(self, at: Pointer) -> None:
        if at.button == "left":
            self.begin(at)
        else:
            self.interrupt()

    def release(self, at: Pointer) -> None:
        if self._start is not None and at.button == "left":
            self.end(self._start, at)

    def key(self, name: str) -> bool:
        if name == "Escape" and self._start is not None:
            self.interrupt()
            return True
        return False

    def interrupt(self) -> None:
        if self._start is not None:
            self.cancel()


def is_drag(start: Pointer, at: Pointer) -> bool:
    """Whether the pointer has gone 4 screen px or more from where it was pressed."""
    return bool((at.x - start.x) ** 2 + (at.y - start.y) ** 2 >= (start.reach / 2) ** 2)
