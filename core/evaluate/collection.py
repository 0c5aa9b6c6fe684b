"""A collection of images with label images: the folder layout that training and evaluation read.

FOLDER/manifest.csv has one row per image with at least `set`, `name`, `split` and `modality`;
the pixels lie in FOLDER/SET/images/NAME.png and the instances in FOLDER/SET/labels/NAME.png.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from core.errors import CellscribeError, UsageError, printable, reason
from core.image.model import Image
from core.image.read import read_image
from core.progress import Ticket

COLUMNS = ("set", "name", "split", "modality")


@dataclass(frozen=True)
class Sample:
    """One annotated image of a collection; `group` names the field that it was cut from.

    A file that cannot be read raises an error with its whole path: both have the same name.
    """

    name: str
    modality: str
    group: str
    image_path: Path
    labels_path: Path

    def image(self) -> Image:
        return _read(self.image_path)

    def labels(self) -> np.ndarray:
        """The label image (H, W) int32: 0 background, 1..N instances; raises UsageError for one
        in colour."""
        pixels = _read(self.labels_path).pixels
        if pixels.shape[2] > 1:
            raise UsageError(
                f"{self.labels_path} is a colour image; save it with one channel, 0 for the "
                "background and 1 to N for the objects."
            )
        return np.asarray(pixels[..., 0], np.int32)


def check_samples(samples: Sequence[Sample], ticket: Ticket) -> None:
    """Read all of them: what is wrong with one is told before a long run, not in its midst.

    Raises UsageError for labels of another size than their image, and when there is no object in
    any of the images.
    """
    has_objects = False
    for i, sample in enumerate(samples):
        labels = sample.labels()
        _refuse_other_size(sample, labels.shape)
        has_objects |= bool(labels.any())
        ticket.step(i + 1, len(samples), "checking images")
    if not has_objects:
        raise UsageError(
            f"There is no object in {samples[0].labels_path} or any other label image of the "
            "split; write 1 to N where the objects are."
        )


def read_collection(folder: Path, split: str) -> list[Sample]:
    """The samples of `split` ("train", "val"); raises UsageError that says what is missing."""
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        raise UsageError(f"{folder} has no manifest.csv; name a folder of annotated images.")
    rows = _rows(manifest)
    samples = [_sample(folder, row) for row in rows if row["split"] == split]
    if not samples:
        there = ", ".join(sorted({repr(row["split"]) for row in rows})) or "none"
        raise UsageError(f"{manifest} lists no image of the split {split!r}; it has {there}.")
    _refuse_missing(samples, manifest)
    return samples


def _rows(manifest: Path) -> list[dict[str, str]]:
    """The rows as spreadsheets write them: with commas, semicolons or tabs."""
    text = _text(manifest)
    first = next(iter(text.splitlines()), "")
    separator = max(",;\t", key=first.count)
    table = csv.DictReader(StringIO(text, newline=""), delimiter=separator, restval="", strict=True)
    try:
        rows = list(table)
    except csv.Error as error:
        raise UsageError(
            f"{manifest} cannot be read as a table ({error}); close or delete the quotation mark "
            f"in line {table.line_num} or above."
        ) from error
    lacking = [repr(name) for name in COLUMNS if name not in (table.fieldnames or ())]
    if lacking:
        raise UsageError(
            f"{manifest} lacks the columns {', '.join(lacking)}; its first line must name "
            f"{', '.join(COLUMNS)}."
        )
    return rows


def _text(manifest: Path) -> str:
    """UTF-8 with or without a byte-order mark, else what older spreadsheets write."""
    try:
        data = manifest.read_bytes()
    except OSError as error:
        raise UsageError(f"Cannot read {manifest}: {reason(error)}; check its rights.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _sample(folder: Path, row: dict[str, str]) -> Sample:
    base = folder / row["set"]
    return Sample(
        row["name"],
        row["modality"],
        row.get("group") or row["name"],
        base / "images" / f"{row['name']}.png",
        base / "labels" / f"{row['name']}.png",
    )


def _refuse_missing(samples: Sequence[Sample], manifest: Path) -> None:
    paths = [path for sample in samples for path in (sample.image_path, sample.labels_path)]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UsageError(
            f"{missing[0]}{more} of {manifest} cannot be found; put it there or delete its row."
        )


def _refuse_other_size(sample: Sample, size: tuple[int, ...]) -> None:
    wanted = sample.image().pixels.shape[:2]
    if size != wanted:
        (height, width), (rows, columns) = wanted, size
        raise UsageError(
            f"{sample.labels_path} has {columns} x {rows} pixels, but its image has "
            f"{width} x {height}; they must lie on each other."
        )


def _read(path: Path) -> Image:
    try:
        return read_image(path)
    except CellscribeError as problem:
        text = str(problem).replace(printable(path.name), printable(str(path)), 1)
        raise type(problem)(text) from problem
