"""The project's classes, shared by all its documents."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from core.annotation.classes import DEFAULT_CLASSES, LabelClass


class ClassTable(QObject):
    """Which classes there are, and which one new regions get."""

    classes_changed = Signal()
    active_changed = Signal(int)

    def __init__(self, classes: Iterable[LabelClass] = DEFAULT_CLASSES) -> None:
        super().__init__()
        self._classes = {c.id: c for c in classes}
        self._active = min(self._classes)
        self._next_id = max(self._classes) + 1

    @property
    def all(self) -> tuple[LabelClass, ...]:
        """The classes in the order of their ids."""
        return tuple(self._classes[i] for i in sorted(self._classes))

    @property
    def next_id(self) -> int:
        """The lowest id that no class ever had: an undone one may come back with its regions."""
        return self._next_id

    def find(self, class_id: int) -> LabelClass:
        """The class with that id, or the first one for an id that is gone."""
        return self._classes.get(class_id) or self.all[0]

    @property
    def active(self) -> int:
        """Id of the class that new regions get."""
        return self._active

    def set_active(self, class_id: int) -> None:
        if class_id != self._active:
            self._active = class_id
            self.active_changed.emit(class_id)

    def start_with(self, classes: Mapping[int, LabelClass], next_id: int) -> None:
        """Take over the classes of another project."""
        self._next_id = next_id
        self.swap(list(self._classes), classes)

    def swap(self, take: Iterable[int], put: Mapping[int, LabelClass]) -> None:
        """Replace classes; only commands call this, through a document."""
        for class_id in take:
            self._classes.pop(class_id, None)
        self._classes.update(put)
        self._next_id = max(self._next_id, *(i + 1 for i in put), 0)
        if self._active not in self._classes:
            self.set_active(min(self._classes))
        self.classes_changed.emit()
