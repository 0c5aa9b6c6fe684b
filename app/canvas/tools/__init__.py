"""The table of tools."""

from collections.abc import Callable
from dataclasses import dataclass

from app.canvas.tools.base import Host, Tool
from app.canvas.tools.polygon import DrawPolygon
from app.canvas.tools.select import Select
from app.canvas.tools.vertices import EditVertices


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


TOOLS = (
    ToolSpec(
        "select",
        "Select",
        "V",
        "select",
        "Click to select, Shift to add, drag over empty space for many; drag a selected region to "
        "move it.",
        Select,
    ),
    ToolSpec(
        "vertices",
        "Edit Vertices",
        "E",
        "vertices",
        "Drag vertices or edges of the selected region; right-click or Delete removes a vertex.",
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
)
