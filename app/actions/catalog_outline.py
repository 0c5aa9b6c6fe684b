"""The actions of the Outline menu, as data."""

from app.actions.spec import SELECTION
from app.actions.spec import ActionSpec as Action

OUTLINE = (
    Action(
        "merge",
        "Merge selected",
        lambda desk: desk.outline.merge(),
        ("J",),
        "Join the selected objects that touch into one",
        "merge",
        SELECTION,
    ),
    Action(
        "simplify",
        "Simplify…",
        lambda desk: desk.outline.simplify(),
        ("Ctrl+Shift+M",),
        "Fewer vertices, with a slider; areas and shared borders stay",
        needs=SELECTION,
    ),
    Action(
        "smooth",
        "Smooth…",
        lambda desk: desk.outline.smooth(),
        ("Ctrl+M",),
        "Take small bends out of the outlines, with a slider",
        needs=SELECTION,
    ),
    Action(
        "expand",
        "Expand or shrink…",
        lambda desk: desk.outline.expand(),
        ("Ctrl+Shift+E",),
        "Move the outlines outwards or inwards, with a slider",
        needs=SELECTION,
    ),
    Action(
        "hull",
        "Convex hull",
        lambda desk: desk.outline.hull(),
        (),
        "Fill dents and holes of the selected objects",
        needs=SELECTION,
    ),
    Action(
        "fill_holes",
        "Fill holes",
        lambda desk: desk.outline.fill_holes(),
        (),
        "Fill all holes of the selected objects",
        needs=SELECTION,
    ),
    Action(
        "give_way",
        "Give way to neighbours…",
        lambda desk: desk.outline.give_way(),
        (),
        "What the selected objects share with others goes to the others; shown before it is done",
        needs=SELECTION,
    ),
    Action(
        "take_over",
        "Cut neighbours…",
        lambda desk: desk.outline.take_over(),
        (),
        "What the selected objects share with others is taken from them; shown before it is done",
        needs=SELECTION,
    ),
    Action(
        "snap",
        "Snap to neighbours…",
        lambda desk: desk.outline.snap(),
        (),
        "Close narrow gaps to other objects, with a slider",
        needs=SELECTION,
    ),
)
