"""Figures: of an SVG each outline, a path with the number of its object; of a PNG its size."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from core.export.readers.found import Found, Points, Shape, Size, points

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")


def svg(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The paths in the groups of classes."""
    root = ElementTree.parse(path).getroot()
    size = int(root.get("width", "0")), int(root.get("height", "0"))
    shapes = {}
    for group in root.iter(f"{_SVG}g"):
        for drawn in group.findall(f"{_SVG}path"):
            number = drawn.get("id", "").removeprefix("object-")
            if number.isdecimal() and int(number) in shapes:
                raise ValueError(f"object {number} is drawn twice")
            if number.isdecimal():
                rings = tuple(map(_ring, drawn.get("d", "").split("M")[1:]))
                shapes[int(number)] = Shape(rings, label=group.get("data-name", ""))
    return [Found(size, shapes)]


def png(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """Colours of 8 bits, all of which can be decoded."""
    from PIL import Image

    with Image.open(path) as picture:
        if picture.mode != "RGB":
            raise ValueError(f"its pixels are {picture.mode}, not RGB")
        picture.load()
        return [Found(picture.size)]


def _ring(text: str) -> Points:
    return points([float(number) for number in _NUMBER.findall(text)])
