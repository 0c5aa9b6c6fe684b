"""The actions of the View menu, as data."""

from app.actions.spec import IMAGE, SELECTION, Need
from app.actions.spec import ActionSpec as Action
from app.canvas.fixtures import Fixture
from app.settings.schema import Appearance, ColourBy

FILLS = (0.0, 0.1, 0.2, 0.35, 0.5)
WIDTHS = (1.0, 1.5, 2.0, 3.0)
LOOKS: tuple[tuple[Appearance, str], ...] = (
    ("system", "As the system"),
    ("light", "Light"),
    ("dark", "Dark"),
)
COLOURS: tuple[tuple[ColourBy, str], ...] = (
    ("class", "By class"),
    ("object", "By object"),
    ("confidence", "By confidence"),
    ("origin", "By origin"),
    ("review", "By review state"),
)
FIXTURES: tuple[tuple[Fixture, str, str], ...] = (
    ("scale_bar", "Scale bar", "A round length, when the size of a pixel is known"),
    ("minimap", "Minimap", "The whole image in a corner, when only a part of it is seen"),
    ("crosshair", "Crosshair", "Lines through the pointer, over the whole image"),
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
        "next_object",
        "Next object",
        lambda desk: desk.walk.next_object(),
        (".",),
        "Select and show the next object in the order of the table",
        needs=frozenset({Need.OBJECTS}),
    ),
    Action(
        "previous_object",
        "Previous object",
        lambda desk: desk.walk.previous_object(),
        (",",),
        "Select and show the object before in the order of the table",
        needs=frozenset({Need.OBJECTS}),
    ),
    Action(
        "next_unreviewed",
        "Next unreviewed object",
        lambda desk: desk.walk.next_unreviewed(),
        ("U",),
        "Select and show the next object that is not reviewed",
        needs=frozenset({Need.OBJECTS}),
    ),
    Action(
        "measurements",
        "Measurements",
        lambda desk: desk.measure.open(),
        ("Ctrl+T",),
        "Numbers of all objects as a table and as plots, to select by and to export",
        needs=IMAGE,
    ),
    Action(
        "overlay",
        "Show outlines",
        lambda desk: desk.view.toggle_overlay(),
        ("H",),
        "Show or hide the outlines; hold ` or Shift+H to hide them for a moment",
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
        ("Shift+N", "Ctrl+PgUp"),
        "Show the previous image of the list",
        "previous",
        frozenset({Need.SEVERAL_IMAGES}),
    ),
)


def _fixture_action(fixture: Fixture, text: str, tip: str) -> Action:
    return Action(
        fixture,
        text,
        lambda desk: desk.view.toggle(fixture),
        tip=tip,
        checked=lambda desk: desk.view.shows(fixture),
    )


SEEING = (
    Action(
        "halo",
        "Doubtful borders",
        lambda desk: desk.view.toggle_halo(),
        (),
        "A band along outlines where the network was in doubt, after it has segmented the image",
        needs=frozenset({Need.MAPS}),
        checked=lambda desk: desk.view.halo,
    ),
    *(_fixture_action(*fixture) for fixture in FIXTURES),
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


def _colour_action(by: ColourBy, text: str) -> Action:
    return Action(
        f"colour_{by}",
        text,
        lambda desk: desk.view.set_colour_by(by),
        checked=lambda desk: desk.view.colour_by == by,
        group="colour",
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
    *SEEING,
    *(_colour_action(*colour) for colour in COLOURS),
    *map(_fill_action, FILLS),
    *map(_width_action, WIDTHS),
    *(_look_action(*look) for look in LOOKS),
)
