"""Copy and paste of regions, within an image, to another one, or to another window."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QByteArray, QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from app.actions.placing import Place, Placed, packed, pasted, placed
from app.actions.selected import Selected
from app.commands import edits
from app.dialogs.ask import Ask
from app.dialogs.progress import Progress
from app.document.document import Document
from app.messages import Messages
from app.tasks.runner import Outcome, Runner
from core.progress import Ticket

FORMAT = "application/x-cellscribe-objects"
AT_ONCE = 300
"""So many objects are placed before the window goes on; more in the background."""
BYTES = 700
"""Of an object on the clipboard, as a rule."""


class ClipboardActions:
    """Regions go to the clipboard with their classes, as the journal stores them."""

    def __init__(self, selected: Selected, runner: Runner, ask: Ask, messages: Messages) -> None:
        self._selected, self._runner, self._ask = selected, runner, ask
        self._messages = messages
        self._job = 0
        self._progress = Progress(_tr("Pasting…"), self._cancel)

    def copy(self) -> None:
        """Put the selected regions on the clipboard."""
        document, regions = self._selected.document, self._selected.regions()
        if document is None or not regions:
            return
        data = QMimeData()
        data.setData(FORMAT, QByteArray(packed(regions, document.classes.all)))
        QGuiApplication.clipboard().setMimeData(data)
        text = _tr("1 object copied") if len(regions) == 1 else _tr("{:,} objects copied")
        self._messages.inform(text.format(len(regions)))

    def cut(self) -> None:
        """Copy, then delete what is not locked."""
        self.copy()
        if document := self._selected.document:
            unlocked = [region.id for region in self._selected.unlocked()]
            self._selected.do(edits.delete(document, unlocked))

    def paste(self) -> None:
        """Add what is on the clipboard, at the same place of this image, or beside it when it is
        there already."""
        document, data = self._selected.document, _on_clipboard()
        if document is None:
            return
        if not data:
            self._messages.inform(_tr("Copy objects first (Edit > Copy)."))
            return
        work = partial(pasted, data, document.classes.all, _place(document))
        self._add(document, _tr("Paste"), work, len(data) / BYTES)

    def duplicate(self) -> None:
        """Add a copy of each selected region beside it."""
        document, regions = self._selected.document, self._selected.regions()
        if document is not None and regions:
            work = partial(placed, regions, document.classes.all, _place(document))
            self._add(document, _tr("Duplicate"), work, len(regions))

    def _add(
        self, document: Document, name: str, work: Callable[[Ticket], Placed], count: float
    ) -> None:
        """Add what the work gives, when it is there."""
        self._cancel()  # what is still being placed is asked for again
        then = partial(self._on_placed, document, document.classes.all, name)
        if count > AT_ONCE:
            self._job = self._runner.start(work, then, self._on_progressed)
        else:
            then(self._runner.at_once(work))

    def _on_progressed(self, done: int, total: int, stage: str) -> None:
        self._progress.show(done, total, stage, self._ask.window)

    def _on_placed(self, document: Document, classes: object, name: str, outcome: Outcome) -> None:
        self._job = 0
        self._progress.hide()
        if outcome.problem:
            self._messages.warn(outcome.problem)
        elif document is not self._selected.document:
            self._messages.inform(_tr("Nothing was added, because another image is shown now."))
        elif document.classes.all != classes:
            self._messages.inform(_tr("Nothing was added, because the classes changed; try again."))
        else:
            self._put(document, name, outcome.value)

    def _put(self, document: Document, name: str, found: Placed) -> None:
        """As one undo step."""
        if found.outside:
            text = _tr("{:,} of {:,} objects lie outside this image and were left out.")
            self._messages.warn(text.format(found.outside, found.outside + len(found.regions)))
        if found.regions:
            delta = edits.add(document, found.regions, name)
            new = {c.id: c for c in found.classes if c not in document.classes.all}
            self._selected.do(replace(delta, classes_after=new))

    def _cancel(self) -> None:
        self._runner.cancel(self._job)
        self._job = 0
        self._progress.hide()


def _on_clipboard() -> bytes:
    """What was copied; empty when that was nothing of ours, or nothing at all."""
    found: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return bytes(found.data(FORMAT).data()) if found else b""


def _place(document: Document) -> Place:
    return Place(document.width, document.height, tuple(document.stored.values()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ClipboardActions", text)
