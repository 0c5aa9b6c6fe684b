"""The classes of a file that is being read, put together with those of the project."""

import re
from collections.abc import Iterable

from core.annotation.classes import DEFAULT_CLASSES, PALETTE, LabelClass, next_class

LONGEST_NAME = 200
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class ClassTable:
    """Grows while a file is read; a class is found by its name or by its number in the file."""

    def __init__(self, project: Iterable[LabelClass] = ()) -> None:
        """Begin with the classes of the project; one of the file with an equal name is the same."""
        self._classes = {c.id: c for c in project}
        self._project = {c.name: c.id for c in self._classes.values()}
        self._names = dict(self._project)
        self._numbers: dict[int, int] = {}
        self._usual = next(iter(self._classes), None)
        self.notes: list[str] = []

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        """All classes so far, never none."""
        return tuple(self._classes.values()) or DEFAULT_CLASSES

    def add(self, number: int, name: str, color: str) -> None:
        """Take class `number` of the file."""
        if number in self._numbers:
            self.notes.append(f"Class number {number} is there twice; the second was left out.")
            return
        known = self._project.get(name)
        self._numbers[number] = self._append(name, color, number) if known is None else known
        if self._usual is None:
            self._usual = self._numbers[number]

    def find(self, key: str | int | None) -> int:
        """The id of a class by name or number, a new one if need be; of the usual one for None."""
        if key is None:
            return self._find_usual()
        known = self._names.get(key) if isinstance(key, str) else self._numbers.get(key)
        return self._invent(key) if known is None else known

    def _find_usual(self) -> int:
        """The first class of the project, else of the file, else the one of a new project."""
        if self._usual is None:
            usual = DEFAULT_CLASSES[0]
            self._usual = self._append(usual.name, usual.color, usual.id)
        return self._usual

    def _invent(self, key: str | int) -> int:
        if isinstance(key, str):
            new = self._append(key)
        else:
            new = self._numbers[key] = self._append(f"Class {key}", number=key)
        self.notes.append(f"The class '{self._classes[new].name}' was not listed; it is new.")
        return new

    def _append(self, name: str, color: str = "", number: int = -1) -> int:
        """Add a class, with its number as id when that is free; returns the id."""
        free = next_class(tuple(self._classes.values()), name).id
        new = free if number < 0 or number in self._classes else number
        if len(name) > LONGEST_NAME:
            self.notes.append(f"The class name '{name[:20]}...' was cut to {LONGEST_NAME} letters.")
        color = color if _COLOR.fullmatch(color) else PALETTE[new % len(PALETTE)]
        self._classes[new] = LabelClass(new, name[:LONGEST_NAME], color)
        self._names.setdefault(name, new)
        return new
