"""The actions of the File menu, as data."""

from app.actions.spec import IMAGE, PROJECT
from app.actions.spec import ActionSpec as Action

FILE = (
    Action(
        "open_images",
        "Open images…",
        lambda desk: desk.files.open_images(),
        ("Ctrl+O",),
        "Open images and add them to the project",
        "image",
    ),
    Action(
        "open_folder",
        "Open folder…",
        lambda desk: desk.files.open_folder(),
        ("Ctrl+Shift+O",),
        "Open all images of a folder",
        "folder",
    ),
    Action(
        "open_project",
        "Open project…",
        lambda desk: desk.files.open_project(),
        ("Ctrl+Alt+O",),
        "Go on with a project of an earlier day",
        "project",
    ),
    Action(
        "save",
        "Save now",
        lambda desk: desk.files.save(),
        ("Ctrl+S",),
        "Every step is saved as it is made; this waits until the last one is on the disk",
        "save",
        PROJECT,
    ),
    Action(
        "save_as",
        "Save project as…",
        lambda desk: desk.files.save_as(),
        ("Ctrl+Shift+S",),
        "Copy the project, with its history, and go on in the copy",
        "",
        PROJECT,
    ),
    Action(
        "import",
        "Import annotations…",
        lambda desk: desk.exchange.import_annotations(),
        ("Ctrl+I",),
        "Add the outlines of a file to the shown image",
        "import",
        IMAGE,
    ),
    Action(
        "export",
        "Export…",
        lambda desk: desk.exchange.export(),
        ("Ctrl+E",),
        "Write outlines, label images and masks for other programs",
        "export",
        IMAGE,
    ),
    Action("quit", "Quit", lambda desk: desk.files.quit(), ("Ctrl+Q",), "Close the program"),
)
