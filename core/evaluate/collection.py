"""A collection of images with label images: the folder layout that training and evaluation read.

FOLDER/manifest.csv has one row per image with at least `set`, `name`, `split` and `modality`;
the pixels lie in FOLDER/SET/images/NAME.png and the instances in FOLDER/SET/labels/NAME.png.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import UsageError
from core.image.model import Image
from core.image.read import read_image


@dataclass(frozen=True)
class Sample:
    """One annotated image of a collection; `group` names the field that it was cut from."""

    name: str
    modality: str
    group: str
    image_path: Path
    labels_path: Path

    def image(self) -> Image:
        return read_image(self.image_path)

    def labels(self) -> np.ndarray:
        """The label image (H, W) int32: 0 background, 1..N instances."""
        return np.asarray(read_image(self.labels_path).pixels[..., 0], np.int32)


def read_collection(folder: Path, split: str) -> list[Sample]:
    """The samples of `split` ("train", "val"); raises UsageError that says what is missing."""
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        raise UsageError(f"{folder} has no manifest.csv; name a folder of annotated images.")
    with manifest.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    if not rows:
        raise UsageError(f"{manifest} lists no image of the split {split!r}.")
    return [_sample(folder, row) for row in rows]


def _sample(folder: Path, row: dict[str, str]) -> Sample:
    base = folder / row["set"]
    return Sample(
        row["name"],
        row["modality"],
        row.get("group") or row["name"],
        base / "images" / f"{row['name']}.png",
        base / "labels" / f"{row['name']}.png",
    )
