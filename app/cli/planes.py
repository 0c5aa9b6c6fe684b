"""Which planes of a file a command works on: --scene, --time and --depth."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from core.errors import UsageError
from core.image.read import ImageFile
from core.image.source import PROJECTION, Plane, Scene

ALL, BRIGHTEST = "all", "max"
_FIRST_OF = "The first of {} planes is used; choose others with --scene, --time and --depth."


@dataclass(frozen=True)
class Job:
    """One plane of one file; name: for its results. notes: what was not chosen."""

    path: Path
    plane: Plane
    name: str
    notes: tuple[str, ...] = ()


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that choose planes."""
    group = parser.add_argument_group(
        "planes of files that have several", "numbers count from 1; the default is the first one"
    )
    meanings = {"scene": "scene, also called series or position", "time": "time point"}
    for name, meaning in meanings.items():
        group.add_argument(f"--{name}", default="1", metavar="N|all", help=meaning)
    group.add_argument(
        "--depth",
        default="1",
        metavar="N|all|max",
        help="focal plane (z); max: the brightest value over all of them",
    )


def jobs_of(path: Path, options: argparse.Namespace) -> Iterator[Job]:
    """The chosen planes of a file; raises UsageError when it does not have them.

    Also what `ImageFile` raises. When several of a file are chosen, names tell them apart.
    """
    with ImageFile(path) as file:
        scenes = file.scenes
    numbers = _chosen("scene", options.scene, len(scenes))
    planes = [plane for n in numbers for plane in _planes(scenes[n], n, options)]
    wishes = {"scene": options.scene, "time": options.time, "depth": options.depth}
    chosen = [key for key, wish in wishes.items() if wish != "1"]
    total = sum(scene.planes for scene in scenes)
    notes = () if chosen or total == 1 else (_FIRST_OF.format(total),)
    for plane in planes:
        yield Job(path, plane, _name(path, plane, chosen), notes)


def _planes(scene: Scene, number: int, options: argparse.Namespace) -> Iterator[Plane]:
    times = _chosen("time point", options.time, scene.times)
    depths = [PROJECTION if scene.depths > 1 else 0]
    if options.depth != BRIGHTEST:
        depths = _chosen("focal plane", options.depth, scene.depths)
    for t, z in product(times, depths):
        yield Plane(number, t, z)


def _chosen(what: str, wish: str, count: int) -> list[int]:
    """Numbers from 0."""
    if wish == ALL:
        return list(range(count))
    if not wish.isdecimal() or not 1 <= int(wish) <= count:
        raise UsageError(f"There is no {what} {wish!r}: choose 1 to {count}, or all.")
    return [int(wish) - 1]


def _name(path: Path, plane: Plane, chosen: list[str]) -> str:
    """The name of the file with the numbers of what was chosen before its ending."""
    z = BRIGHTEST if plane.is_projection else str(plane.z + 1)
    marks = {"scene": f"_s{plane.scene + 1}", "time": f"_t{plane.t + 1}", "depth": f"_z{z}"}
    return path.stem + "".join(marks[key] for key in chosen) + path.suffix
