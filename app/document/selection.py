"""What is picked and what lies under the pointer, shared by canvas and lists."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Ids of the selected regions of the shown document, and the hovered one (0: none)."""

    selection_changed = Signal(frozenset)
    hover_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._ids: frozenset[int] = frozenset()
        self._hovered = 0

    @property
    def ids(self) -> frozenset[int]:
        return self._ids

    @property
    def hovered(self) -> int:
        return self._hovered

    def set(self, ids: Iterable[int]) -> None:
        """Select exactly these regions."""
        wanted = frozenset(ids)
        if wanted != self._ids:
            self._ids = wanted
            self.selection_changed.emit(wanted)

    def clear(self) -> None:
        self.set(())

    def hover(self, region_id: int) -> None:
        """Say which region lies under the pointer, 0 for none."""
        if region_id != self._hovered:
            self._hovered = region_id
            self.hover_changed.emit(region_id)
