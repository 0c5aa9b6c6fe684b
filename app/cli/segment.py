"""`cellscribe segment`: outline the cells of images; a JSON and a label image for each."""

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from app.cli import WRONG_INPUT
from app.cli.folders import refuse_existing
from app.cli.manifest import entry_of, write_manifest
from app.cli.measured_size import size_note
from app.cli.out_folder import kept_when_filled
from app.cli.planes import Job, distinct, jobs_of
from app.cli.progress import printing_ticket
from app.cli.settings import run_settings
from app.cli.summary import SUMMARY, Row, write_summary
from app.settings.run import RunSettings
from app.tasks.problems import sentence_for
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.counted import counted
from core.engine.result import SegmentationResult
from core.errors import Cancelled, CellscribeError
from core.export.plan import MANIFEST, result_names
from core.files import check_writable
from core.formats import codec_named
from core.formats.naming import check_no_image, ending
from core.image.folder import list_images
from core.image.model import Image
from core.image.read import read_image
from core.image.seen import is_seen_folder
from core.image.zarr_metadata import is_zarr
from core.progress import Ticket
from core.weights import find_network, read_weights

FORMATS = ("json", "label-tiff")


def run(options: argparse.Namespace) -> int:
    """Segment every input; a bad one is reported and the others go on."""
    settings = run_settings(options)
    read_weights(find_network(settings.config.model))
    with kept_when_filled(options.out) as folder:
        check_writable(folder, "--out")
        rows = _rows(options, folder, settings)
    print(_closing(rows, folder))
    for row in rows:
        if row.problem:
            print(f"cellscribe: {_problem(row)}", file=sys.stderr)
    return WRONG_INPUT if any(row.problem for row in rows) else 0


def _rows(options: argparse.Namespace, folder: Path, settings: RunSettings) -> list[Row]:
    """Write the results and what there is to say of them all; nothing where nothing went well."""
    jobs, problems = _jobs(options)
    targets = _targets(jobs, folder)
    if jobs and not options.overwrite:  # before anything is segmented in vain
        paths = [*(t for of in targets for t in of.values()), folder / SUMMARY, folder / MANIFEST]
        refuse_existing([path for path in paths if path.exists()])
    originals = {job.path.resolve() for job in jobs}
    rows: list[Row] = []
    names = Counter([*(job.name for job in jobs), *(path.name for path, _ in problems)])
    for job, of in zip(jobs, targets, strict=True):
        title = _title(job.path, job.name, names)
        ticket = printing_ticket(title if len(jobs) > 1 else "")
        rows.append(_segment_one(job, title, of, originals, settings, ticket))
        print(_line(rows[-1]), flush=True)
    rows += [Row(p, _title(p, p.name, names), problem=text) for p, text in problems]
    if any(row.entry for row in rows):  # else the table would stand in the way of another try
        write_summary(folder, rows)
        _write_manifest(folder, rows, targets)
    return rows


def _jobs(options: argparse.Namespace) -> tuple[list[Job], list[tuple[Path, str]]]:
    """The planes of the images named or contained, each once, and what is wrong with the rest."""
    jobs: list[Job] = []
    problems: list[tuple[Path, str]] = []
    waiting = list(options.inputs)
    while waiting:
        path = waiting.pop(0)
        try:
            if is_seen_folder(path) and not is_zarr(path):
                waiting[:0] = list_images(path)
            else:
                jobs += jobs_of(path, options)
        except CellscribeError as problem:
            problems.append((path, str(problem)))
    return distinct(jobs), problems


def _targets(jobs: Sequence[Job], folder: Path) -> list[dict[str, Path]]:
    """For each plane the file of each format."""
    endings = {name: ending(codec_named(name)) for name in FORMATS}
    return [
        {codec: folder / (name + end) for codec, end in endings.items()}
        for name in result_names([job.name for job in jobs])
    ]


def _title(path: Path, name: str, names: Mapping[str, int]) -> str:
    """What an input is called on the screen: with its folder where several have its name."""
    return name if names[name] == 1 else str(path.parent / name)


def _segment_one(
    job: Job,
    title: str,
    targets: dict[str, Path],
    originals: Collection[Path],
    settings: RunSettings,
    ticket: Ticket,
) -> Row:
    """Write the results of one plane; what goes wrong with it is in its row.

    title: its name on the screen.
    """
    from core.engine.segment import segment

    path = job.path
    try:
        for target in targets.values():
            check_no_image(target, originals)
        image = read_image(path, job.plane)
        _tell(title, *image.notes, *job.notes)
        config = settings.for_image(image.name, image.pixel_size_um)
        result = segment(image, config, ticket)
        if config.diameter is None:
            _tell(title, size_note(result.maps))
        annotations = annotation_set(image, result)
        for codec, target in targets.items():
            codec_named(codec).write(target, annotations, overwrite=True)
    except Cancelled:
        raise
    except CellscribeError as problem:
        return Row(path, title, problem=str(problem))
    except Exception as error:
        return Row(path, title, problem=f"{title}: {sentence_for(error)}")
    area = sum(region.area for region in result.regions)
    seconds = result.processing_time_ms / 1000
    diameter = result.maps.diameter
    count = len(result.regions)
    facts = (path, title, count, area, result.confidence, diameter, seconds)
    entry, output = entry_of(image, annotations, result), targets["json"].name
    return Row(*facts, plane=job.plane, entry=entry, output=output)


def _tell(title: str, *notes: str) -> None:
    for note in filter(None, notes):
        print(f"{title}: {note}", file=sys.stderr)


def annotation_set(image: Image, result: SegmentationResult) -> AnnotationSet:
    """What the codecs write of a run without a project."""
    threshold = result.config.threshold
    assert threshold is not None
    return AnnotationSet(
        image_name=image.name,
        width=image.width,
        height=image.height,
        regions=result.regions,
        pixel_size_um=image.pixel_size_um,
        content_hash=image.content_hash,
        run=RunInfo(result.maps.model, threshold, result.processing_time_ms),
        t=image.plane.t,
        z=image.plane.z,
        scene=image.plane.scene,
    )


def _line(row: Row) -> str:
    if row.problem:
        return f"{row.name}: failed"
    sure = "" if row.confidence is None else f", confidence {row.confidence:.2f}"
    return f"{row.name}: {counted(row.objects, 'object')}{sure}, {row.seconds:.1f} s"


def _problem(row: Row) -> str:
    """What went wrong, with the place of the input where its name alone does not tell it."""
    is_told = row.name == row.path.name or row.name in row.problem
    return row.problem if is_told else f"{row.name}: {row.problem}"


def _closing(rows: Sequence[Row], folder: Path) -> str:
    failed = sum(bool(row.problem) for row in rows)
    if failed == len(rows):
        return f"Nothing was segmented; {failed} failed"
    objects = counted(sum(row.objects for row in rows), "object")
    text = f"{objects} in {counted(len(rows) - failed, 'image')}, written to {folder}"
    return f"{text}; {failed} failed" if failed else text


def _write_manifest(
    folder: Path, rows: Sequence[Row], targets: Sequence[Mapping[str, Path]]
) -> None:
    """How the results came about, of those that there are; a row has the place of its targets."""
    done = [(row.entry, of) for row, of in zip(rows, targets, strict=False) if row.entry]
    files = {path: name for _, of in done for name, path in of.items()}
    write_manifest(folder, [entry for entry, _ in done], files)
