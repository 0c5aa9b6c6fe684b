"""Cellpose's _seg.npy: a table with the label image, as its window keeps it beside the image.

Source: Cellpose's gui/io.py. Its masks count from 1 without gaps, 0 is background.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import DEFAULT_CLASSES
from core.annotation.raster import regions_from_labels
from core.annotation.region import Origin, Region
from core.annotation.tracing import Outline
from core.errors import FormatError
from core.formats.base import Codec, Encoded, Reading, Report, check_size
from core.formats.json_text import check_outline
from core.formats.label_reading import numbered, refuse_scattered
from core.formats.limits import LARGEST_LABEL
from core.formats.painting import LOST_IN_PIXELS, PIXEL_SIZE, paint_labels, without_scale
from core.formats.pickle_reading import array_of, read_pickle, single_object

MOST_BYTES = 10**9
IDS = "cellscribe_ids"
"""Key of the table with our numbers of Cellpose's objects 1..N."""

_LARGEST_SHORT = 2**16 - 2  # Cellpose itself takes 32 bits from here on
_RUNS_SHOWN = 10
_GREY = "#808080"

Labels = npt.NDArray[np.integer[Any]]


def encode(annotations: AnnotationSet) -> Encoded:
    """The table, as `numpy.load` with pickles allowed and `item()` give it back.

    Raises CannotWrite that names the object with a coordinate that is not finite.
    """
    for region in annotations.regions:
        check_outline(region)
    painted, report = paint_labels(annotations)
    ids = np.unique(painted[painted > 0])
    kind = np.uint16 if len(ids) <= _LARGEST_SHORT else np.uint32
    masks: Labels = np.searchsorted(ids, painted, side="right").astype(kind)
    regions = _regions_of(ids, annotations)
    table = {
        "outlines": masks * _is_edge(masks),
        "colors": _colors(regions, annotations),
        "masks": masks,
        "filename": annotations.image_name,
        "ismanual": np.array([r.origin.kind == "human" or r.edited for r in regions], bool),
        IDS: ids.astype(np.int64),
    }
    file = BytesIO()
    np.save(file, np.array(table, dtype=object))
    report = replace(report, notes=(*report.notes, *_number_notes(ids.tolist())))
    return Encoded(file.getvalue(), without_scale(report, annotations))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The masks as objects, parts that do not touch as objects of their own.

    Raises FormatError; nothing in the file is run.
    """
    table = _table(path)
    masks = _masks(table)
    height, width = masks.shape
    check_size(image, width, height)
    ids = _ids(table, int(masks.max()))
    outlines = regions_from_labels(masks)
    refuse_scattered(outlines)
    outlines_of_ids = [Outline(ids[o.label - 1], o.shell, o.holes) for o in outlines]
    known = image or AnnotationSet(_image_name(table, path), width, height)
    usual = (image.classes if image else DEFAULT_CLASSES)[0].id
    origin = Origin("import", source=path.name)

    def make(outline: Outline, number: int) -> Region:
        return Region(number, outline.shell, outline.holes, class_id=usual, origin=origin)

    regions, problems = numbered(outlines_of_ids, make)
    report = Report(len(outlines), len(regions), (), tuple(problems))
    return Reading(replace(known, regions=regions, run=None, extra={}), report)


def _regions_of(ids: npt.NDArray[Any], annotations: AnnotationSet) -> list[Region]:
    by_id = {region.id: region for region in annotations.regions}
    return [by_id[number] for number in ids.tolist()]


def _is_edge(masks: Labels) -> npt.NDArray[np.bool_]:
    """Where a pixel of an object has a neighbour by an edge that is not of it."""
    around = np.pad(masks, 1)
    inner = around[1:-1, 1:-1]
    sides = (around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:])
    edge: npt.NDArray[np.bool_] = np.logical_or.reduce([inner != side for side in sides])
    return edge


def _colors(regions: Sequence[Region], annotations: AnnotationSet) -> npt.NDArray[np.uint8]:
    """(N, 3) the colour of each object's class."""
    colors = {c.id: c.color for c in annotations.classes}
    found = [bytes.fromhex(colors.get(r.class_id, _GREY)[1:]) for r in regions]
    return np.frombuffer(b"".join(found), np.uint8).reshape(-1, 3).copy()


