"""Document: the truth about the regions of one image. Commands write to it, all else listens."""

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from app.document.classes import ClassTable
from core.annotation.region import Region
from core.project.delta import Delta, Step


class Document(QObject):
    """Regions by id, with their undo stack.

    regions_changed: ids that were added, changed, removed, hidden or revealed; what is shown must
    be redrawn.
    applied: (Delta, Step) after a command, for the journal. A draft emits regions_changed only.
    """

    regions_changed = Signal(frozenset)
    applied = Signal(object, object)

    def __init__(
        self,
        image_id: int,
        width: int,
        height: int,
        regions: Mapping[int, Region],
        classes: ClassTable,
        next_id: int = 1,
    ) -> None:
        super().__init__()
        self.image_id, self.width, self.height = image_id, width, height
        self.classes = classes
        self.stack = QUndoStack(self)
        self.revision = 0
        self._regions = dict(regions)
        self._next_id = max(next_id, max(regions, default=0) + 1)
        self._hidden: set[int] = set()
        self._draft: Delta | None = None
        self._untold: frozenset[int] | None = None  # changes that are told later, together

    @property
    def regions(self) -> Mapping[int, Region]:
        """All regions by id, as a live read-only view (a draft's included)."""
        return MappingProxyType(self._regions)

    @property
    def stored(self) -> Mapping[int, Region]:
        """All regions by id, as they are without the draft."""
        if self._draft is None:
            return self.regions
        kept = {i: r for i, r in self._regions.items() if i not in self._draft.after}
        return {**kept, **self._draft.before}

    @property
    def hidden(self) -> Set[int]:
        """Ids that are not shown for now, as a live view; those of regions that are gone are kept,
        as these may come back."""
        return self._hidden

    @property
    def hidden_count(self) -> int:
        """How many of the regions are hidden."""
        return sum(i in self._regions for i in self._hidden)

    def hide(self, ids: Iterable[int]) -> None:
        """Show regions no longer. That is a way to look at them: it is no step, and not saved."""
        if new := frozenset(ids) - self._hidden:
            self._hidden |= new
            self._tell(new)

    def reveal(self, ids: Iterable[int]) -> None:
        """Show hidden regions again."""
        if again := frozenset(ids) & self._hidden:
            self._hidden -= again
            self._tell(again)

    def new_ids(self, count: int) -> range:
        """Ids that no region of this image ever had or will get again."""
        first = self._next_id
        self._next_id += count
        return range(first, first + count)

    def apply(self, delta: Delta, step: Step) -> None:
        """Carry out a delta for a command; an undo comes as the inverted delta."""
        self.drop_draft()
        self._swap(delta)
        self.applied.emit(delta, step)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Tell of the changes within at the end, so that many steps cost little more than one."""
        self._untold = frozenset()
        try:
            yield
        finally:
            changed, self._untold = self._untold, None
            if changed:
                self.regions_changed.emit(changed)

    def show_draft(self, delta: Delta) -> None:
        """Show a change that is not made yet, such as under a moving slider."""
        changed = self._take_draft_back()
        self._draft = delta
        self._swap(delta, changed)

    def drop_draft(self) -> None:
        """Take the draft back, if there is one."""
        if changed := self._take_draft_back():
            self._announce(changed)

    def _take_draft_back(self) -> frozenset[int]:
        if self._draft is None:
            return frozenset()
        draft, self._draft = self._draft, None
        return self._put(draft.inverse())

    def _swap(self, delta: Delta, also: Iterable[int] = ()) -> None:
        self._announce(self._put(delta) | frozenset(also))
        if delta.classes_before or delta.classes_after:
            gone = delta.classes_before.keys() - delta.classes_after.keys()
            self.classes.swap(gone, delta.classes_after)

    def _put(self, delta: Delta) -> frozenset[int]:
        for region_id in delta.before.keys() - delta.after.keys():
            del self._regions[region_id]
        self._regions.update(delta.after)
        return frozenset(delta.before.keys() | delta.after.keys())

    def _announce(self, changed: frozenset[int]) -> None:
        self.revision += 1
        self._tell(changed)

    def _tell(self, changed: frozenset[int]) -> None:
        if self._untold is None:
            self.regions_changed.emit(changed)
        else:
            self._untold |= changed
