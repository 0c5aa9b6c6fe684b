"""Selected: the regions that an action of the Edit menu is about, and how it changes them."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, SignalInstance

from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.messages import Messages
from app.panels.shown import Shown
from core.annotation.region import Region
from core.project.delta import Delta


class Selected:
    """The selection of the shown document; without document nothing is selected."""

    def __init__(self, shown: Shown, messages: Messages) -> None:
        self._shown, self._messages = shown, messages

    @property
    def replaced(self) -> SignalInstance:
        """Emitted when another document is shown, or none."""
        return self._shown.replaced

    @property
    def document(self) -> Document | None:
        return self._shown.document

    def regions(self) -> list[Region]:
        """In the order of their ids; stored ones, never those that a slider proposes."""
        if self._shown.document:
            self._shown.document.drop_draft()
        regions = self._shown.regions
        return [regions[i] for i in sorted(self._shown.selection.ids) if i in regions]

    def unlocked(self) -> list[Region]:
        """Those that may be changed; that others are locked is said."""
        regions = self.regions()
        free = [region for region in regions if not region.locked]
        self.tell_of_locked(len(regions) - len(free))
        return free

    def hold_for_all(self, fact: Callable[[Region], bool]) -> bool:
        """Whether a fact holds for all, if there are any; asked often, so it stops early."""
        ids, regions = self._shown.selection.ids, self._shown.regions
        return bool(ids) and all(i in regions and fact(regions[i]) for i in ids)

    def change(self, regions: Iterable[Region], name: str) -> None:
        """Put changed regions in the place of the stored ones, as one undo step."""
        if self._shown.document:
            self.do(edits.change(self._shown.document, regions, name))

    def do(self, delta: Delta) -> None:
        """Make a step, unless nothing would change; what it adds is selected."""
        if self._shown.document and (delta.before or delta.after or delta.classes_after):
            perform(self._shown.document, delta)
            if new := delta.after.keys() - delta.before.keys():
                self._shown.selection.set(new)

    def tell_of_locked(self, count: int) -> None:
        if count:
            text = _tr("1 locked object stays as it is; unlock it first (Edit > Locked).")
            more = _tr("{} locked objects stay as they are; unlock them first (Edit > Locked).")
            self._messages.inform(text if count == 1 else more.format(count))


def _tr(text: str) -> str:
    return QCoreApplication.translate("EditActions", text)
