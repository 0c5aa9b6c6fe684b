"""Where actions are found: menus, the tool bar and the context menu, as data."""

from app.actions.catalog import TOOL
from app.actions.catalog_edit import CLASS_KEYS
from app.actions.catalog_view import FILLS, LOOKS, WIDTHS
from app.actions.spec import MenuSpec

CLASS_MENU = MenuSpec("Class", tuple(f"class_{number}" for number in CLASS_KEYS), name="class")

MENUS = (
    MenuSpec(
        "&File",
        (
            "open_images",
            "open_folder",
            "open_project",
            MenuSpec("Recent projects", filler="recent"),
            None,
            "save",
            "save_as",
            None,
            "import",
            "export",
            None,
            "quit",
        ),
    ),
    MenuSpec(
        "&Edit",
        (
            "undo",
            "redo",
            None,
            "cut_objects",
            "copy",
            "paste",
            "duplicate",
            "delete",
            None,
            "select_all",
            "select_none",
            None,
            CLASS_MENU,
            "lock",
            "review",
            None,
            "review_image",
        ),
    ),
    MenuSpec(
        "&View",
        (
            "fit",
            "actual_size",
            "zoom_in",
            "zoom_out",
            "zoom_to_selection",
            None,
            "overlay",
            "labels",
            MenuSpec("Fill of outlines", tuple(f"fill_{opacity:g}" for opacity in FILLS)),
            MenuSpec("Width of outlines", tuple(f"width_{width:g}" for width in WIDTHS)),
            None,
            "next_image",
            "previous_image",
            None,
            MenuSpec("Panels", filler="panels"),
            MenuSpec("Appearance", tuple(f"look_{look}" for look, _ in LOOKS)),
        ),
    ),
    MenuSpec("&Tools", tuple(action.name for action in TOOL)),
    MenuSpec("&Segment", ("segment", "segment_all", "cancel", None, "reset_limits")),
    MenuSpec("&Help", ("shortcuts", None, "open_log", "about")),
)

TOOL_BAR: tuple[str | None, ...] = (
    "open_images",
    "open_folder",
    "save",
    "export",
    None,
    "undo",
    "redo",
    None,
    *(action.name for action in TOOL),
    None,
    "fit",
    "actual_size",
    "zoom_out",
    "zoom_in",
    "overlay",
    "labels",
    None,
    "previous_image",
    "next_image",
)

OBJECT_MENU: tuple[str | MenuSpec | None, ...] = (
    "zoom_to_selection",
    None,
    "cut_objects",
    "copy",
    "duplicate",
    None,
    CLASS_MENU,
    None,
    "lock",
    "review",
    None,
    "delete",
)
