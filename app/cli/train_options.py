"""The options of `cellscribe train`."""

import argparse
from functools import partial
from pathlib import Path

from core.models.registry import SPECS
from core.train.settings import RANGES, TrainSettings


def add_options(parser: argparse.ArgumentParser) -> None:
    """Every option with its range and default."""
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with manifest.csv: see README.md"
    )
    parser.add_argument(
        "--network",
        default=TrainSettings.network,
        metavar="NAME",
        help=f"what is trained: {', '.join(SPECS)} (default: %(default)s)",
    )
    parser.add_argument(
        "--from-weights",
        action="store_true",
        help="start from the weights that we ship instead of new ones: do so with few images of "
        "your own, or little time",
    )
    parser.add_argument(
        "--run",
        type=Path,
        metavar="DIR",
        help="folder of checkpoint and curves; what is there is gone on with "
        "(default: runs/NETWORK)",
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="folder of the result, which is called NETWORK there (default: yours, where it is "
        "installed as NETWORK-mine)",
    )
    _numbers(parser)
    parser.add_argument(
        "--emphasis",
        nargs=2,
        action="append",
        default=[],
        metavar=("MODALITY", "FACTOR"),
        help="draw a modality that is hard to learn FACTOR times as often; may be repeated",
    )


def _numbers(parser: argparse.ArgumentParser) -> None:
    whole, share = partial(_number, parser, int, "N"), partial(_number, parser, float, "SHARE")
    whole("crops", "the run ends after so many crops,")
    _number(parser, float, "MIN", "minutes", "or after so many minutes, whichever comes first,")
    whole("batch", "crops in one step; more need more memory,")
    _number(parser, int, "PX", "crop_size", "side of a crop, pixels,")
    share("synthetic", "share of the crops that come from computed scenes,")
    share("variations", "of the usual changes of light; few fit images like yours, many others,")
    _number(parser, float, "RATE", "rate", "highest learning rate,")
    whole("validate_every", "crops between two looks at the validation images,")
    whole("seed", "of the random numbers; another one draws other crops,")


def _number(
    parser: argparse.ArgumentParser, kind: type, metavar: str, name: str, text: str
) -> None:
    low, high = RANGES[name]
    parser.add_argument(
        f"--{name.replace('_', '-')}",
        type=kind,
        default=getattr(TrainSettings, name),
        metavar=metavar,
        help=f"{text} {low:,} to {high:,} (default: %(default)s)",
    )
