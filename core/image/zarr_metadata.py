"""What the metadata files of an OME-Zarr folder say; no pixel is read."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import UnreadableImage
from core.image.seen import is_seen_file, is_seen_folder
from core.image.source import Channel, Rgb

MAX_TEXT = 16_000_000  # bytes of a metadata file
MAX_SCENES = 1_000
NAMES = ("zarr.json", ".zattrs", ".zgroup", ".zarray", ".zmetadata")
"""The metadata files of zarr 3 and zarr 2."""
_CUT = "its OME-Zarr metadata is damaged or incomplete; copy it again from its source"
_OLD_AXES = "tczyx"
_MICROMETRES = {
    "angstrom": 1e-4,
    "nanometer": 1e-3,
    "micrometer": 1.0,
    "millimeter": 1e3,
    "centimeter": 1e4,
    "meter": 1e6,
    "inch": 25_400.0,
}
_SECONDS = {"nanosecond": 1e-9, "microsecond": 1e-6, "millisecond": 1e-3, "second": 1.0}
_SECONDS |= {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}


@dataclass(frozen=True)
class Multiscale:
    """An image of the folder: paths of its levels, the largest first, relative to the folder.

    axes: letters in upper case. scales: length of a pixel along each axis, in micrometres or
    seconds, None when no unit is told.
    """

    paths: tuple[str, ...]
    axes: tuple[str, ...]
    scales: dict[str, float | None]
    name: str
    channels: tuple[Channel, ...]


def is_zarr(path: Path) -> bool:
    """Whether a folder has the metadata of a zarr group; its name does not count.

    One that nobody lets us look into is none: whoever opens or lists it says why.
    """
    names = (".zattrs", "zarr.json")
    return is_seen_folder(path) and any(is_seen_file(path / name) for name in names)


def attributes(folder: Path) -> dict[str, Any]:
    """What OME-Zarr says of a group: of version 0.5 in zarr.json, before in .zattrs."""
    if (folder / "zarr.json").is_file():
        told = _json(folder / "zarr.json").get("attributes", {})
        return _mapping(_mapping(told).get("ome", told))
    return _json(folder / ".zattrs")


def multiscales(folder: Path) -> list[Multiscale]:
    """The images of a folder: its own, those of a converted file, or the fields of a plate.

    At most MAX_SCENES + 1. Raises UnreadableImage when there is none.
    """
    found: list[Multiscale] = []
    for group in _groups(folder):
        found += _images(folder, group)
        if len(found) > MAX_SCENES:
            break
    if not found:
        raise UnreadableImage("it is a zarr folder without an OME-Zarr image; choose another one")
    if len({image.name for image in found}) < len(found):  # all of a plate may have one name
        found = [replace(image, name=image.paths[0].rpartition("/")[0]) for image in found]
    return found


def _groups(folder: Path) -> Iterator[str]:
    """The paths of the groups that may hold an image, "" for the folder itself."""
    told = attributes(folder)
    if "multiscales" in told:
        yield ""
    elif "plate" in told:
        for well in _maps(_mapping(told["plate"]).get("wells")):
            path = str(well.get("path", ""))
            fields = _mapping(attributes(inside(folder, path)).get("well"))
            yield from (f"{path}/{f.get('path', '')}" for f in _maps(fields.get("images")))
    else:
        number = 0
        while is_zarr(folder / str(number)):
            yield str(number)
            number += 1


def _images(folder: Path, group: str) -> list[Multiscale]:
    told = attributes(inside(folder, group))
    channels = _channels(_mapping(told.get("omero")))
    return [_image(one, group, channels) for one in _maps(told.get("multiscales"))]


def _image(told: Mapping[str, Any], group: str, channels: tuple[Channel, ...]) -> Multiscale:
    levels = _maps(told.get("datasets"))
    if not levels:
        raise UnreadableImage(_CUT)
    axes, units = _axes(told)
    scale = _scale(levels[0], len(axes))
    for number, factor in enumerate(_scale(told, len(axes))):
        scale[number] *= factor
    prefix = f"{group}/" if group else ""
    return Multiscale(
        tuple(prefix + str(level.get("path", "")) for level in levels),
        axes,
        {
            axis: _length(number * unit if unit else None)
            for axis, number, unit in zip(axes, scale, units, strict=True)
        },
        str(told.get("name") or group).strip("/"),
        channels,
    )


def _axes(told: Mapping[str, Any]) -> tuple[tuple[str, ...], list[float | None]]:
    """Letters, and micrometres or seconds in their units."""
    letters, units = [], []
    for axis in _list(told.get("axes")) or list(_OLD_AXES):
        known = axis if isinstance(axis, dict) else {"name": axis}
        letters.append(str(known.get("name", "")).upper())
        unit = str(known.get("unit", ""))
        units.append((_SECONDS if letters[-1] == "T" else _MICROMETRES).get(unit))
    if len(set(letters)) < len(letters) or not {"X", "Y"} <= set(letters):
        raise UnreadableImage(_CUT)
    return tuple(letters), units


def _scale(told: Mapping[str, Any], count: int) -> list[float]:
    """The factor of each axis; ones when none are told."""
    for transformation in _maps(told.get("coordinateTransformations")):
        scale = _list(transformation.get("scale"))
        if len(scale) == count and all(isinstance(number, int | float) for number in scale):
            return [float(number) for number in scale]
    return [1.0] * count


def _length(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) and number > 0 else None


def _channels(omero: Mapping[str, Any]) -> tuple[Channel, ...]:
    return tuple(
        Channel(str(told.get("label") or ""), _color(str(told.get("color", ""))))
        for told in _maps(omero.get("channels"))
    )


def _color(text: str) -> Rgb | None:
    """RRGGBB; white, the default, says nothing."""
    try:
        color = bytes.fromhex(text.removeprefix("#")[:6])
    except ValueError:
        return None
    return None if len(color) < 3 or len(set(color)) == 1 else (color[0], color[1], color[2])


def inside(folder: Path, path: str) -> Path:
    """A path within the folder; links and steps upwards that lead out of it are refused."""
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise UnreadableImage(
            "its metadata points to files outside of the folder; copy the whole image here"
        )
    return target


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    if path.stat().st_size > MAX_TEXT:
        raise UnreadableImage(_CUT)
    try:
        return _mapping(json.loads(path.read_text("utf-8")))
    except (ValueError, RecursionError) as error:
        raise UnreadableImage(_CUT) from error


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _maps(value: object) -> Sequence[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]
