"""What the Edit menu does: undo, selection, and edits of the selected regions."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoGroup, QUndoStack

from app.actions.selected import Selected
from app.canvas.view import Canvas
from app.commands import edits
from app.panels.shown import Shown
from app.session import Session
from core.annotation.region import with_facts
from core.project.records import Status


class EditActions:
    """Edits of the shown document; each is one undo step."""

    def __init__(
        self,
        session: Session,
        shown: Shown,
        undo: QUndoGroup,
        canvas: Canvas,
        selected: Selected,
    ) -> None:
        self._session, self._shown, self._undo = session, shown, undo
        self._canvas, self._selected = canvas, selected
        self._nothing = QUndoStack()
        undo.addStack(self._nothing)
        shown.replaced.connect(self._on_replaced)

    def undo(self) -> None:
        self._canvas.cancel_gesture()
        self._undo.undo()

    def redo(self) -> None:
        self._canvas.cancel_gesture()
        self._undo.redo()

    def undo_label(self) -> str:
        """Undo, with the name of the step."""
        return f"{_tr('Undo')} {self._undo.undoText()}".strip()

    def redo_label(self) -> str:
        return f"{_tr('Redo')} {self._undo.redoText()}".strip()

    def select_all(self) -> None:
        """All that is not hidden."""
        if document := self._shown.document:
            self._shown.selection.set(document.regions.keys() - document.hidden)

    def select_none(self) -> None:
        self._shown.selection.clear()

    def delete(self) -> None:
        """Delete the selected regions that are not locked."""
        document = self._shown.document
        if document is None or not self._selected.regions():
            return
        self._canvas.cancel_gesture()
        delta = edits.delete(document, [region.id for region in self._selected.regions()])
        self._selected.tell_of_locked(len(self._selected.regions()) - len(delta.before))
        self._selected.do(delta)

    def set_class(self, number: int) -> None:
        """Give the selection the class with this number; without one, make it the active one."""
        document, classes = self._shown.document, self._shown.classes.all
        if number > len(classes):
            return
        chosen = classes[number - 1]
        selected = self._selected.regions()
        if document is None or not selected:
            self._shown.classes.set_active(chosen.id)
            return
        self._selected.tell_of_locked(sum(region.locked for region in selected))
        self._selected.do(edits.set_class(document, [region.id for region in selected], chosen.id))

    def class_label(self, number: int) -> str:
        """Name of a class by its number in the list, "" when there are fewer."""
        classes = self._shown.classes.all
        return classes[number - 1].name.replace("&", "&&") if number <= len(classes) else ""

    def toggle_locked(self) -> None:
        """Lock the selection, or unlock it when all of it is locked."""
        regions = self._selected.regions()
        locked = not self.all_locked()
        name = _tr("Lock") if locked else _tr("Unlock")
        self._selected.change((with_facts(region, locked=locked) for region in regions), name)

    def all_locked(self) -> bool:
        return self._selected.hold_for_all(lambda region: region.locked)

    def toggle_reviewed(self) -> None:
        """Mark the selection as reviewed, or no longer when all of it is."""
        regions = self._selected.regions()
        reviewed = not self.all_reviewed()
        name = _tr("Mark as reviewed") if reviewed else _tr("Mark as not reviewed")
        self._selected.change((with_facts(region, reviewed=reviewed) for region in regions), name)

    def all_reviewed(self) -> bool:
        return self._selected.hold_for_all(lambda region: region.reviewed)

    def toggle_hidden(self) -> None:
        """Hide the selection, which is none any more, or show it again when all of it is hidden."""
        document, ids = self._shown.document, [region.id for region in self._selected.regions()]
        if document is None:
            return
        self._canvas.cancel_gesture()
        if self.all_hidden():
            document.reveal(ids)
        else:
            document.hide(ids)
            self._shown.selection.clear()

    def all_hidden(self) -> bool:
        document = self._shown.document
        hidden = document.hidden if document else ()
        return self._selected.hold_for_all(lambda region: region.id in hidden)

    def hide_label(self) -> str:
        return _tr("Show again") if self.all_hidden() else _tr("Hide")

    def show_hidden(self) -> None:
        """Show all hidden regions of the image again."""
        if document := self._shown.document:
            document.reveal(document.hidden)

    def show_hidden_label(self) -> str:
        """With their number, "" when there are none."""
        document = self._shown.document
        count = document.hidden_count if document else 0
        return _tr("Show {:,} hidden").format(count) if count else ""

    def image_reviewed(self) -> bool:
        current = self._session.current
        return current is not None and current.status == "reviewed"

    def toggle_image_reviewed(self) -> None:
        """Mark the shown image as reviewed, or as edited again."""
        if current := self._session.current:
            status: Status = "edited" if self.image_reviewed() else "reviewed"
            self._session.set_status(current.id, status)

    def zoom_to_selection(self) -> None:
        """Bring one of the selected regions into sight."""
        if known := self._shown.selection.ids & self._shown.regions.keys():
            self._canvas.show_region(min(known))

    def _on_replaced(self) -> None:
        """Undo and redo belong to the document that is shown."""
        document = self._shown.document
        if document is None:
            self._undo.setActiveStack(self._nothing)
            return
        if document.stack not in self._undo.stacks():
            self._undo.addStack(document.stack)
        self._undo.setActiveStack(document.stack)


def _tr(text: str) -> str:
    return QCoreApplication.translate("EditActions", text)
