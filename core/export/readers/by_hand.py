"""Formats made of text, read with what Python has."""

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.export.readers.found import Found, Points, Shape, Size, points


def native(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """Our own JSON."""
    data = _load(path)
    shapes = {
        polygon["label"]: Shape(
            (_xy(polygon["points"]), *map(_xy, polygon.get("holes", []))),
            label=str(polygon.get("class", "")),
        )
        for polygon in data["polygons"]
    }
    return [Found(_size(data["image"]), shapes)]


def geojson(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """A collection of features; their names are the numbers."""
    data = _load(path)
    shapes = {
        int(feature["properties"]["name"]): Shape(
            tuple(map(points, feature["geometry"]["coordinates"])),
            label=feature["properties"].get("classification", {}).get("name", ""),
        )
        for feature in data["features"]
    }
    told = data.get("cellscribe", {}).get("image")
    return [Found(_size(told) if told else None, shapes)]


def labelme(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """Polygons and masks; shapes of one number are parts of one object."""
    data = _load(path)
    shapes: dict[int, Shape] = {}
    for place, drawn in enumerate(data["shapes"], 1):
        number = drawn.get("cellscribe", {}).get("label", place)
        shape = _labelme_shape(drawn)
        if known := shapes.get(number):
            shape = Shape((*known.rings, *shape.rings), label=shape.label)
        shapes[number] = shape
    return [Found((data["imageWidth"], data["imageHeight"]), shapes)]


def yolo(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """A line for each object: nothing but a class and pairs of fractions is accepted."""
    shapes = {}
    for place, line in enumerate(path.read_text("ascii").splitlines(), 1):
        label, *fractions = line.split(" ")
        values = np.array([float(text) for text in fractions])
        if not label.isdecimal() or len(values) < 6 or not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"line {place} is not a class and fractions")
        shapes[place] = Shape((points(values.reshape(-1, 2) * sizes[0]),))
    return [Found(None, shapes, in_order=True)]


def class_list(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """classes.json beside masks: values count from 1."""
    return [_classes({row["value"]: row["name"] for row in _load(path)["classes"]}, first=1)]


def class_names(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """data.yaml beside label files: numbers count from 0."""
    import yaml

    return [_classes(yaml.safe_load(path.read_text("utf-8"))["names"], first=0)]


def _classes(names: dict[int, str], first: int) -> Found:
    """Numbers without a gap."""
    return Found(classes=tuple(names[number] for number in range(first, first + len(names))))


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _size(told: dict[str, Any]) -> Size:
    return told["width"], told["height"]


def _xy(pairs: list[dict[str, float]]) -> Points:
    return points([(pair["x"], pair["y"]) for pair in pairs])


def _labelme_shape(drawn: dict[str, Any]) -> Shape:
    if drawn["shape_type"] != "mask":
        return Shape((points(drawn["points"]),), label=drawn["label"])
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(drawn["mask"]))) as picture:
        mask = np.asarray(picture) > 0
    x0, y0 = (int(value) for value in drawn["points"][0])
    return Shape(mask=mask, corner=(y0, x0), label=drawn["label"])
