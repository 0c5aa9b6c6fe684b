"""What is written down about the files of an export: the round-trip certificate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from core.counted import counted
from core.export.some_objects import some_objects
from core.formats.limits import NEGLIGIBLE_PX

Verdict: TypeAlias = Literal["identical", "agrees", "as announced", "different"]
"""Agrees: as far as it was compared."""

READ_BACK = "Each was read back by another program and compared with your objects."
"""Of a good export."""


@dataclass(frozen=True)
class Change:
    """One object that is not in the file as it is in the project.

    agreement: intersection over union, 0 for an object that is missing; None when the outline is
    the same. announced: whether the format cannot do better. rounded_px: how far its vertices are
    off where only their last digits were cut.
    """

    image: str
    object: str
    agreement: float | None
    reason: str
    announced: bool = True
    rounded_px: float | None = None

    @property
    def is_worth_telling(self) -> bool:
        """Of one that was announced; others always are."""
        return self.rounded_px is None or self.rounded_px >= NEGLIGIBLE_PX


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
        """For people: what there is, each failure, then what formats leave out and kinds of notes.

        Single objects, and rounding that nobody sees, are in the files about the export.
        """
        lines = [f"{self.headline} in {self.folder}."]
        lines += self.failures
        lines += [f"{r.name}: {trouble}" for r in self.files for trouble in _wrong(r)]
        if lines[1:] == [] and self.files:
            lines[0] += f" {READ_BACK}"
        return "\n".join([*lines, *_left_out(self.files), *_notes(self.files)])


def _left_out(files: Sequence[FileRecord]) -> Iterator[str]:
    """A line for each format that does not carry everything."""
    losses: dict[str, dict[str, None]] = {}
    for record in files:
        losses.setdefault(record.format, {}).update(dict.fromkeys(record.losses))
    return (f"{name}: leaves out {', '.join(kinds)}." for name, kinds in losses.items() if kinds)


def _notes(files: Sequence[FileRecord]) -> Iterator[str]:
    """What else there is to know, once for all files of a format of which the same is true."""
    kinds: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for record in files:
        for kind, text in (*((_kind(note), note) for note in record.notes), *_announced(record)):
            kinds.setdefault((record.format, kind), []).append((record.name, text))
    for (name, _), told in kinds.items():
        file, text = told[0]
        files_told = {file for file, _ in told}
        example = f", as in {file}" if any(other != text for _, other in told) else ""
        several = f"{name}, {counted(len(files_told), 'file')}{example}"
        yield f"{file if len(files_told) == 1 else several}: {text}"


def _kind(text: str) -> str:
    """The same for texts that differ in their numbers alone."""
    return re.sub(r"\d+(\.\d+)?(e[+-]?\d+)?", "0", text)


def _announced(record: FileRecord) -> Iterator[tuple[str, str]]:
    """Each kind of reason, and a sentence that tells of which objects it is true."""
    kinds: dict[str, list[Change]] = {}
    for change in record.changes:
        if change.announced and change.is_worth_telling:
            kinds.setdefault(_kind(change.reason), []).append(change)
    for kind, alike in kinds.items():
        reasons = list(dict.fromkeys(change.reason for change in alike))
        which = "" if len(alike) == 1 else ", the first" if len(reasons) > 1 else ", each"
        yield kind, f"{some_objects(_numbers(record, alike))}{which}: {reasons[0]}"


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
