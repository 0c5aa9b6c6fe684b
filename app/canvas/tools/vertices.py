"""EditVertices: move, add and remove vertices of the selected regions."""

from app.canvas.tools.base import Host, Pointer, Sketch
from app.canvas.tools.dragging import DragTool
from app.canvas.tools.grips import Grip, grip_at
from app.canvas.tools.marks import Marks, one
from app.canvas.tools.regions import is_free
from app.canvas.tools.vertex_drags import Band, Pull, Sweep, VertexDrag, commit, named
from core.errors import InvalidGeometry


class EditVertices(DragTool):
    """Drag a vertex to move it, an edge to pull a new vertex out of it; double-click an edge to add
    one; right-click or Delete removes the one under the pointer. A click elsewhere selects.

    A drag over empty space or Shift and a click choose vertices, of holes as well: they move
    together, and Delete removes them all. A drag with Ctrl sweeps away the vertices that it
    passes. Each is one undo step. A shell keeps three vertices, a hole with fewer goes.
    """

    name = "vertices"
    keys = (("Delete", "removes the chosen vertices, else the one under the pointer"),)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._over: Grip | None = None
        self._drag: VertexDrag | None = None
        self._marks = Marks()

    def press(self, at: Pointer) -> None:
        if at.button == "right" and self._start is None:
            grip = grip_at(self._host, at)
            self._remove(one(grip.region, grip.number) if grip and not grip.is_new else Marks())
            self._hover(at)
        else:
            super().press(at)

    def begin(self, at: Pointer) -> None:
        self._refresh()
        grip = grip_at(self._host, at)
        if at.control:
            self._hold(at, Sweep(self._host, at))
        elif grip is None or (at.shift and grip.is_new):
            self._hold(at, Band(self._host, at, self._marks))
        elif is_free(self._host, grip.region):
            self._grip(grip, at)

    def move(self, at: Pointer) -> None:
        if self._drag is None:
            self._hover(at)
        else:
            self._drag.to(at)

    def end(self, start: Pointer, at: Pointer) -> None:
        if self._drag is not None:
            self._marks = self._drag.end(at)
        self._start = self._drag = None
        self._hover(at)

    def key(self, name: str) -> bool:
        self._refresh()
        if name in ("Delete", "Backspace"):
            over = self._over if self._over and not self._over.is_new else None
            self._remove(self._marks or (one(over.region, over.number) if over else Marks()))
        elif name == "Escape" and self._marks and self._start is None:
            self.cancel()
        else:
            return super().key(name)
        return True

    def interrupt(self) -> None:
        """Vertices that were chosen before stay so."""
        if self._start is not None:
            self._start = self._drag = None
            self._show()

    def cancel(self) -> None:
        self._over = self._start = self._drag = None
        self._marks = Marks()
        self._host.show(Sketch())

    def _grip(self, grip: Grip, at: Pointer) -> None:
        """A press on a vertex or an edge that may be changed."""
        if at.double and grip.is_new:
            commit(self._host, (grip.region,), (grip.inserted.region,), "Add vertex")
            self._hover(at)
        elif at.shift:
            self._marks = self._marks.toggled(one(grip.region, grip.number))
            self._hover(at)
        else:
            drag = Pull(self._host, at, grip, self._marks)
            if not self._marks.has(grip.region, grip.number):
                self._marks = Marks()
            self._hold(at, drag)

    def _hold(self, at: Pointer, drag: VertexDrag) -> None:
        self._start, self._drag, self._over = at, drag, None

    def _remove(self, marks: Marks) -> None:
        """All of these vertices, as one undo step."""
        if not marks:
            self._host.say("Point at a vertex of the selected object to remove it.")
        elif all(is_free(self._host, region) for region in marks.regions):
            try:
                left = marks.removed()
            except InvalidGeometry as problem:
                self._host.say(str(problem))
                return
            if commit(self._host, marks.regions, left, named("Remove", len(marks))):
                self.cancel()

    def _refresh(self) -> None:
        """Forget vertices of regions that have changed or are no longer selected."""
        self._marks = self._marks.still(self._host.regions, self._host.selected)

    def _hover(self, at: Pointer) -> None:
        self._refresh()
        self._over = grip_at(self._host, at)
        self._show()
        self._host.hover(0 if self._over else self._host.region_at(at.x, at.y))

    def _show(self) -> None:
        hot = (self._over.x, self._over.y) if self._over else None
        self._host.show(Sketch(hot=hot, marked=self._marks.points))
