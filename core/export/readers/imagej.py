"""ROIs, read with roifile."""

import json
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from core.export.readers.found import Found, Shape, Size, points


def rois(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The ROIs of a zip; their names are the numbers."""
    from roifile import ImagejRoi

    shapes = {}
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            roi = ImagejRoi.frombytes(archive.read(entry))
            rings = [np.asarray(ring, np.float64) for ring in roi.coordinates(multi=True)]
            shapes[int(roi.name)] = Shape(tuple(map(points, rings)), label=_label(roi.props))
        told = json.loads(archive.comment or b"null")
    return [Found((told["width"], told["height"]) if told else None, shapes)]


def _label(properties: str | None) -> str:
    """The class, in Java's notation of letters that are not ASCII."""
    lines = (properties or "").splitlines()
    text = next((line[6:].strip() for line in lines if line.startswith("class:")), "")
    units = text.encode("latin-1").decode("unicode_escape").encode("utf-16-be", "surrogatepass")
    return units.decode("utf-16-be", "replace")
