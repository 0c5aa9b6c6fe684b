"""The table of tools."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.canvas.tools.base import Host, Tool
from app.canvas.tools.brush import Brush, BrushSize
from app.canvas.tools.cut import Cut
from app.canvas.tools.eraser import Eraser
from app.canvas.tools.freehand import DrawFreehand
from app.canvas.tools.hole import Hole
from app.canvas.tools.livewire import LiveWire
from app.canvas.tools.looking import Looking
from app.canvas.tools.measure import Measure
from app.canvas.tools.merge import Merge
from app.canvas.tools.polygon import DrawPolygon
from app.canvas.tools.reshape import Reshape
from app.canvas.tools.select import Select
from app.canvas.tools.shapes import ELLIPSE, RECTANGLE, DrawShape
from app.canvas.tools.vertices import EditVertices
from app.canvas.tools.wand import Wand

BRUSH_SIZE = BrushSize()  # one for brush and eraser, kept from image to image
LOOKING = Looking()  # one for live wire and wand


@dataclass(frozen=True)
class ToolSpec:
    """A tool as menus and toolbars show it. icon: name of the SVG. hint: what it does, for the
    status line. draws: whether the pointer is a cross."""

    name: str
    title: str
    shortcut: str
    icon: str
    hint: str
    build: Callable[[Host], Tool]
    draws: bool = False

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What the tool answers to besides Escape, and what that does."""
        made_by = self.build.func if isinstance(self.build, partial) else self.build
        keys: tuple[tuple[str, str], ...] = getattr(made_by, "keys", ())
        return keys


TOOLS = (
    ToolSpec(
        "select",
        "Select",
        "V",
        "select",
        "Click to select, Shift to add, drag over empty space for many, with Alt for a lasso; drag "
        "a selected object to move it.",
        Select,
    ),
    ToolSpec(
        "vertices",
        "Edit Vertices",
        "E",
        "vertices",
        "Drag vertices or edges of the selected object; Shift or a drag around them chooses "
        "several, Ctrl and a drag sweeps them away; right-click or Delete removes.",
        EditVertices,
    ),
    ToolSpec(
        "polygon",
        "Draw Polygon",
        "P",
        "polygon",
        "Click corner after corner; close with a double click, Return or a click on the first.",
        DrawPolygon,
        draws=True,
    ),
    ToolSpec(
        "freehand",
        "Freehand",
        "D",
        "freehand",
        "Press, go around the object and release; a straight line closes the outline.",
        DrawFreehand,
        draws=True,
    ),
    ToolSpec(
        "ellipse",
        "Ellipse",
        "O",
        "ellipse",
        "Drag from corner to corner; Shift makes a circle, Alt starts from the centre.",
        partial(DrawShape, shape=ELLIPSE),
        draws=True,
    ),
    ToolSpec(
        "rectangle",
        "Rectangle",
        "R",
        "rectangle",
        "Drag from corner to corner; Shift makes a square, Alt starts from the centre.",
        partial(DrawShape, shape=RECTANGLE),
        draws=True,
    ),
    ToolSpec(
        "brush",
        "Brush",
        "B",
        "brush",
        "Begin inside an object to add to it, elsewhere for a new one; Shift adds to the selected "
        "one; Ctrl+wheel, [ and ] set the size.",
        partial(Brush, size=BRUSH_SIZE),
        draws=True,
    ),
    ToolSpec(
        "eraser",
        "Eraser",
        "X",
        "eraser",
        "Begin on an object, or outside with one selected, to take away from it; Ctrl+wheel, [ and "
        "] set the size.",
        partial(Eraser, size=BRUSH_SIZE),
        draws=True,
    ),
    ToolSpec(
        "reshape",
        "Reshape",
        "S",
        "reshape",
        "Press at the border of an object, draw its new course and end at the border; F takes the "
        "other side.",
        Reshape,
        draws=True,
    ),
    ToolSpec(
        "cut",
        "Cut",
        "C",
        "cut",
        "Drag a line across objects to cut them, or click a bent one; double click or Return ends "
        "it.",
        Cut,
        draws=True,
    ),
    ToolSpec(
        "merge",
        "Merge",
        "T",
        "merge",
        "Press on an object and drag on over others that touch it; on release they are one. J "
        "merges what is selected.",
        Merge,
        draws=True,
    ),
    ToolSpec(
        "hole",
        "Hole",
        "K",
        "hole",
        "Draw within an object to cut a hole into it; click in a hole to fill it.",
        Hole,
        draws=True,
    ),
    ToolSpec(
        "livewire",
        "Live Wire",
        "W",
        "livewire",
        "Click along an edge, the line follows it; close with a double click, Return or a click on "
        "the first point; Backspace takes a piece back.",
        partial(LiveWire, looking=LOOKING),
        draws=True,
    ),
    ToolSpec(
        "wand",
        "Magic Wand",
        "G",
        "wand",
        "Press on an object, drag up or right to take in more; Shift adds to the selected object, "
        "Alt takes away; Ctrl+wheel sets the tolerance.",
        partial(Wand, looking=LOOKING),
        draws=True,
    ),
    ToolSpec(
        "measure",
        "Measure",
        "M",
        "measure",
        "Drag to measure a length; Shift for multiples of 45°.",
        Measure,
        draws=True,
    ),
)
