"""`cellscribe segment`: outline the cells of images; a JSON and a label image for each."""

import argparse
import csv
import io
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli import WRONG_INPUT
from app.cli.folders import cannot_write_into, made, refuse_existing
from app.cli.manifest import entry_of, write_manifest
from app.cli.planes import Job, distinct, jobs_of
from app.cli.progress import printing_ticket
from app.cli.settings import run_settings
from app.settings.run import RunSettings
from app.tasks.problems import sentence_for
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.engine.result import SegmentationResult
from core.errors import Cancelled, CellscribeError
from core.export.manifest import ManifestImage
from core.export.plan import MANIFEST, result_names
from core.files import write_bytes
from core.formats import codec_named
from core.formats.naming import check_no_image, ending
from core.image.folder import list_images
from core.image.model import Image
from core.image.read import read_image
from core.image.source import FIRST, Plane
from core.image.zarr_metadata import is_zarr
from core.weights import find_network, read_weights

FORMATS = ("json", "label-tiff")
SUMMARY = "summary.csv"
COLUMNS = (
    "image",
    "objects",
    "total_area_px2",
    "mean_area_px2",
    "confidence",
    "diameter_px",
    "seconds",
    "problem",
    "plane",
)


@dataclass(frozen=True)
class Row:
    """What became of one input; `problem` is empty when all went well.

    diameter: of a typical object in pixels, as it was measured or given. entry: for the manifest.
    """

    path: Path
    name: str
    objects: int = 0
    area: float = 0.0
    confidence: float | None = None
    diameter: float | None = None
    seconds: float = 0.0
    problem: str = ""
    plane: Plane = FIRST
    entry: ManifestImage | None = None


def run(options: argparse.Namespace) -> int:
    """Segment every input; a bad one is reported and the others go on."""
    settings = run_settings(options)
    read_weights(find_network(settings.config.model))
    folder = _writable(options.out)
    rows: list[Row] = []
    jobs, problems = _jobs(options)
    targets = _targets(jobs, folder)
    if not options.overwrite:  # before anything is segmented in vain
        paths = [*(t for of in targets for t in of.values()), folder / SUMMARY, folder / MANIFEST]
        refuse_existing([path for path in paths if path.exists()])
    originals = {job.path.resolve() for job in jobs}
    for job, of in zip(jobs, targets, strict=True):
        rows.append(_segment_one(job, of, originals, settings))
        print(_line(rows[-1]), flush=True)
    rows += [Row(path, path.name, problem=text) for path, text in problems]
    _write_summary(folder / SUMMARY, rows)
    _write_manifest(folder, rows, targets)
    print(_closing(rows, folder))
    for row in rows:
        if row.problem:
            print(f"cellscribe: {row.problem}", file=sys.stderr)
    return WRONG_INPUT if any(row.problem for row in rows) else 0


def _jobs(options: argparse.Namespace) -> tuple[list[Job], list[tuple[Path, str]]]:
    """The planes of the images named or contained, each once, and what is wrong with the rest."""
    jobs: list[Job] = []
    problems: list[tuple[Path, str]] = []
    waiting = list(options.inputs)
    while waiting:
        path = waiting.pop(0)
        try:
            if path.is_dir() and not is_zarr(path):
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


def _writable(folder: Path) -> Path:
    """The folder for results, made when it is not there; refused at once when it is read-only."""
    probe = made(folder) / ".cellscribe"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise cannot_write_into(folder, error) from error
    return folder


def _segment_one(
    job: Job,
    targets: dict[str, Path],
    originals: Collection[Path],
    settings: RunSettings,
) -> Row:
    """Write the results of one plane; what goes wrong with it is in its row."""
    from core.engine.segment import segment

    path = job.path
    try:
        for target in targets.values():
            check_no_image(target, originals)
        image = read_image(path, job.plane)
        for note in (*image.notes, *job.notes):
            print(f"{job.name}: {note}", file=sys.stderr)
        config = settings.for_image(image.name, image.pixel_size_um)
        result = segment(image, config, printing_ticket())
        annotations = annotation_set(image, result)
        for codec, target in targets.items():
            codec_named(codec).write(target, annotations, overwrite=True)
    except Cancelled:
        raise
    except CellscribeError as problem:
        return Row(path, job.name, problem=str(problem))
    except Exception as error:
        return Row(path, job.name, problem=f"{job.name}: {sentence_for(error)}")
    area = sum(region.area for region in result.regions)
    seconds = result.processing_time_ms / 1000
    diameter = result.maps.diameter
    count = len(result.regions)
    facts = (path, job.name, count, area, result.confidence, diameter, seconds)
    return Row(*facts, plane=job.plane, entry=entry_of(image, annotations, result))


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
    )


def _line(row: Row) -> str:
    if row.problem:
        return f"{row.name}: failed"
    sure = "" if row.confidence is None else f", confidence {row.confidence:.2f}"
    return f"{row.name}: {row.objects} objects{sure}, {row.seconds:.1f} s"


def _closing(rows: Sequence[Row], folder: Path) -> str:
    failed = sum(bool(row.problem) for row in rows)
    objects = sum(row.objects for row in rows)
    text = f"{objects} objects in {len(rows) - failed} images, written to {folder}"
    return f"{text}; {failed} failed" if failed else text


def _write_summary(path: Path, rows: Sequence[Row]) -> None:
    """A table of all inputs, also of those that failed; replaced by the next run."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(map(_cells, rows))
    write_bytes(path, text.getvalue().encode())


def _write_manifest(
    folder: Path, rows: Sequence[Row], targets: Sequence[Mapping[str, Path]]
) -> None:
    """How the results came about, of those that there are; a row has the place of its targets."""
    done = [(row.entry, of) for row, of in zip(rows, targets, strict=False) if row.entry]
    files = {path: name for _, of in done for name, path in of.items()}
    write_manifest(folder, [entry for entry, _ in done], files)


def _cells(row: Row) -> tuple[object, ...]:
    """What stands in the columns of one row."""
    mean = f"{row.area / row.objects:.2f}" if row.objects else ""
    sure = "" if row.confidence is None else f"{row.confidence:.4f}"
    size = "" if row.diameter is None else f"{row.diameter:.1f}"
    area, seconds = f"{row.area:.2f}", f"{row.seconds:.3f}"
    plane = row.plane.label()
    return row.path, row.objects, area, mean, sure, size, seconds, row.problem, plane
