"""Delta: one step of work on one image, as the touched objects before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from core.annotation.classes import LabelClass
from core.annotation.region import Region


class Step(Enum):
    """How a delta came about; the journal keeps undone deltas for redo."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, eq=False)
class Delta:
    """Touched regions and classes, by id; `name` is what the undo menu shows.

    An id in `before` only was removed, in `after` only was added, in both was changed. The same
    holds for classes.
    """

    name: str
    before: Mapping[int, Region] = field(default_factory=dict)
    after: Mapping[int, Region] = field(default_factory=dict)
    classes_before: Mapping[int, LabelClass] = field(default_factory=dict)
    classes_after: Mapping[int, LabelClass] = field(default_factory=dict)

    def inverse(self) -> "Delta":
        """The step that takes this one back."""
        return Delta(self.name, self.after, self.before, self.classes_after, self.classes_before)
