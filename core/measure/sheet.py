"""All objects of some images as one table: rows to sort, filter, plot and export. No copies until
a column is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.annotation.classes import LabelClass
from core.annotation.runs import Flags, Floats, Ints
from core.measure.measured import Column, Measured, columns_of, unit_of
from core.measure.quantities import Unit, meaning
from core.tables import Column as Cells
from core.tables import Table

IMAGE, ID, CLASS, CONFIDENCE = "image", "id", "class", "confidence"
FACTS = (IMAGE, ID, CLASS, CONFIDENCE)
TEXTS = (IMAGE, CLASS)
_TITLES = {IMAGE: "Image", ID: "ID", CLASS: "Class", CONFIDENCE: "Confidence"}
_MEANINGS = {
    IMAGE: "name of the file, and of the plane",
    ID: "number of the object, as on the picture",
    CLASS: "what the object is",
    CONFIDENCE: "chance that it is an object, as the network says",
}


@dataclass(frozen=True, eq=False)
class Sheet:
    """A row for each object, image by image. Fields have keys: FACTS, then those of columns."""

    images: tuple[Measured, ...] = ()
    classes: tuple[LabelClass, ...] = ()
    _kept: dict[str, Floats] = field(default_factory=dict)

    @cached_property
    def unit(self) -> Unit:
        """One for all."""
        return unit_of(self.images)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """By key, in order."""
        return {column.key: column for column in columns_of(self.images)}

    @property
    def keys(self) -> tuple[str, ...]:
        return (*FACTS, *self.columns)

    @cached_property
    def counts(self) -> Ints:
        """(images,) objects of each."""
        return np.array([image.count for image in self.images], np.int64)

    @cached_property
    def image(self) -> Ints:
        """(n,) place of the image of each row."""
        return np.repeat(np.arange(len(self.images)), self.counts)

    @cached_property
    def ids(self) -> Ints:
        """(n,) numbers of the objects in their images."""
        return self._joined([image.ids for image in self.images]).astype(np.int64)

    @cached_property
    def class_ids(self) -> Ints:
        return self._joined([image.class_ids for image in self.images]).astype(np.int64)

    def __len__(self) -> int:
        return int(self.counts.sum())

    def numbers(self, key: str) -> Floats:
        """(n,) of a field; of one of TEXTS the places in the alphabet."""
        if key not in self._kept:
            self._kept[key] = self._read(key)
        return self._kept[key]

    def texts(self, key: str, rows: Ints) -> list[str]:
        """What one of TEXTS says in these rows."""
        if key == IMAGE:
            return [self.images[place].name for place in self.image[rows].tolist()]
        return [self.class_name(number) for number in self.class_ids[rows].tolist()]

    def class_name(self, class_id: int) -> str:
        """Its number when it is gone."""
        return self._class_names.get(class_id, str(class_id))

    def text(self, key: str, row: int) -> str:
        """One cell, as a person reads it."""
        if key in TEXTS:
            return self.texts(key, np.array([row]))[0]
        value = float(self.numbers(key)[row])
        if key in self.columns:
            return self.columns[key].quantity.text(value, self.unit)
        if key == ID:
            return str(int(value))
        return "–" if np.isnan(value) else f"{value:.2f}"

    def why_empty(self, key: str, row: int) -> str:
        """When there is no number in a cell the reason, else ""."""
        if key not in self.columns or not np.isnan(self.numbers(key)[row]):
            return ""
        column = self.columns[key]
        if column not in self.images[int(self.image[row])].values:
            return "This was not measured in this image."
        reason = column.quantity.unknown or "it depends on what is not known"
        return f"There is no number because {reason}."

    def heading(self, key: str) -> str:
        """With its unit."""
        return _TITLES[key] if key in _TITLES else self.columns[key].heading(self.unit)

    def meaning(self, key: str) -> str:
        """The formula in words."""
        return _MEANINGS[key] if key in _MEANINGS else meaning(self.columns[key].quantity)

    def rows_of(self, image_id: int, ids: Iterable[int]) -> Flags:
        """(n,) which rows are these objects of an image."""
        wanted = np.fromiter(ids, np.int64)
        of_image = np.array([image.image_id == image_id for image in self.images], np.bool_)
        if not len(wanted) or not of_image.any():
            return np.zeros(len(self), np.bool_)
        return np.asarray(np.isin(self.ids, wanted) & of_image[self.image])

    def table(self, rows: Ints | None = None, keys: Sequence[str] | None = None) -> Table:
        """For files and the clipboard: these rows and fields, or all."""
        rows = np.arange(len(self)) if rows is None else rows
        keys = self.keys if keys is None else keys
        return Table(
            tuple(map(self.heading, keys)),
            tuple(self._cells(key, rows) for key in keys),
            tuple((self.heading(key), self.meaning(key)) for key in keys),
        )

    @cached_property
    def _class_names(self) -> dict[int, str]:
        return {c.id: c.name for c in self.classes}

    def _read(self, key: str) -> Floats:
        if key in TEXTS:
            return self._ranks(self.texts(key, np.arange(len(self))))
        if key == ID:
            return self.ids.astype(np.float64)
        if key == CONFIDENCE:
            return self._joined([image.confidence for image in self.images])
        column = self.columns[key]
        return self._joined([image.scaled(column, self.unit) for image in self.images])

    def _cells(self, key: str, rows: Ints) -> Cells:
        """Flags in words."""
        if key in TEXTS:
            return self.texts(key, rows)
        if key == ID:
            return self.ids[rows]
        numbers = self.numbers(key)[rows]
        if key in self.columns and self.columns[key].quantity.dimension == "flag":
            return [None if np.isnan(n) else "yes" if n else "no" for n in numbers.tolist()]
        return numbers

    @staticmethod
    def _ranks(texts: Sequence[str]) -> Floats:
        place = {text: number for number, text in enumerate(sorted(set(texts), key=str.casefold))}
        return np.array([place[text] for text in texts], np.float64)

    @staticmethod
    def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
        return np.concatenate([np.zeros(0), *parts])
