"""Which planes of a file a command works on: --scene, --time and --depth."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from core.errors import CellscribeError, UsageError, printable
from core.formats.naming import plane_name
from core.image.read import ImageFile
from core.image.source import PROJECTION, Plane, Scene

ALL, BRIGHTEST = "all", "max"
_SOME = "N|N,N|N-N|all"
_WORDS = {
    "scene": "scenes",
    "time": "time points",
    "depth": "focal planes",
    "channels": "channels",
}


@dataclass(frozen=True)
class Job:
    """One plane of one file; name: for its results. notes: what was not chosen. files: others that
    are read together with it."""

    path: Path
    plane: Plane
    name: str
    notes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that choose planes."""
    group = parser.add_argument_group(
        "planes of files that have several", "numbers count from 1; the default is the first one"
    )
    meanings = {"scene": "scene, also called series or position", "time": "time point"}
    for name, meaning in meanings.items():
        group.add_argument(f"--{name}", metavar=_SOME, help=meaning)
    group.add_argument(
        "--depth",
        metavar=f"{_SOME}|max",
        help="focal plane (z); max: the brightest value over all of them",
    )


def jobs_of(path: Path, options: argparse.Namespace) -> list[Job]:
    """The chosen planes of a file, all or none; raises UsageError when it does not have them.

    Also what `ImageFile` raises. Names tell all but the first plane of a file apart.
    """
    scenes, jobs = _scenes(path), []
    for number in _chosen("scene", options.scene, len(scenes)):
        scene = scenes[number]
        where = f" in scene {number + 1}" if len(scenes) > 1 else ""
        notes = _not_chosen(scene, len(scenes), options)
        for plane in _planes(scene, number, where, options):
            jobs.append(Job(path, plane, plane_name(path.name, plane), notes, scene.files))
    return jobs


def _scenes(path: Path) -> tuple[Scene, ...]:
    """What is in a file; when it cannot be opened, named as it was given: the engine knows no
    folders, and several may hold a file of this name."""
    try:
        with ImageFile(path) as file:
            return file.scenes
    except CellscribeError as problem:
        name, given = printable(path.name), printable(str(path))
        told = str(problem).replace(f"Cannot open {name}:", f"Cannot open {given}:", 1)
        raise type(problem)(told) from problem


def distinct(jobs: Iterable[Job]) -> list[Job]:
    """Each plane once: also of images that are spread over several files, all of them named."""
    kept: list[Job] = []
    covered: set[Path] = set()
    for job in dict.fromkeys(jobs):
        if job.path.resolve() not in covered:
            kept.append(job)
            covered.update(file.resolve() for file in job.files)
    return kept


def _planes(scene: Scene, number: int, where: str, options: argparse.Namespace) -> Iterator[Plane]:
    times = _chosen("time point", options.time, scene.times, where)
    depths = [PROJECTION if scene.depths > 1 else 0]
    if options.depth != BRIGHTEST:
        depths = _chosen("focal plane", options.depth, scene.depths, where)
    for t, z in product(times, depths):
        yield Plane(number, t, z)


def _chosen(what: str, wish: str | None, count: int, where: str = "") -> list[int]:
    """Numbers from 0, of what is written as 2 or 1,3 or 4-6; None is the first one."""
    if wish is None:
        return [0]
    if wish == ALL:
        return list(range(count))
    numbers: list[int] = []
    for part in wish.split(","):
        first, _, last = part.partition("-")
        ends = [end for end in (first, last or first) if end.isdecimal() and 1 <= int(end) <= count]
        if len(ends) < 2:
            raise UsageError(f"There is no {what} {part!r}{where}: {_offer(what, count)}.")
        numbers += range(int(ends[0]) - 1, int(ends[1]))
    if not numbers:
        raise UsageError(f"There is no {what} {wish!r}: the smaller number comes first.")
    return list(dict.fromkeys(numbers))


def _offer(what: str, count: int) -> str:
    return f"choose 1 to {count}, or all" if count > 1 else f"there is one {what} only"


def _not_chosen(scene: Scene, scenes: int, options: argparse.Namespace) -> tuple[str, ...]:
    """What a person should know of axes that only the first place is taken of, unasked."""
    counts = {
        "scene": scenes,
        "time": scene.times,
        "depth": scene.depths,
        "channels": 1 if scene.is_rgb else len(scene.channels),
    }
    left = [key for key, count in counts.items() if count > 1 and not getattr(options, key)]
    if not left:
        return ()
    first = " and of ".join(f"{counts[key]} {_WORDS[key]}" for key in left)
    wishes = " and ".join(f"--{key}" for key in left)
    return (f"The first of {first} is used; choose others with {wishes}.",)
