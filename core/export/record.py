"""What is written down about the files of an export: the round-trip certificate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from core.counted import counted
from core.export.some_objects import some_objects

Verdict: TypeAlias = Literal["identical", "agrees", "as announced", "different"]
"""Agrees: as far as it was compared."""

READ_BACK = "Each was read back by another program and compared with your objects."
"""Of a good export."""


@dataclass(frozen=True)
class Change:
    """One object that is not in the file as it is in the project.

    agreement: intersection over union, 0 for an object that is missing; None when the outline is
    the same. announced: whether the format cannot do better.
    """

    image: str
    object: str
    agreement: float | None
    reason: str
    announced: bool = True


@dataclass(frozen=True)
class FileRecord:
    """One file as it was written and read back.

    name: with forward slashes, as seen from the folder. reader: which program read it back.
    compared: what of it, in words. is_partial: there is more in it. pixel_type: of a format of
    pixels. size: width and height of its image, None for files of several. expected, found: numbers
    of objects. smallest, mean: of the agreement of all objects. losses: what the format does not
    carry. troubles: what does not agree and nobody announced.
    """

    name: str
    format: str
    images: tuple[str, ...]
    sha256: str
    bytes: int
    reader: str
    compared: str
    is_partial: bool = False
    pixel_type: str = ""
    size: tuple[int, int] | None = None
    expected: int = 0
    found: int | None = None
    smallest: float | None = None
    mean: float | None = None
    changes: tuple[Change, ...] = ()
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What a person needs to know first."""
        if self.troubles or not all(change.announced for change in self.changes):
            return "different"
        if self.is_partial:
            return "agrees"
        return "as announced" if self.changes else "identical"


@dataclass
class ExportReport:
    """What became of an export: its files, and failures in one sentence each.

    existing: files that were in the way; then nothing was written.
    """

    folder: Path
    images: int
    files: list[FileRecord] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    existing: tuple[Path, ...] = ()

    @property
    def losses(self) -> tuple[str, ...]:
        """Kinds of information that are in none of the files of some format."""
        kinds = (loss for record in self.files for loss in record.losses)
        return tuple(dict.fromkeys(kinds))

    @property
    def is_good(self) -> bool:
        """Whether everything was written and is as it should be."""
        return not self.failures and all(r.verdict != "different" for r in self.files)

    @property
    def headline(self) -> str:
        """How many files for how many images."""
        return f"{counted(len(self.files), 'file')} for {counted(self.images, 'image')}"

    def paths(self) -> list[Path]:
        """The files that were written, without those about the export itself."""
        return [self.folder / record.name for record in self.files]

    def __str__(self) -> str:
        """For people: what there is, then a line for each failure, loss and kind of note.

        Single objects are listed in the files about the export.
        """
        lines = [f"{self.headline} in {self.folder}."]
        lines += self.failures
        lines += [f"{r.name}: {trouble}" for r in self.files for trouble in _wrong(r)]
        if lines[1:] == [] and self.files:
            lines[0] += f" {READ_BACK}"
        if self.losses:
            lines.append(f"Not carried by all formats: {', '.join(self.losses)}.")
        for record in self.files:
            lines += [f"{record.name}: {note}" for note in (*record.notes, *_announced(record))]
        return "\n".join(lines)


def _announced(record: FileRecord) -> Iterator[str]:
    """A sentence for each kind of reason; those of one kind differ in their numbers alone."""
    kinds: dict[str, list[Change]] = {}
    for change in record.changes:
        if change.announced:
            kinds.setdefault(re.sub(r"\d+", "0", change.reason), []).append(change)
    for alike in kinds.values():
        reasons = list(dict.fromkeys(change.reason for change in alike))
        which = "" if len(alike) == 1 else ", the first" if len(reasons) > 1 else ", each"
        yield f"{some_objects(_numbers(record, alike))}{which}: {reasons[0]}"


def _numbers(record: FileRecord, changes: Sequence[Change]) -> list[str]:
    """As a person finds them again: in a file of several images with the name of theirs."""
    is_shared = len(record.images) > 1
    return [f"{c.image} {c.object}" if is_shared else c.object for c in changes]


def _wrong(record: FileRecord) -> Sequence[str]:
    """What nobody announced."""
    wrong = [c for c in record.changes if not c.announced]
    some = ", ".join(change.object for change in wrong[:5])
    differ = f"object {some} differs" if len(wrong) == 1 else f"objects {some} differ"
    objects = [f"{differ} from yours"] if wrong else []
    return [*record.troubles, *objects]
