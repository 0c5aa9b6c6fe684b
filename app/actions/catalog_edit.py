"""The actions of the Edit menu, as data."""

from app.actions.spec import IMAGE, SELECTION, Need
from app.actions.spec import ActionSpec as Action

CLASS_KEYS = range(1, 10)

EDIT = (
    Action(
        "undo",
        "Undo",
        lambda desk: desk.edit.undo(),
        ("Ctrl+Z",),
        "Take the last step back",
        "undo",
        frozenset({Need.UNDO}),
        label=lambda desk: desk.edit.undo_label(),
    ),
    Action(
        "redo",
        "Redo",
        lambda desk: desk.edit.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "Do the step again that was taken back",
        "redo",
        frozenset({Need.REDO}),
        label=lambda desk: desk.edit.redo_label(),
    ),
    Action(
        "select_all",
        "Select all",
        lambda desk: desk.edit.select_all(),
        ("Ctrl+A",),
        "Select all objects of the image",
        needs=frozenset({Need.OBJECTS}),
    ),
    Action(
        "select_none",
        "Select none",
        lambda desk: desk.edit.select_none(),
        ("Ctrl+Shift+A",),
        "Select nothing",
        needs=SELECTION,
    ),
    Action(
        "delete",
        "Delete",
        lambda desk: desk.edit.delete(),
        ("Del",),
        "Delete the selected objects",
        "delete",
        SELECTION,
    ),
    Action(
        "cut_objects",
        "Cut",
        lambda desk: desk.clipboard.cut(),
        ("Ctrl+X",),
        "Copy the selected objects and delete them",
        needs=SELECTION,
    ),
    Action(
        "copy",
        "Copy",
        lambda desk: desk.clipboard.copy(),
        ("Ctrl+C",),
        "Copy the selected objects, for this or another image",
        needs=SELECTION,
    ),
    Action(
        "paste",
        "Paste",
        lambda desk: desk.clipboard.paste(),
        ("Ctrl+V",),
        "Add the copied objects to this image, at the same place",
        needs=IMAGE,
    ),
    Action(
        "duplicate",
        "Duplicate",
        lambda desk: desk.clipboard.duplicate(),
        ("Ctrl+D",),
        "Add a copy of each selected object beside it",
        needs=SELECTION,
    ),
    Action(
        "lock",
        "Locked",
        lambda desk: desk.edit.toggle_locked(),
        ("Ctrl+L",),
        "Keep the selected objects from being changed",
        "",
        SELECTION,
        lambda desk: desk.edit.all_locked(),
    ),
    Action(
        "review",
        "Reviewed",
        lambda desk: desk.edit.toggle_reviewed(),
        ("Shift+R",),
        "Mark the selected objects as checked; a network then leaves them alone",
        "",
        SELECTION,
        lambda desk: desk.edit.all_reviewed(),
    ),
    Action(
        "hide",
        "Hide",
        lambda desk: desk.edit.toggle_hidden(),
        ("I",),
        "Show the selected objects no longer until asked for; they stay in files and counts",
        "hidden",
        SELECTION,
        label=lambda desk: desk.edit.hide_label(),
    ),
    Action(
        "show_hidden",
        "Show all hidden",
        lambda desk: desk.edit.show_hidden(),
        ("Shift+I",),
        "Show all hidden objects of the image again",
        label=lambda desk: desk.edit.show_hidden_label(),
    ),
    Action(
        "pixel_size",
        "Pixel size…",
        lambda desk: desk.scale.set_pixel_size(),
        (),
        "Say how large a pixel is, of this file or of all images at once",
        "",
        IMAGE,
    ),
    Action(
        "review_image",
        "Image reviewed",
        lambda desk: desk.edit.toggle_image_reviewed(),
        ("Ctrl+R",),
        "Mark the whole image as checked",
        "",
        IMAGE,
        lambda desk: desk.edit.image_reviewed(),
    ),
)


def _class_action(number: int) -> Action:
    return Action(
        f"class_{number}",
        f"Class {number}",
        lambda desk: desk.edit.set_class(number),
        (str(number),),
        "Give the selected objects this class; without a selection, new objects get it",
        needs=IMAGE,
        label=lambda desk: desk.edit.class_label(number),
    )


CLASSES = tuple(_class_action(number) for number in CLASS_KEYS)
