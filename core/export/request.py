"""What a person wants exported, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from core.errors import UsageError

Together: TypeAlias = Literal["field", "folder", "image"]
TOGETHER: tuple[Together, ...] = get_args(Together)


@dataclass(frozen=True)
class Split:
    """A data set in two parts, train and val.

    share: of the images that are for validation, between 0 and 1. seed: another one, another draw.
    together: which images stay in one part: those of one field, of one folder, or each for itself.
    """

    share: float = 0.2
    seed: int = 0
    together: Together = "field"

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise UsageError(f"The share for validation is {self.share:g}; it must be within 0..1.")
        if self.together not in TOGETHER:
            raise UsageError(f"Images cannot stay together by '{self.together}'.")


@dataclass(frozen=True)
class ExportRequest:
    """Which images (ids; none means all) to write in which formats (names) into which folder.

    overwrite: files of these names may be replaced; ask before. options: of each format, by name.
    split: None for one part.
    """

    folder: Path
    formats: tuple[str, ...]
    images: tuple[int, ...] = ()
    overwrite: bool = False
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Split | None = None
