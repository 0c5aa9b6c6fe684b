"""`cellscribe export`: the objects of a project, or of annotation files, in other formats."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli import WRONG_INPUT
from app.cli.export_images import AnnotatedFile, images_for
from app.cli.folders import refuse_existing
from app.cli.manifest import is_manifest
from app.cli.out_folder import kept_when_filled
from app.cli.progress import printing_ticket
from core.annotation.annotation_set import AnnotationSet
from core.counted import counted
from core.errors import CellscribeError, UsageError
from core.export.plan import targets_of
from core.export.record import ExportReport
from core.export.request import ExportRequest, Split
from core.export.source import ProjectSource, SetSource, Source
from core.export.writing import write_all
from core.formats import codec_named, readers_of
from core.project.locate import SUFFIX
from core.project.records import ImageRecord
from core.project.store import Project


def run(options: argparse.Namespace) -> int:
    """Write the files and their certificate; 2 when something is not as it should be."""
    codecs = [codec_named(name) for name in options.format]
    split = Split(options.split, options.seed, options.together) if options.split else None
    wanted = ExportRequest(
        options.out,
        tuple(options.format),
        overwrite=options.overwrite,
        options=_options(options.option, options.format),
        split=split,
    )
    if options.inputs[0].suffix == SUFFIX:
        if len(options.inputs) > 1:
            raise UsageError("Export one project at a time.")
        if options.images:
            raise UsageError("--images is for files of annotations: a project knows its images.")
        with Project.open(options.inputs[0], read_only=True) as project:
            records = project.images()
            if options.reviewed:
                records = [r for r in records if r.status == "reviewed"]
            return _export(wanted, records, ProjectSource(project))
    read = ((path, _read(path)) for path in options.inputs)
    files = dict(enumerate((AnnotatedFile(path, found) for path, found in read if found), 1))
    images = images_for(files, options.images, codecs)
    source = SetSource({number: file.annotations for number, file in files.items()}, images)
    return _export(wanted, source.records, source)


def _export(wanted: ExportRequest, records: Sequence[ImageRecord], source: Source) -> int:
    if not records:
        raise UsageError("There is no image to export.")
    targets = targets_of(wanted, records)
    with kept_when_filled(wanted.folder):
        report = write_all(targets, wanted, records, source, printing_ticket())
    refuse_existing(report.existing)
    return _told(report)


def _told(report: ExportReport) -> int:
    for record in report.files:
        objects = counted(record.expected, "object")
        count = "" if record.found is None else f", {record.found:,} of {objects}"
        print(f"{record.name}: {record.verdict}{count}")
    for line in str(report).splitlines():
        print(line, file=sys.stdout if report.is_good else sys.stderr)
    return 0 if report.is_good else WRONG_INPUT


def _read(path: Path) -> AnnotationSet | None:
    """What is in a file of annotations that says how large its image is; None for a manifest,
    which `*.json` also names."""
    refusals: list[CellscribeError] = []
    for codec in readers_of(path):
        try:
            return codec.read(path).annotations
        except CellscribeError as error:
            refusals.append(error)
    if is_manifest(path):
        print(f"{path} is a manifest without outlines and was left out.", file=sys.stderr)
        return None
    if refusals:
        raise refusals[0]
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name what is in it, such as {_example(path)}.")
    raise UsageError(f"{path} is neither a project ({SUFFIX}) nor a file of annotations.")


def _example(folder: Path) -> Path:
    """What a person may have meant: its project, else its files of annotations."""
    return min(folder.glob(f"*{SUFFIX}"), default=folder / "*.json")


def _options(words: Sequence[str], formats: Sequence[str]) -> dict[str, dict[str, str]]:
    """From format.option=value, of the chosen formats alone."""
    chosen: dict[str, dict[str, str]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        codec, dot, option = name.partition(".")
        if not equals or not dot:
            raise UsageError(f"--option {word} is not of the kind FORMAT.NAME=VALUE.")
        if codec not in formats:
            names = ", ".join(formats)
            raise UsageError(f"--option {word} is for none of the chosen formats: {names}.")
        chosen.setdefault(codec, {})[option] = value
    return chosen
