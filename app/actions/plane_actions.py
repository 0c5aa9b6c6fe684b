"""Moving through the planes of a file, and taking outlines along."""

from PySide6.QtCore import QCoreApplication

from app.actions.clipboard_actions import ClipboardActions
from app.actions.selected import Selected
from app.controllers.plane_walk import PlaneWalk
from app.messages import Messages
from core.image.source import Plane


class PlaneActions:
    """One plane on or back; the bar below the image does the same."""

    def __init__(
        self,
        walk: PlaneWalk,
        clipboard: ClipboardActions,
        selected: Selected,
        messages: Messages,
    ) -> None:
        self.walk = walk
        self._clipboard, self._selected, self._messages = clipboard, selected, messages
        self._bound_for: Plane | None = None  # where the copied regions are taken to
        walk.changed.connect(self._on_walk_changed)

    def next_depth(self) -> None:
        self.walk.step(depths=1)

    def previous_depth(self) -> None:
        self.walk.step(depths=-1)

    def next_time(self) -> None:
        self.walk.step(times=1)

    def previous_time(self) -> None:
        self.walk.step(times=-1)

    def play(self) -> None:
        self.walk.play(not self.walk.is_playing)

    def project(self) -> None:
        """The brightest value over all focal planes, or one of them again."""
        self.walk.project(not self.is_projected())

    def is_projected(self) -> bool:
        return self.walk.plane.is_projection

    def copy_to_next(self) -> None:
        """Copy the selected objects to the next focal plane, or time point where there is only one
        plane, and go there."""
        if not self._selected.regions():
            self._messages.inform(_tr("Select the objects to copy first."))
            return
        before, scene = self.walk.plane, self.walk.scene
        focal = scene is not None and scene.depths > 1 and not before.is_projection
        self._clipboard.copy()
        self.walk.step(depths=1) if focal else self.walk.step(times=1)
        if self.walk.plane == before:
            self._messages.inform(_tr("This is the last plane; the objects are on the clipboard."))
        else:
            self._bound_for = self.walk.plane

    def _on_walk_changed(self) -> None:
        if self._bound_for is None or not self.walk.has_arrived:
            return
        arrived, self._bound_for = self.walk.plane == self._bound_for, None
        if arrived:
            self._clipboard.paste()


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlaneActions", text)
