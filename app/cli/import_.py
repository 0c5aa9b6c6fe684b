"""`cellscribe import`: the objects of annotation files into a project."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli import WRONG_INPUT
from app.cli.progress import printing_ticket
from app.tasks.importing import AnnotationFile, Choice, Preview, chosen, image_for
from core.annotation.classes import LabelClass
from core.counted import counted
from core.errors import CellscribeError, UsageError
from core.progress import Ticket
from core.project.arrival import import_step
from core.project.records import ImageRecord
from core.project.store import Project


def run(options: argparse.Namespace) -> int:
    """Take the files one by one; a bad one is told and the others go on."""
    problems = 0
    with Project.open(options.project) as project:
        choice = Choice(not options.duplicates, _classes(options.rename, project.classes()))
        ticket = printing_ticket()
        for number, path in enumerate(options.files):
            ticket.step(number, len(options.files), path.name)
            try:
                problems += _import(project, path, options, choice, ticket)
            except CellscribeError as error:
                print(f"cellscribe: {error}", file=sys.stderr)
                problems += 1
    return WRONG_INPUT if problems else 0


def _import(
    project: Project, path: Path, options: argparse.Namespace, choice: Choice, ticket: Ticket
) -> int:
    """Take one file; returns the number of its objects that were refused."""
    records = project.images()
    file = AnnotationFile(path, options.format or "")
    if options.image:
        found = [_named(records, options.image)]
    else:
        found = file.images_for(_by_name(records, path), records)
    if not found:
        raise UsageError(
            f"{path.name} was not read because no image of the project is called like it; name "
            "one with --image."
        )
    return sum(_import_for(project, file, one, choice, ticket) for one in found)


def _import_for(
    project: Project, file: AnnotationFile, record: ImageRecord, choice: Choice, ticket: Ticket
) -> int:
    """The same for one of its images."""
    read = file.preview(record.id, project.annotations(record.id), ticket)
    taken = chosen(read, choice, project.classes(), project.next_class_id())
    if taken.regions:
        step = import_step(
            project.regions(record.id),
            project.classes(),
            project.next_region_id(record.id),
            taken,
            file.path.name,
        )
        project.commit(record.id, step)
        if record.status in ("new", "segmented"):
            project.set_status(record.id, "edited")
    _tell(read, len(taken.regions))
    return read.report.total - read.report.done


def _tell(read: Preview, taken: int) -> None:
    left = read.objects - taken
    there = f", {left:,} there already" if left else ""
    print(f"{read.path.name}: {counted(taken, 'object')} added to {read.image_name}{there}")
    for arrival in read.arrivals:
        kind = "new class" if arrival.is_new else "class"
        print(f"  {kind} {arrival.label_class.name}: {counted(arrival.objects, 'object')}")
    for note in read.report.notes:
        print(f"  {note}", file=sys.stderr)
    for problem in read.report.problems:
        print(f"  object {problem.id}: {problem.reason}", file=sys.stderr)


def _named(records: Sequence[ImageRecord], name: str) -> ImageRecord:
    found = [r for r in records if name in (r.name, r.path, r.title)]
    if len(found) != 1:
        raise UsageError(f"There are {len(found)} images called {name} in the project, not one.")
    return found[0]


def _by_name(records: Sequence[ImageRecord], path: Path) -> ImageRecord | None:
    """The image that the file is called like, else the only one."""
    return image_for(path, records) or (records[0] if len(records) == 1 else None)


def _classes(words: Sequence[str], classes: Sequence[LabelClass]) -> dict[str, int]:
    """From name=name of the project."""
    ids = {c.name: c.id for c in classes}
    becomes = {}
    for word in words:
        name, equals, other = word.partition("=")
        if not equals or other not in ids:
            known = ", ".join(ids)
            raise UsageError(f"--class {word} does not end with a class of the project: {known}.")
        becomes[name] = ids[other]
    return becomes
