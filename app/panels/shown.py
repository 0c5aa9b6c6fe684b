"""The shown document: one place to listen to, whichever image is shown."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal, Slot

from app.document.classes import ClassTable
from app.document.document import Document
from app.document.selection import Selection
from app.session import Session
from core.annotation.region import Region

_NOTHING: Mapping[int, Region] = MappingProxyType({})


class Shown(QObject):
    """Follows the session from document to document.

    replaced: another document is shown, or none, or the same one with another pixel size.
    regions_changed: ids, of the one that is shown.
    """

    replaced = Signal()
    regions_changed = Signal(frozenset)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._document: Document | None = None
        session.shown_changed.connect(self._on_shown_changed)
        session.calibrated.connect(self._on_shown_changed)
        self._on_shown_changed()

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def regions(self) -> Mapping[int, Region]:
        """The regions by id, none without a document."""
        return self._document.regions if self._document else _NOTHING

    @property
    def classes(self) -> ClassTable:
        return self._session.classes

    @property
    def selection(self) -> Selection:
        return self._session.selection

    @property
    def pixel_size_um(self) -> float | None:
        """Edge of a pixel of the shown image in micrometres, None when unknown."""
        record = self._session.current
        return record.pixel_size_um if record else None

    @Slot()
    def _on_shown_changed(self) -> None:
        if self._session.document is not self._document:
            if self._document:
                self._document.regions_changed.disconnect(self.regions_changed)
            self._document = self._session.document
            if self._document:
                self._document.regions_changed.connect(self.regions_changed)
        self.replaced.emit()
