"""Names for the files of results, which never meet each other or the images."""

from collections.abc import Collection, Iterator, Sequence
from itertools import count
from pathlib import Path

from core.errors import CannotWrite
from core.formats.base import Codec
from core.image.source import Plane


def ending(codec: Codec) -> str:
    """What a file of this format adds to the name of its image, such as _labels.tif."""
    return codec.tag + codec.suffixes[0]


def plane_name(name: str, plane: Plane) -> str:
    """The name of a file with what tells a plane from the first one before its ending.

    The first scene, time point and focal plane have no number, so that a plane is called the same
    whatever else is chosen: by `segment`, by an export, and by an import that looks for its image.
    """
    z = "max" if plane.is_projection else plane.z + 1
    marks = (
        (plane.scene, f"_s{plane.scene + 1}"),
        (plane.t, f"_t{plane.t + 1}"),
        (plane.z, f"_z{z}"),
    )
    path = Path(name)
    stem = path.stem.removesuffix(".ome")
    told = "".join(mark for number, mark in marks if number)
    return stem + told + path.name.removeprefix(stem)


def distinct_names(images: Sequence[str]) -> list[str]:
    """A name for the results of each image: its stem, longer where two would share it.

    Upper and lower case do not tell names apart, as on the disks of many computers.
    """
    taken: set[str] = set()
    names = []
    for image in images:
        name = next(n for n in _candidates(image) if n.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _candidates(image: str) -> Iterator[str]:
    stem = Path(image).stem.removesuffix(".ome") or image
    yield from (stem, image)
    yield from (f"{stem}-{number}" for number in count(2))


def check_no_image(path: Path, images: Collection[Path]) -> None:
    """Raise CannotWrite for the path of an image; images: resolved."""
    if path.resolve() in images:
        raise CannotWrite(
            f"{path.name} was not written because it is the name of an image; choose another "
            "folder."
        )
