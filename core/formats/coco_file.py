"""A COCO file that is parsed once, whatever the number of its images."""

from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from unicodedata import normalize

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.errors import FormatError
from core.formats.base import Reading, Report
from core.formats.class_table import ClassTable
from core.formats.coco_reading import AnnotationReader
from core.formats.coco_schema import Document, Image, Key, Place
from core.formats.coco_writing import HEAD
from core.formats.incoming import check_count
from core.formats.json_text import load
from core.formats.native_schema import JsonImage, unknown_keys
from core.formats.own_data import image_from
from core.formats.told_image import image_facts, image_notes

_LISTED = 5
"""How many names an error lists."""
_place_of = msgspec.json.Decoder(Place).decode


class CocoFile:
    """Its annotations are still text, sorted by image; `read` makes objects of those of one."""

    def __init__(self, path: Path) -> None:
        """Raises FormatError."""
        data = load(path)
        self._name = path.name
        self._document = _document(data)
        others = unknown_keys(data, Document)
        self._extra = {key: value for key, value in others.items() if HEAD.get(key) != value}
        self._of_image: dict[Key, list[int]] = {}
        self._damaged: list[int] = []
        self._sort()

    @property
    def images(self) -> tuple[str, ...]:
        """The last names of the images that the file is for."""
        return tuple(_last_name(image.file_name) for image in self._document.images)

    def read(self, image: AnnotationSet | None) -> Reading:
        """The objects of `image`, found by its name, or of the only image; raises FormatError."""
        document = self._document
        chosen = _choose(document.images, image)
        own = image_from(chosen.cellscribe)
        told = JsonImage(
            chosen.width, chosen.height, chosen.file_name, own.content_hash, own.pixel_size_um
        )
        facts = image_facts(told, image)
        table = ClassTable(image.classes if image else ())
        size = chosen.width, chosen.height
        reader = AnnotationReader(table, document.categories, size, self._name)
        mine = sorted([*self._of_image.get(chosen.id, ()), *self._damaged])
        check_count(len(mine))
        for index in mine:
            reader.take(index, document.annotations[index])
        regions = reader.incoming.finish()
        annotations = AnnotationSet(
            **facts, regions=regions, classes=table.classes, run=own.run, extra=self._extra
        )
        others = _other_notes(chosen, image, len(document.annotations) - len(mine))
        notes = (*table.notes, *image_notes(told, image), *others)
        report = Report(len(mine), len(regions), (), tuple(reader.incoming.problems), notes)
        return Reading(annotations, report)

    def _sort(self) -> None:
        """Which annotations are of which image; what is none is told with each of them."""
        images = self._document.images
        only = images[0].id if len(images) == 1 else None
        for index, raw in enumerate(self._document.annotations):
            try:
                place = _place_of(raw).image_id
            except (msgspec.MsgspecError, RecursionError):
                self._damaged.append(index)
                continue
            owner = only if place is None else place
            if owner is not None:
                self._of_image.setdefault(owner, []).append(index)


def _document(data: bytes) -> Document:
    try:
        return msgspec.json.decode(data, type=Document)
    except (msgspec.ValidationError, RecursionError) as error:
        raise FormatError(f"it is not a COCO file of instances ({error})") from error


def _choose(images: Sequence[Image], image: AnnotationSet | None) -> Image:
    """The image of the file that `image` is, else the only one."""
    if image is not None:
        for same in (_whole_name, _last_name):
            found = [i for i in images if same(i.file_name) == same(image.image_name)]
            if len(found) == 1:
                return found[0]
    if len(images) == 1:
        return images[0]
    listed = ", ".join(i.file_name[:100] for i in images[:_LISTED])
    more = f" and {len(images) - _LISTED} more" if len(images) > _LISTED else ""
    wanted = f"none or several named {image.image_name}" if image else "no single one"
    raise FormatError(f"it is for {len(images)} images, {wanted}: {listed}{more}; open one of them")


def _whole_name(name: str) -> str:
    return normalize("NFC", name)


def _last_name(name: str) -> str:
    return normalize("NFC", PureWindowsPath(name).name)


def _other_notes(chosen: Image, image: AnnotationSet | None, others: int) -> list[str]:
    """What a person should know about the other images of the file."""
    notes = []
    if image and _last_name(chosen.file_name) != _last_name(image.image_name):
        notes.append(f"The objects are those of {chosen.file_name[:200]}, the file's only image.")
    if others:
        notes.append(f"{others} objects in the file belong to other images.")
    return notes
