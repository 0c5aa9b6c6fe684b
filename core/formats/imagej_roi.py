"""ImageJ's ROIs, one for each object, in a zip as its ROI Manager opens and saves them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.formats.base import Codec, Encoded, Reading, Report
from core.formats.class_table import ClassTable
from core.formats.imagej_entries import RoiFile, read_rois
from core.formats.imagej_reading import RoiReader
from core.formats.imagej_writing import roi_bytes
from core.formats.json_text import check_outline
from core.formats.limits import NEGLIGIBLE_PX
from core.formats.native_schema import JsonImage
from core.formats.told_image import FOREIGN_KEYS, RUN, image_facts, image_json, image_notes

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every entry, so that the same annotations give the same bytes."""
_DIGITS, _UNUSED = "coordinates beyond 32 bits", "classes without objects"
_FINE_NOTE = (
    "Outlines finer than a pixel have 32-bit coordinates: they move by up to {:.2g} px, and ImageJ "
    "fills the pixels whose centres are inside."
)


def encode(annotations: AnnotationSet) -> Encoded:
    """A zip of ROIs named after the numbers of the objects.

    Raises CannotWrite that names the object with a number that is not finite.
    """
    file = BytesIO()
    digits = max(4, *(len(str(region.id)) for region in annotations.regions), 0)
    groups = {c.id: (number, c) for number, c in enumerate(annotations.classes, 1)}
    place = annotations.t, annotations.z
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.comment = _comment(annotations)
        for region in annotations.regions:
            name = f"{region.id:0{digits}}"
            archive.writestr(_entry(f"{name}.roi"), _roi(region, name, groups, place))
    count, shift = len(annotations.regions), max(map(_shift, annotations.regions), default=0.0)
    notes = (_FINE_NOTE.format(shift),) if shift >= NEGLIGIBLE_PX else ()
    losses = tuple(_losses(annotations, shift > 0))
    return Encoded(file.getvalue(), Report(count, count, losses, notes=notes))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The areas in a zip of ROIs or in a single ROI; raises FormatError."""
    file = read_rois(path)
    told = _told(file)
    facts = image_facts(told, image)
    table = ClassTable(image.classes if image else ())
    size, place = (facts["width"], facts["height"]), (facts["t"], facts["z"])
    reader = RoiReader(table, path.name, size, place)
    regions = reader.read(file.entries)
    notes = (*file.notes, *table.notes, *reader.notes, *image_notes(told, image))
    problems = (*file.problems, *reader.problems)
    report = Report(file.total, len(regions), (), problems, notes)
    return Reading(AnnotationSet(**facts, regions=regions, classes=table.classes), report)


def _roi(
    region: Region, name: str, groups: dict[int, tuple[int, LabelClass]], place: tuple[int, int]
) -> bytes:
    check_outline(region)
    number = region.class_id
    group, kind = groups.get(number, (0, LabelClass(number, f"Class {number}", "")))
    return roi_bytes(region, name, group, kind, place)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _FIRST_DAY)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # else it depends on the system
    entry.external_attr = 0o644 << 16
    return entry


def _comment(annotations: AnnotationSet) -> bytes:
    """The image, which ROIs do not name; ImageJ passes the comment of a zip over."""
    return msgspec.json.encode(image_json(annotations))


def _told(file: RoiFile) -> JsonImage | None:
    """The image that we named; None for files of others."""
    try:
        return msgspec.json.decode(file.comment, type=JsonImage)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _shift(region: Region) -> float:
    """How far the coordinates move (px) when they are rounded to 32 bits."""
    return max(float(np.abs(r - r.astype(np.float32)).max()) for r in region.rings)


def _losses(annotations: AnnotationSet, is_rounded: bool) -> Iterator[str]:
    if is_rounded:
        yield _DIGITS
    used = {region.class_id for region in annotations.regions}
    if annotations.regions and {c.id for c in annotations.classes} - used:
        yield _UNUSED
    if annotations.run:
        yield RUN
    if annotations.extra:
        yield FOREIGN_KEYS


CODEC = Codec(
    "imagej-roi",
    "ImageJ ROIs",
    (".zip", ".roi"),
    keeps_holes=True,
    decode=decode,
    encode=encode,
    cannot_carry=(_DIGITS, _UNUSED, RUN, FOREIGN_KEYS),
    tag="_RoiSet",
)
