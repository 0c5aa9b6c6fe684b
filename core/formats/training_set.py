"""A folder to train a network with, as core.evaluate.collection reads it.

manifest.csv has a row for each image; its pixels are in cells/images/NAME.png, its objects in
cells/labels/NAME.png, counted from 1 without gaps.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import Any

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite
from core.formats.base import Codec, Encoded, Option, Report
from core.formats.naming import distinct_names
from core.formats.painting import LOST_IN_PIXELS, paint_labels
from core.formats.picture import Picture, image_of, missing
from core.formats.pixel_files import Plane, png_bytes
from core.image.model import Image
from core.image.scale import full_window, to_unit

SET = "cells"
CHANNEL = Option(
    "channel",
    "Of several channels",
    tuple((str(n), f"Channel {n}") for n in range(1, 5)),
)
_COLUMNS = ("set", "name", "split", "modality", "group", "width", "height", "n_objects", "source")
_MODALITY = "own images"
_EVERY = 5
_MOST_OBJECTS = 65535
_ODD = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_DIVIDED = (
    f"About every {_EVERY}th image is for validation; choose a split to decide that yourself."
)
_UNDIVIDED = "All images are for training; it takes a second file to validate with."
_CANNOT_CARRY = ("numbers of objects", *LOST_IN_PIXELS, "pixel size", "more than one channel")


@dataclass(frozen=True)
class _Files(Mapping[str, bytes]):
    """The files of a folder, each made when it is asked for: all at once would fill the memory."""

    makers: Mapping[str, Callable[[], bytes]]

    def __getitem__(self, name: str) -> bytes:
        return self.makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def encode(annotations: AnnotationSet, picture: Picture | None = None, **chosen: str) -> Encoded:
    """A folder with a single image; see `encode_all`."""
    return encode_all([annotations], [picture], **chosen)


def encode_all(
    sets: Sequence[AnnotationSet],
    pictures: Sequence[Picture | None],
    parts: Sequence[str] = (),
    channel: str = CHANNEL.usual,
) -> Encoded:
    """parts: "train" or "val" for each image, else some are chosen. Raises CannotWrite."""
    names = distinct_names([_ODD.sub("_", s.image_name) for s in sets])
    splits = list(parts) or _usual_parts([s.image_name for s in sets])
    makers: dict[str, Callable[[], bytes]] = {}
    reports, rows = [], []
    for annotations, picture, name, split in zip(sets, pictures, names, splits, strict=True):
        labels, count, report = _labels(annotations)
        reports.append(report)
        rows.append(_row(annotations, name, split, count))
        if picture is None:
            raise missing(annotations)
        pixels = partial(_image_bytes, picture, annotations, int(channel) - 1)
        makers[f"{SET}/images/{name}.png"] = pixels
        makers[f"{SET}/labels/{name}.png"] = partial(bytes, labels)
    manifest = _manifest(rows)
    makers["manifest.csv"] = lambda: manifest
    return Encoded(b"", _joined(reports, parts, splits), _Files(makers))


def _usual_parts(names: Sequence[str]) -> list[str]:
    """By file, so that planes of one stay together; of two files one is for validation."""
    files = sorted(set(names))
    chosen = set(files[_EVERY - 1 :: _EVERY]) or set(files[1:][-1:])
    return ["val" if name in chosen else "train" for name in names]


def _labels(annotations: AnnotationSet) -> tuple[bytes, int, Report]:
    """The label image as PNG, how many objects it has, and what became of them."""
    painted, report = paint_labels(annotations)
    ids = np.unique(painted[painted > 0])
    if len(ids) > _MOST_OBJECTS:
        raise CannotWrite(
            f"{annotations.image_name} has {len(ids)} objects and a label image for training holds "
            f"{_MOST_OBJECTS}; cut the image into smaller ones"
        )
    values: Plane = np.searchsorted(ids, painted, side="right").astype(np.uint16)
    return png_bytes(values), len(ids), report


def _image_bytes(picture: Picture, annotations: AnnotationSet, channel: int) -> bytes:
    try:
        return png_bytes(_plane(image_of(picture, annotations), channel))
    except CannotWrite as error:
        raise CannotWrite(f"The training set was not written: {error}.") from error


def _plane(image: Image, channel: int) -> Plane:
    """What a PNG holds: grey values of 8 or 16 bits as they are, others stretched to 16 bits."""
    if image.is_rgb:
        colours = np.asarray(image.pixels[:])
        return colours if colours.dtype == np.uint8 else _stretched(colours, np.uint8)
    if channel >= image.channels:
        if image.channels > 1:
            raise CannotWrite(
                f"{image.name} has {image.channels} channels and no channel {channel + 1}; choose "
                "another one"
            )
        channel = 0
    grey = np.asarray(image.pixels[..., channel])
    return grey if grey.dtype in (np.uint8, np.uint16) else _stretched(grey, np.uint16)


def _stretched(values: np.ndarray[Any, Any], dtype: type[np.unsignedinteger[Any]]) -> Plane:
    """From the smallest to the largest value; networks see the same in it."""
    largest = np.iinfo(dtype).max
    stretched: Plane = np.rint(to_unit(values, full_window(values)) * largest).astype(dtype)
    return stretched


def _row(annotations: AnnotationSet, name: str, split: str, count: int) -> tuple[object, ...]:
    """A row of the manifest. Planes of one file are a group."""
    size = annotations.width, annotations.height
    source = annotations.content_hash
    return SET, name, split, _MODALITY, annotations.image_name, *size, count, source


def _manifest(rows: Sequence[Sequence[object]]) -> bytes:
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerows([_COLUMNS, *rows])
    return text.getvalue().encode()


def _joined(reports: Sequence[Report], parts: Sequence[str], splits: Sequence[str]) -> Report:
    losses = dict.fromkeys(loss for report in reports for loss in report.losses)
    problems = [problem for report in reports for problem in report.problems]
    note = "" if parts else _DIVIDED if "val" in splits else _UNDIVIDED
    return Report(
        sum(report.total for report in reports),
        sum(report.done for report in reports),
        tuple(losses),
        tuple(problems),
        (note,) if note else (),
    )


CODEC = Codec(
    "training-set",
    "Training set",
    ("",),
    keeps_holes=True,
    encode=encode,
    encode_all=encode_all,
    options=(CHANNEL,),
    cannot_carry=_CANNOT_CARRY,
    pixel_type=lambda largest, channel="": "16-bit numbers (uint16), counted anew",
    holds_parts=True,
    wants_pictures=True,
    needs_pictures=True,
    tag="_training-set",
)
