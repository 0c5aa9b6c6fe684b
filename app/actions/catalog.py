"""All actions, as data; menus.py says where they are found."""

from app.actions.catalog_edit import CLASSES, EDIT
from app.actions.catalog_file import FILE
from app.actions.catalog_outline import OUTLINE
from app.actions.catalog_planes import PLANE
from app.actions.catalog_view import LOOK, VIEW
from app.actions.spec import ActionSpec as Action
from app.actions.spec import Need
from app.canvas.tools import TOOLS, ToolSpec

CAN_RUN = frozenset({Need.IMAGE, Need.NETWORK, Need.IDLE})


def _tool_action(tool: ToolSpec) -> Action:
    return Action(
        f"tool_{tool.name}",
        tool.title.capitalize(),  # as all other actions are written
        lambda desk: desk.view.set_tool(tool.name),
        (tool.shortcut,),
        tool.hint,
        tool.icon,
        checked=lambda desk: desk.view.tool == tool.name,
        group="tool",
    )


TOOL = tuple(map(_tool_action, TOOLS))

SEGMENT = (
    Action(
        "segment",
        "Segment image",
        lambda desk: desk.segment.segment(),
        ("Ctrl+Return", "F5"),
        "Outline the objects of this image with the chosen network",
        "segment",
        CAN_RUN,
    ),
    Action(
        "segment_all",
        "Segment all images",
        lambda desk: desk.segment.segment_all(),
        ("Ctrl+Shift+Return",),
        "Outline the objects of all images of the project",
        "segment_all",
        CAN_RUN | {Need.SEVERAL_IMAGES},
    ),
    Action(
        "segment_planes",
        "Segment all planes of this file",
        lambda desk: desk.segment.segment_planes(),
        (),
        "Outline the objects of each focal plane, time point and scene; of each projection if one "
        "is shown",
        "",
        CAN_RUN | {Need.PLANES},
    ),
    Action(
        "network_input",
        "Network input…",
        lambda desk: desk.segment.show_network_input(),
        (),
        "Show what the network sees, and whether the size of the objects fits it",
        "network_input",
        frozenset({Need.IMAGE, Need.NETWORK}),
    ),
    Action(
        "cancel",
        "Cancel",
        lambda desk: desk.segment.cancel(),
        ("Shift+Esc",),
        "Stop the network; nothing is changed",
        "stop",
        frozenset({Need.RUNNING}),
    ),
    Action(
        "reset_limits",
        "Reset settings",
        lambda desk: desk.segment.reset(),
        (),
        "Threshold, separation, areas and outlines back to what the network recommends",
        "reset",
        frozenset({Need.NETWORK}),
    ),
)

HELP = (
    Action(
        "shortcuts",
        "Keys and gestures",
        lambda desk: desk.help.shortcuts(),
        ("F1",),
        "List all shortcuts and what the mouse does",
        "keyboard",
    ),
    Action(
        "tool_keys",
        "Help with this tool",
        lambda desk: desk.help.tool_keys(desk.view.tool),
        ("?",),
        "What the tool in use does, and its keys",
        "help",
    ),
    Action(
        "open_log",
        "Open the log",
        lambda desk: desk.help.open_log(),
        (),
        "What the program noted, for reports of errors",
    ),
    Action("about", "About Cellscribe", lambda desk: desk.help.about(), (), "Version and licence"),
)

ACTIONS = (*FILE, *EDIT, *CLASSES, *OUTLINE, *VIEW, *PLANE, *LOOK, *TOOL, *SEGMENT, *HELP)
