"""`cellscribe replay`: make the model's part of an export again and compare."""

import argparse
import sys
from pathlib import Path

from app.cli import WRONG_INPUT
from app.cli.folders import made
from app.cli.progress import printing_ticket
from app.cli.settings import check_device
from core.counted import counted
from core.export.manifest import read_manifest
from core.export.plan import result_names
from core.export.replay import Rebuilt, changed_files, replay
from core.formats import codec_named
from core.formats.naming import ending, plane_name


def run(options: argparse.Namespace) -> int:
    """Print a line for each image and a sentence for each difference; 0 when there is none."""
    check_device(options.device)
    manifest = read_manifest(options.manifest)
    beside = options.manifest.parent
    differences = list(changed_files(manifest, beside))
    images = options.images or beside
    names = result_names([plane_name(image.name, image.place) for image in manifest.images])
    of_runs = [name for name, image in zip(names, manifest.images, strict=True) if image.runs]
    ticket = printing_ticket()
    made = replay(manifest, images, options.device, options.tolerance, ticket)
    compared = same = 0
    for rebuilt, name in zip(made, of_runs, strict=True):
        compared, same = compared + rebuilt.compared, same + rebuilt.same
        differences += rebuilt.differences
        print(_line(rebuilt), flush=True)
        if options.out and rebuilt.annotations:
            _write(rebuilt, options.out, name)
    again = counted(compared, "object")
    print(f"{again} of networks made again, {same:,} of them the same to the last digit")
    for sentence in differences:
        print(f"cellscribe: {sentence}", file=sys.stderr)
    return WRONG_INPUT if differences else 0


def _line(rebuilt: Rebuilt) -> str:
    if rebuilt.annotations is None:
        return f"{rebuilt.name}: not made again"
    text = f"{rebuilt.name}: {rebuilt.same:,} of {counted(rebuilt.compared, 'object')} the same"
    return text if not rebuilt.differences else f"{text}; see below"


def _write(rebuilt: Rebuilt, folder: Path, name: str) -> None:
    """The rebuilt objects as our own JSON."""
    assert rebuilt.annotations is not None
    codec = codec_named("json")
    codec.write(made(folder) / (name + ending(codec)), rebuilt.annotations, overwrite=True)
