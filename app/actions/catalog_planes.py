"""The actions for files with several planes, as data."""

from app.actions.spec import ActionSpec as Action
from app.actions.spec import Need

PLANES = frozenset({Need.PLANES})

PLANE = (
    Action(
        "next_depth",
        "Next focal plane",
        lambda desk: desk.planes.next_depth(),
        ("PgDown",),
        "One plane further along z",
        needs=PLANES,
    ),
    Action(
        "previous_depth",
        "Previous focal plane",
        lambda desk: desk.planes.previous_depth(),
        ("PgUp",),
        "One plane back along z",
        needs=PLANES,
    ),
    Action(
        "next_time",
        "Next time point",
        lambda desk: desk.planes.next_time(),
        ("Shift+PgDown",),
        "One time point further",
        needs=PLANES,
    ),
    Action(
        "previous_time",
        "Previous time point",
        lambda desk: desk.planes.previous_time(),
        ("Shift+PgUp",),
        "One time point back",
        needs=PLANES,
    ),
    Action(
        "play",
        "Play time points",
        lambda desk: desk.planes.play(),
        ("Shift+P",),
        "Show one time point after the other; again to stop",
        needs=PLANES,
    ),
    Action(
        "project",
        "Projection of the focal planes",
        lambda desk: desk.planes.project(),
        ("Shift+M",),
        "Show the brightest value over all focal planes; it has objects of its own",
        needs=PLANES,
        checked=lambda desk: desk.planes.is_projected(),
    ),
    Action(
        "copy_to_next",
        "Copy to next plane",
        lambda desk: desk.planes.copy_to_next(),
        ("Ctrl+Shift+V",),
        "Copy the selected objects to the next focal plane or time point, and go there",
        needs=frozenset({Need.PLANES, Need.SELECTION}),
    ),
)