def _number_notes(ids: Sequence[int]) -> Iterator[str]:
    """How Cellpose's numbers differ from ours."""
    runs = [run for run in _runs(ids) if run[0] != run[2]]
    if runs:
        some = ", ".join(_shift(*run) for run in runs[:_RUNS_SHOWN])
        more = f", ... ('{IDS}' in the file has all)" if len(runs) > _RUNS_SHOWN else ""
        yield f"Cellpose counts without gaps, so objects have other numbers there: {some}{more}."


def _runs(ids: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """First and last of consecutive ids, and Cellpose's number of the first."""
    cuts = [0, *(i for i in range(1, len(ids)) if ids[i] != ids[i - 1] + 1), len(ids)]
    for begin, end in pairwise(cuts):
        if begin < end:
            yield ids[begin], ids[end - 1], begin + 1


def _shift(first: int, last: int, place: int) -> str:
    if first == last:
        return f"{first} is {place}"
    return f"{first}-{last} are {place}-{place + last - first}"


def _table(path: Path) -> dict[Any, Any]:
    if path.stat().st_size > MOST_BYTES:
        raise FormatError(f"it has more than {MOST_BYTES // 10**9} GB")
    table = single_object(read_pickle(_content(path.read_bytes())))
    if not isinstance(table, dict):
        raise FormatError("it holds no table, as files of Cellpose do")
    return table


def _content(data: bytes) -> bytes:
    """What follows the head of a NumPy file, when that announces one object."""
    file = BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=1000)
    except Exception as error:  # damaged bytes: whatever the parser of literals raises
        raise FormatError("it is not a NumPy file, or is damaged") from error
    if version != (1, 0) or dtype.kind != "O" or shape != ():
        raise FormatError("it is an array, not a table as files of Cellpose are")
    return data[file.tell() :]


def _masks(table: dict[Any, Any]) -> Labels:
    """(H, W) of integers from 0 on; raises FormatError for anything else."""
    if "masks" not in table:
        raise FormatError("it has no masks")
    masks = array_of(table["masks"])
    if masks.dtype.kind not in "iu":
        raise FormatError(f"its masks are {masks.dtype}, and numbers of objects are integers")
    masks = masks[0] if masks.ndim == 3 and len(masks) == 1 else masks
    if masks.ndim != 2 or not masks.size:
        size = " x ".join(map(str, masks.shape))
        raise FormatError(f"its masks are of {size} and not of the pixels of one image")
    least, most = int(masks.min()), int(masks.max())
    if least == -1 and most < LARGEST_LABEL:  # Cellpose before 0.5
        masks, least, most = masks.astype(np.int64) + 1, 0, most + 1
    if least < 0 or most > LARGEST_LABEL:
        raise FormatError(f"its masks go from {least} to {most}, not from 0 to {LARGEST_LABEL}")
    return masks.astype(np.int32, order="C")


def _ids(table: dict[Any, Any], count: int) -> Sequence[int]:
    """Our number of each of Cellpose's; its own where the file is not ours or has changed."""
    usual = range(1, count + 1)
    try:
        ids = array_of(table[IDS]).tolist()
    except (KeyError, FormatError):
        return usual
    is_good = len(ids) == count == len(set(ids)) and all(_is_number(n) for n in ids)
    return ids if is_good else usual


def _is_number(value: object) -> bool:
    return type(value) is int and 1 <= value <= LARGEST_LABEL


def _image_name(table: dict[Any, Any], path: Path) -> str:
    """The name without folders, which may be those of another computer."""
    name = table.get("filename")
    return PureWindowsPath(name).name if isinstance(name, str) and name else path.name


CODEC = Codec(
    "cellpose",
    "Cellpose _seg.npy",
    (".npy",),
    keeps_holes=True,
    decode=decode,
    encode=encode,
    cannot_carry=(*LOST_IN_PIXELS, PIXEL_SIZE),
    tag="_seg",
)
