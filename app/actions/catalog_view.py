"""The actions of the View menu, as data."""

from app.actions.spec import IMAGE, SELECTION, Need
from app.actions.spec import ActionSpec as Action
from app.settings.schema import Appearance

FILLS = (0.0, 0.1, 0.2, 0.35, 0.5)
WIDTHS = (1.0, 1.5, 2.0, 3.0)
LOOKS: tuple[tuple[Appearance, str], ...] = (
    ("system", "As the system"),
    ("light", "Light"),
    ("dark", "Dark"),
)

VIEW = (
    Action(
        "fit",
        "Fit to window",
        lambda desk: desk.view.fit(),
        ("F", "Ctrl+0"),
        "Show the whole image",
        "fit",
        IMAGE,
    ),
    Action(
        "actual_size",
        "Actual size",
        lambda desk: desk.view.actual_size(),
        ("Ctrl+1",),
        "One pixel of the image on one pixel of the screen",
        "actual_size",
        IMAGE,
    ),
    Action(
        "zoom_in",
        "Zoom in",
        lambda desk: desk.view.zoom_in(),
        ("Ctrl++", "Ctrl+=", "+"),
        "Show less, larger",
        "zoom_in",
        IMAGE,
    ),
    Action(
        "zoom_out",
        "Zoom out",
        lambda desk: desk.view.zoom_out(),
        ("Ctrl+-", "-"),
        "Show more, smaller",
        "zoom_out",
        IMAGE,
    ),
    Action(
        "zoom_to_selection",
        "Zoom to selection",
        lambda desk: desk.edit.zoom_to_selection(),
        ("Z",),
        "Bring the selected object into sight",
        "zoom_to",
        SELECTION,
    ),
    Action(
        "overlay",
        "Show outlines",
        lambda desk: desk.view.toggle_overlay(),
        ("H",),
        "Show or hide the outlines",
        "overlay",
        IMAGE,
        lambda desk: desk.view.overlay,
    ),
    Action(
        "labels",
        "Show numbers",
        lambda desk: desk.view.toggle_labels(),
        ("L",),
        "Show or hide the numbers of the objects",
        "labels",
        IMAGE,
        lambda desk: desk.view.labels,
    ),
    Action(
        "next_image",
        "Next image",
        lambda desk: desk.view.next_image(),
        ("N", "Ctrl+PgDown"),
        "Show the next image of the list",
        "next",
        frozenset({Need.SEVERAL_IMAGES}),
    ),
    Action(
        "previous_image",
        "Previous image",
        lambda desk: desk.view.previous_image(),
        ("B", "Ctrl+PgUp"),
        "Show the previous image of the list",
        "previous",
        frozenset({Need.SEVERAL_IMAGES}),
    ),
)


def _fill_action(opacity: float) -> Action:
    return Action(
        f"fill_{opacity:g}",
        f"{opacity:.0%}" if opacity else "None",
        lambda desk: desk.view.set_fill_opacity(opacity),
        checked=lambda desk: desk.view.fill_opacity == opacity,
        group="fill",
    )


def _width_action(width: float) -> Action:
    return Action(
        f"width_{width:g}",
        f"{width:g} px",
        lambda desk: desk.view.set_outline_width(width),
        checked=lambda desk: desk.view.outline_width == width,
        group="width",
    )


def _look_action(look: Appearance, text: str) -> Action:
    return Action(
        f"look_{look}",
        text,
        lambda desk: desk.view.set_appearance(look),
        checked=lambda desk: desk.view.appearance == look,
        group="look",
    )


LOOK = (
    *map(_fill_action, FILLS),
    *map(_width_action, WIDTHS),
    *(_look_action(*look) for look in LOOKS),
)
