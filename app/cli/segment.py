"""`cellscribe segment`: outline the cells of images; a JSON and a label image for each."""

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli import WRONG_INPUT
from app.cli.progress import printing_ticket
from app.cli.settings import segment_config
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult
from core.errors import CannotWrite, CellscribeError
from core.files import write_bytes
from core.formats import CODECS
from core.formats.base import Codec
from core.image.folder import list_images
from core.image.model import Image
from core.image.read import read_image
from core.weights import find_network, read_weights

FORMATS = {"json": ".json", "label-tiff": "_labels.tif"}
SUMMARY = "summary.csv"


@dataclass(frozen=True)
class Row:
    """What became of one input; `problem` is empty when all went well."""

    path: Path
    objects: int = 0
    area: float = 0.0
    confidence: float | None = None
    seconds: float = 0.0
    problem: str = ""


def run(options: argparse.Namespace) -> int:
    """Segment every input; a bad one is reported and the others go on."""
    config = segment_config(options)
    read_weights(find_network(config.model))
    folder = _writable(options.out)
    rows: list[Row] = []
    inputs, problems = _inputs(options.inputs)
    names = _names(inputs)
    for path in inputs:
        rows.append(_segment_one(path, folder / names[path], config, options.overwrite))
        print(_line(rows[-1]), flush=True)
    rows += [Row(path, problem=text) for path, text in problems]
    _write_summary(folder / SUMMARY, rows)
    print(_closing(rows, folder))
    for row in rows:
        if row.problem:
            print(f"cellscribe: {row.problem}", file=sys.stderr)
    return WRONG_INPUT if any(row.problem for row in rows) else 0


def _inputs(given: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The images named or contained, each once, and what is wrong with the rest."""
    paths: list[Path] = []
    problems: list[tuple[Path, str]] = []
    for path in given:
        try:
            paths += list_images(path) if path.is_dir() else [path]
        except CellscribeError as problem:
            problems.append((path, str(problem)))
    return list(dict.fromkeys(paths)), problems


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """A name for the results of each input: its stem, longer where two inputs would share it."""
    stems = Counter(path.stem for path in paths)
    names = {path: path.stem if stems[path.stem] == 1 else path.name for path in paths}
    often = Counter(names.values())
    return {
        path: name if often[name] == 1 else f"{path.parent.name}_{name}"
        for path, name in names.items()
    }


def _writable(folder: Path) -> Path:
    """The folder for results, made when it is not there; refused at once when it is read-only."""
    probe = folder / ".cellscribe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotWrite(f"Cannot write into {folder}: {reason}. Choose another --out.") from error
    return folder


def _segment_one(path: Path, target: Path, config: SegmentConfig, overwrite: bool) -> Row:
    from core.engine.segment import segment

    try:
        for suffix in FORMATS.values():
            _refuse_existing(target.with_name(target.name + suffix), overwrite)
        image = read_image(path)
        for note in image.notes:
            print(f"{path.name}: {note}", file=sys.stderr)
        result = segment(image, config, printing_ticket())
        _write(image, result, target, overwrite)
    except CellscribeError as problem:
        return Row(path, problem=str(problem))
    area = sum(region.area for region in result.regions)
    seconds = result.processing_time_ms / 1000
    return Row(path, len(result.regions), area, result.confidence, seconds)


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise CannotWrite(f"{path} exists already: choose another --out, or add --overwrite.")


def _write(image: Image, result: SegmentationResult, target: Path, overwrite: bool) -> None:
    """The result of one image in every format of FORMATS."""
    codecs: dict[str, Codec] = {codec.name: codec for codec in CODECS}
    annotations = annotation_set(image, result)
    for name, suffix in FORMATS.items():
        codecs[name].write(target.with_name(target.name + suffix), annotations, overwrite)


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
    )


def _line(row: Row) -> str:
    if row.problem:
        return f"{row.path.name}: failed"
    sure = "" if row.confidence is None else f", confidence {row.confidence:.2f}"
    return f"{row.path.name}: {row.objects} objects{sure}, {row.seconds:.1f} s"


def _closing(rows: Sequence[Row], folder: Path) -> str:
    failed = sum(bool(row.problem) for row in rows)
    objects = sum(row.objects for row in rows)
    text = f"{objects} objects in {len(rows) - failed} images, written to {folder}"
    return f"{text}; {failed} failed" if failed else text


def _write_summary(path: Path, rows: Sequence[Row]) -> None:
    """A table of all inputs, also of those that failed; replaced by the next run."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["image", "objects", "total_area_px2", "mean_area_px2", "confidence", "seconds", "problem"]
    )
    for row in rows:
        mean = f"{row.area / row.objects:.2f}" if row.objects else ""
        sure = "" if row.confidence is None else f"{row.confidence:.4f}"
        table.writerow(
            [
                row.path,
                row.objects,
                f"{row.area:.2f}",
                mean,
                sure,
                f"{row.seconds:.3f}",
                row.problem,
            ]
        )
    write_bytes(path, text.getvalue().encode())
