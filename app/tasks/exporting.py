"""Writing annotation files for many images: plain functions for the runner, without Qt."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite, CellscribeError, reason
from core.files import write_bytes
from core.formats import codec_named
from core.formats.base import Codec, Companion, Report
from core.formats.naming import check_no_image, distinct_names, ending, plane_name
from core.progress import Ticket
from core.project.records import ImageRecord

ALL_IMAGES = "annotations"
"""How a file is called that holds the objects of all images."""


@dataclass(frozen=True)
class ExportRequest:
    """Which images (ids; none means all) to write in which formats (names) into which folder.

    overwrite: files of these names may be replaced; ask before.
    """

    folder: Path
    formats: tuple[str, ...]
    images: tuple[int, ...] = ()
    overwrite: bool = False


Write: TypeAlias = Callable[[Path, Sequence[AnnotationSet]], Report]


@dataclass(frozen=True)
class Target:
    """One file to write, of one image or of several."""

    image_ids: tuple[int, ...]
    write: Write
    path: Path


@dataclass(frozen=True)
class Written:
    """A file that was written, and what became of its objects."""

    path: Path
    report: Report


@dataclass
class ExportReport:
    """What became of an export: files, failures in one sentence each, and what was not carried.

    existing: files that were in the way; then nothing was written.
    """

    folder: Path
    images: int
    written: list[Written] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    existing: tuple[Path, ...] = ()

    @property
    def losses(self) -> tuple[str, ...]:
        """Kinds of information that are in none of the files of some format."""
        kinds = (loss for written in self.written for loss in written.report.losses)
        return tuple(dict.fromkeys(kinds))

    def __str__(self) -> str:
        """For people: a line about the files, and one for each failure and note."""
        lines = [f"{len(self.written)} files for {self.images} images are in {self.folder}."]
        lines += self.failures
        if self.losses:
            lines.append(f"Not carried by all formats: {', '.join(self.losses)}.")
        for written in self.written:
            notes = [*written.report.notes, *(p.reason for p in written.report.problems)]
            lines += [f"{written.path.name}: {note}" for note in notes]
        return "\n".join(lines)


def targets_of(request: ExportRequest, records: Sequence[ImageRecord]) -> list[Target]:
    """The files of an export, each with a name of its own; raises FormatError."""
    codecs = [codec_named(name) for name in request.formats]
    chosen = [r for r in records if not request.images or r.id in request.images]
    return [target for codec in codecs for target in _of_codec(codec, chosen, request.folder)]


def _of_codec(codec: Codec, records: Sequence[ImageRecord], folder: Path) -> Iterator[Target]:
    """The files of one format: for each image one, or one for all, and what goes with them."""
    everything = tuple(record.id for record in records)
    if codec.encode_all and len(records) > 1:
        yield Target(everything, codec.write_all, folder / f"{ALL_IMAGES}{ending(codec)}")
    else:
        names = distinct_names([plane_name(record.name, record.plane) for record in records])
        for record, name in zip(records, names, strict=True):
            yield Target((record.id,), partial(_write_one, codec), folder / (name + ending(codec)))
    for companion in codec.companions:
        yield Target(everything, partial(_write_companion, companion), folder / companion.name)


def _write_one(codec: Codec, path: Path, sets: Sequence[AnnotationSet]) -> Report:
    return codec.write(path, sets[0])


def _write_companion(companion: Companion, path: Path, sets: Sequence[AnnotationSet]) -> Report:
    write_bytes(path, companion.encode(sets))
    return Report(0, 0)


def write_all(
    targets: Sequence[Target],
    request: ExportRequest,
    annotations_of: Callable[[int], AnnotationSet],
    originals: Sequence[Path],
    ticket: Ticket,
) -> ExportReport:
    """Write all targets; one that fails does not stop the others, a cancel leaves no file.

    originals: images, which are never replaced. Raises CannotWrite when nothing can be written.
    """
    report = ExportReport(request.folder, len({i for target in targets for i in target.image_ids}))
    in_the_way = tuple(target.path for target in targets if target.path.exists())
    if in_the_way and not request.overwrite:
        report.existing = in_the_way
        return report
    kept = {path.resolve() for path in originals}
    with _workshop(request.folder) as folder:
        ready: list[tuple[Path, Target, Report]] = []
        for number, target in enumerate(targets):
            ticket.step(number, len(targets), target.path.name)
            try:
                draft = _write(target, Path(folder), annotations_of, kept)
            except CellscribeError as error:
                report.failures.append(str(error).replace(folder, str(request.folder)))
            else:
                ready.append((Path(folder, target.path.name), target, draft))
        ticket.step(len(targets), len(targets), "moving into place")
        for file, target, written in ready:
            try:
                file.replace(target.path)
            except OSError as error:  # open in another program, or a folder
                report.failures.append(f"Cannot replace {target.path}: {reason(error)}.")
            else:
                report.written.append(Written(target.path, written))
    return report


def _write(
    target: Target,
    folder: Path,
    annotations_of: Callable[[int], AnnotationSet],
    kept: set[Path],
) -> Report:
    check_no_image(target.path, kept)
    sets = [annotations_of(image_id) for image_id in target.image_ids]
    return target.write(folder / target.path.name, sets)


def _workshop(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder beside the targets, in which files wait until all are ready."""
    try:
        return tempfile.TemporaryDirectory(prefix=".cellscribe-export-", dir=folder)
    except OSError as error:
        sentence = f"Cannot write into {folder}: {reason(error)}. Choose another folder."
        raise CannotWrite(sentence) from error
