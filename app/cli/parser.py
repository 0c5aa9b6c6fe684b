"""The verbs of the command line and their arguments."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module, metadata
from pathlib import Path

from app.cli import WRONG_INPUT, planes, train_options
from app.cli.spelling import Parser, VerbParser
from core.engine.config import SegmentConfig
from core.errors import Cancelled, CellscribeError


def run_verb(arguments: Sequence[str]) -> int:
    """Parse and carry out; a problem becomes one sentence on stderr and exit code 2."""
    options = build_parser().parse_args(arguments)
    try:
        module = "import_" if options.verb == "import" else options.verb
        return int(import_module(f"app.cli.{module}").run(options))
    except CellscribeError as problem:
        print(f"cellscribe: {problem}", file=sys.stderr)
        return WRONG_INPUT
    except (KeyboardInterrupt, Cancelled):
        print("cellscribe: stopped.", file=sys.stderr)
        return 130


def build_parser() -> argparse.ArgumentParser:
    """The parser with one sub-parser for each verb."""
    parser = Parser(
        prog="cellscribe",
        description="Outline cells in microscope images.",
        epilog="Without a verb, `cellscribe [IMAGE, FOLDER or PROJECT …]` opens the window.",
    )
    parser.add_argument(
        "--version", action="version", version=f"cellscribe {metadata.version('cellscribe')}"
    )
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="VERB", parser_class=VerbParser
    )
    _segment(verbs.add_parser("segment", help="outline the cells of images, write JSON and labels"))
    _export(verbs.add_parser("export", help="write the objects of a project in other formats"))
    _import(verbs.add_parser("import", help="add annotation files to a project"))
    _replay(verbs.add_parser("replay", help="make the model's part of an export again, compare"))
    _models(verbs.add_parser("models", help="list the networks and whether they can run"))
    train_options.add_options(verbs.add_parser("train", help="train a network on annotated images"))
    _evaluate(verbs.add_parser("evaluate", help="score a network on annotated images"))
    _selftest(verbs.add_parser("selftest", help="walk through the window and check each step"))
    return parser


def _segment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="+", type=Path, metavar="IMAGE_OR_FOLDER")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--overwrite", action="store_true", help="replace earlier results")
    planes.add_options(parser)
    _run_settings(parser)


def _run_settings(parser: argparse.ArgumentParser) -> None:
    usual = SegmentConfig()
    parser.add_argument(
        "--model", default=usual.model, help="network to use (default: %(default)s)"
    )
    parser.add_argument(
        "--device",
        default=usual.device,
        help="where the network runs: auto, cpu, cuda, cuda:1, mps (default: %(default)s)",
    )
    group = parser.add_argument_group("settings of the run")
    group.add_argument(
        "--channels",
        default="",
        metavar="N[,N...]",
        help="channels that the network sees, counted from 1; of several the brightest at each "
        "pixel (default: the colours of a colour image, else the first channel)",
    )
    number = partial(group.add_argument, type=float)
    number(
        "--threshold",
        metavar="P",
        help="foreground probability from which a pixel belongs to an object, 0 to 1 "
        "(default: the network's own)",
    )
    number(
        "--separation",
        metavar="S",
        help="higher values split touching objects more readily, 0 to 1 "
        "(default: the network's own)",
    )
    number(
        "--min-confidence",
        metavar="C",
        help="objects less likely than this to be one are left out, 0 to 1; 0 keeps all "
        "(default: the network's own)",
    )
    number(
        "--min-area",
        metavar="PX2",
        default=usual.min_area,
        help="smaller objects are left out, square pixels (default: %(default)g)",
    )
    number(
        "--max-area",
        metavar="PX2",
        help="larger objects are left out, square pixels (default: no limit)",
    )
    number(
        "--fill-holes",
        metavar="PX2",
        default=usual.fill_holes,
        help="holes up to this size become part of their object, square pixels "
        "(default: %(default)g, all stay)",
    )
    group.add_argument(
        "--exclude-border",
        action="store_true",
        help="leave out objects that the edge of the image cuts",
    )
    number(
        "--detail",
        metavar="PX",
        default=usual.detail,
        help="how far an outline may run beside the found edge, pixels; smaller: more vertices "
        "(default: %(default)g)",
    )
    size = group.add_mutually_exclusive_group()
    size.add_argument(
        "--diameter",
        type=float,
        metavar="PX",
        help="size of a typical object, pixels (default: measured in each image)",
    )
    size.add_argument(
        "--diameter-um",
        type=float,
        metavar="UM",
        help="the same in micrometres, for images whose file says its pixel size",
    )


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="PROJECT_OR_JSON", help="a project, or annotations"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument(
        "--format",
        action="append",
        required=True,
        metavar="NAME",
        help="such as json, label-tiff, coco, yolo, geojson; may be repeated",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="FORMAT.NAME=VALUE",
        help="an option of a format; may be repeated",
    )
    parser.add_argument(
        "--images",
        type=Path,
        metavar="FOLDER",
        help="where the images of annotation files are, or below it, for formats with pixels in "
        "them (default: beside each file)",
    )
    parser.add_argument("--reviewed", action="store_true", help="only images that were reviewed")
    parser.add_argument("--overwrite", action="store_true", help="replace earlier files")
    group = parser.add_argument_group("a data set in two parts, train and val")
    group.add_argument("--split", type=float, metavar="SHARE", help="share for validation, 0 to 1")
    group.add_argument("--seed", type=int, default=0, help="another one draws other images")
    group.add_argument(
        "--together",
        choices=("field", "folder", "image"),
        default="field",
        help="what stays in one part: tiles and planes of a field, a folder, or nothing "
        "(default: %(default)s)",
    )


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="a project that no window has open")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--format", metavar="NAME", help="of the files (default: by their ending)")
    parser.add_argument("--image", metavar="NAME", help="for this image (default: by the name)")
    parser.add_argument(
        "--duplicates", action="store_true", help="also take objects that are there already"
    )
    parser.add_argument(
        "--class",
        dest="rename",
        action="append",
        default=[],
        metavar="NAME=CLASS",
        help="a class of the files becomes one of the project; may be repeated",
    )


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("manifest", type=Path, help="manifest.json of an export or of `segment`")
    parser.add_argument(
        "--images", type=Path, help="folder of the images (default: the manifest's)"
    )
    parser.add_argument("--out", type=Path, help="folder for the objects that were made again")
    parser.add_argument("--device", default="auto", help="where the network runs (default: auto)")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=0.0,
        metavar="PX",
        help="how far objects may be off, for other processors (default: not at all)",
    )


def _models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="do not measure the time of a run")
    parser.add_argument("--card", metavar="NAME", help="print the model card of one network")
    parser.add_argument(
        "--write-cards",
        action="store_true",
        help="write README.md of the shipped weights from their manifest (for maintainers)",
    )


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument(
        "--split", default="val", help="which images, as manifest.csv has it (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    _run_settings(parser)


def _selftest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder for window.png and exports")
