"""Reading annotation files for images: plain functions for the runner, without Qt."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from unicodedata import normalize

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.errors import CellscribeError, FormatError
from core.export.plan import result_names
from core.formats import CODECS, codec_named, readers_of
from core.formats.base import Codec, OpenFile, Reading, Report
from core.formats.naming import ending, plane_name
from core.image.folder import SUFFIXES
from core.progress import Ticket
from core.project.records import ImageRecord

SAME_PX = 0.01
"""Outlines whose vertices lie nearer than that are the same: formats round their coordinates."""
_FOREIGN_ENDINGS = ("_cp_masks.png", "_cp_masks.tif", "_masks.png", "_masks.tif", "_rois.zip")
"""Of other programs, behind the name of an image."""


@dataclass(frozen=True)
class Arrival:
    """A class of the objects in a file, and how many have it; is_new: the project lacks it."""

    label_class: LabelClass
    objects: int
    is_new: bool


@dataclass(frozen=True)
class Preview:
    """What is in a file for one image, before any of it is taken.

    classes: those that the project had when the file was read. known: places of the regions that
    the image has already.
    """

    path: Path
    image_id: int
    image_name: str
    format: str
    reading: Reading
    arrivals: tuple[Arrival, ...]
    classes: tuple[LabelClass, ...] = ()
    known: frozenset[int] = frozenset()

    @property
    def report(self) -> Report:
        return self.reading.report

    @property
    def objects(self) -> int:
        return len(self.reading.annotations.regions)


@dataclass(frozen=True)
class Choice:
    """What a person wants of the previews.

    skip_known: leave objects out that are there already. classes: by the name that a class has in
    the file, the id of the class of the project that it becomes; those that are not named stay.
    """

    skip_known: bool = True
    classes: Mapping[str, int] = field(default_factory=dict)


class AnnotationFile:
    """A file of annotations that is parsed once, whatever the number of images it is for."""

    def __init__(self, path: Path, format_name: str = "") -> None:
        """format_name: of a codec; without it the one that fits. Raises FormatError for a name."""
        self.path = path
        self._codecs = (codec_named(format_name),) if format_name else readers_of(path)
        self._open: dict[str, OpenFile] = {}

    def images_for(
        self, record: ImageRecord | None, records: Sequence[ImageRecord]
    ) -> list[ImageRecord]:
        """`record` if there is one, or those images that a file of many images is for."""
        names = self._names()
        found = [r for r in records if normalize("NFC", r.name) in names]
        if len(names) > 1 and found:
            return found
        return [record] if record else []

    def preview(self, image_id: int, image: AnnotationSet, ticket: Ticket) -> Preview:
        """What is in the file for `image`, which has the regions that it has.

        Raises FormatError, or UnreadableImage for a damaged label image.
        """
        codec, reading = self.read(image, ticket)
        regions = reading.annotations.regions
        known = frozenset(np.flatnonzero(already_there(regions, image.regions)).tolist())
        arrivals = tuple(_arrivals(reading.annotations, image.classes))
        facts = self.path, image_id, image.image_name, codec.label
        return Preview(*facts, reading, arrivals, image.classes, known)

    def read(self, image: AnnotationSet, ticket: Ticket) -> tuple[Codec, Reading]:
        """The codec that could read the file, and what it found."""
        if not self._codecs:
            raise FormatError(
                f"Cannot read {self.path.name}: no format has the ending '{self.path.suffix}'; "
                "choose another file, or give it the ending of its format."
            )
        refusals: list[CellscribeError] = []
        for codec in self._codecs:
            ticket.check()
            try:
                return codec, self._opened(codec).read(image)
            except CellscribeError as error:
                refusals.append(error)
        raise refusals[0]

    def _names(self) -> frozenset[str]:
        """The images that it names; a format that finds some is that of the file."""
        for codec in (codec for codec in self._codecs if codec.parse):
            with suppress(CellscribeError, OSError):  # what is wrong is told when it is read
                if names := frozenset(self._opened(codec).images):
                    self._codecs = (codec,)
                    return names
        return frozenset()

    def _opened(self, codec: Codec) -> OpenFile:
        if codec.name not in self._open:
            self._open[codec.name] = codec.open(self.path)
        return self._open[codec.name]


def chosen(
    preview: Preview, choice: Choice, classes: Sequence[LabelClass], next_id: int
) -> AnnotationSet:
    """The annotations that are to be taken, with the classes of the project as it is now.

    classes, next_id: those of the project, and the first free id; a class that has come since the
    file was read, with another one, is found by its name.
    """
    found = preview.reading.annotations
    leave = preview.known if choice.skip_known else frozenset()
    kept = [r for place, r in enumerate(found.regions) if place not in leave]
    becomes, new = _mapped(preview, choice, classes, next_id)
    regions = tuple(replace(r, class_id=becomes.get(r.class_id, r.class_id)) for r in kept)
    return replace(found, regions=regions, classes=(*classes, *new))


def _mapped(
    preview: Preview, choice: Choice, classes: Sequence[LabelClass], next_id: int
) -> tuple[dict[int, int], list[LabelClass]]:
    """What each class of the file becomes, by id, and those that are new."""
    ids = {c.name: c.id for c in reversed(classes)} | dict(choice.classes)
    becomes: dict[int, int] = {}
    new: list[LabelClass] = []
    for label_class in preview.reading.annotations.classes:
        name = label_class.name
        if label_class in preview.classes and name not in choice.classes:
            continue
        if name not in ids:
            ids[name] = next_id + len(new)
            new.append(replace(label_class, id=ids[name]))
        becomes[label_class.id] = ids[name]
    return becomes, new


def already_there(new: Sequence[Region], old: Sequence[Region]) -> np.ndarray:
    """(n,) whether an old region has the same outline as each new one, within SAME_PX."""
    by_shape: dict[tuple[int, ...], list[Region]] = {}
    for region in old:
        by_shape.setdefault(_shape(region), []).append(region)
    boxes = {shape: np.array([r.bounds for r in some]) for shape, some in by_shape.items()}
    return np.array([_is_among(r, by_shape.get(_shape(r), []), boxes) for r in new], bool)


def _shape(region: Region) -> tuple[int, ...]:
    return tuple(len(points) for points in region.rings)


def _is_among(
    region: Region, old: Sequence[Region], boxes: Mapping[tuple[int, ...], np.ndarray]
) -> bool:
    if not old:
        return False
    near = (np.abs(boxes[_shape(region)] - region.bounds) < SAME_PX).all(axis=1)
    return any(_same(region, old[place]) for place in np.flatnonzero(near).tolist())


def _same(one: Region, other: Region) -> bool:
    pairs = zip(one.rings, other.rings, strict=True)
    return all(bool((np.abs(a - b) < SAME_PX).all()) for a, b in pairs)


def _arrivals(found: AnnotationSet, project: Sequence[LabelClass]) -> Iterator[Arrival]:
    """The classes that objects of the file have."""
    counts = Counter(region.class_id for region in found.regions)
    known = {c.id for c in project}
    for label_class in found.classes:
        if objects := counts[label_class.id]:
            yield Arrival(label_class, objects, label_class.id not in known)


def annotation_files(paths: Sequence[Path], records: Sequence[ImageRecord]) -> list[Path]:
    """Which dropped files hold outlines rather than an image.

    A picture, or a folder, does when its name is that of an image of the project with the end of a
    result.
    """
    readable = [path for path in paths if readers_of(path)]
    unsure = [path for path in readable if path.is_dir() or path.suffix.lower() in SUFFIXES]
    named = zip(unsure, named_like(unsure, records), strict=True)
    images = {path for path, record in named if record is None}
    return [path for path in readable if path not in images]


def image_for(path: Path, records: Sequence[ImageRecord]) -> ImageRecord | None:
    """The image whose name is the beginning of the name of a file of results, if there is one."""
    return named_like([path], records)[0]


def named_like(paths: Sequence[Path], records: Sequence[ImageRecord]) -> list[ImageRecord | None]:
    """The same for many files; the names of results are worked out once, and only if need be."""
    readable = (ending(codec).casefold() for codec in CODECS if codec.can_read)
    ends = {*readable, *_FOREIGN_ENDINGS}
    beginnings = [_beginnings(path.name.casefold(), ends) for path in paths]
    if not any(beginnings):
        return [None] * len(paths)
    names = result_names([plane_name(record.name, record.plane) for record in records])
    known = {name.casefold(): record for name, record in zip(names, records, strict=True)}
    return [
        next((r for b in some if (r := known.get(b)) and r.name != path.name), None)
        for path, some in zip(paths, beginnings, strict=True)
    ]


def _beginnings(name: str, ends: Iterable[str]) -> list[str]:
    """What is before the end of a result, the longest first."""
    return sorted((name.removesuffix(e) for e in ends if name.endswith(e)), key=len, reverse=True)
