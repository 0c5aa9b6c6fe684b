"""The files of an export, known before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.annotation.annotation_set import AnnotationSet
from core.export.request import ExportRequest
from core.export.split import PARTS, Part, parts_of
from core.files import write_bytes
from core.formats import codec_named
from core.formats.base import Codec, Companion, Report
from core.formats.naming import distinct_names, ending, plane_name
from core.formats.picture import Picture
from core.project.records import ImageRecord

ALL_IMAGES = "annotations"
"""How a file is called that holds the objects of all images."""
REPORT, PAGE, MANIFEST = "export-report.json", "export-report.html", "manifest.json"
OWN_FILES = (REPORT, PAGE, MANIFEST)
"""What lies beside the files of every export."""
_IMAGE_FOLDERS = {part: f"{part}/images" for part in PARTS}


@dataclass(frozen=True)
class Target:
    """One file to write, of one image or of several.

    name: as seen from the folder, with forward slashes. companion: what it is when it is not of
    `codec` itself. parts: of each image, of a data set in two parts.
    """

    name: str
    image_ids: tuple[int, ...]
    codec: Codec
    companion: Companion | None = None
    parts: tuple[Part, ...] = ()

    def write(
        self, path: Path, sets: Sequence[AnnotationSet], pictures: Sequence[Picture | None]
    ) -> Report:
        """Write the annotations of its images; pictures: one for each. Raises CannotWrite."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.companion:
            folders = _IMAGE_FOLDERS if self.parts and self.companion.in_parts else {}
            write_bytes(path, self.companion.encode(sets, **folders))
            return Report(0, 0)
        if self.is_joint:
            return self.codec.write_all(path, sets, pictures, self.parts)
        return self.codec.write(path, sets[0], picture=pictures[0])

    @property
    def is_joint(self) -> bool:
        """Whether it is one file for several images, or tells parts apart."""
        return len(self.image_ids) > 1 or self.codec.holds_parts


def result_names(images: Sequence[str]) -> list[str]:
    """`distinct_names`, none of which makes the name of a file about the export."""
    reserved = [MANIFEST, REPORT]
    return distinct_names([*reserved, *images])[len(reserved) :]


def chosen_of(request: ExportRequest, records: Sequence[ImageRecord]) -> list[ImageRecord]:
    """The records of the images that are asked for, in order."""
    wanted = set(request.images)
    return [r for r in records if not wanted or r.id in wanted]


def targets_of(request: ExportRequest, records: Sequence[ImageRecord]) -> list[Target]:
    """The files of an export, each with a name of its own; raises FormatError.

    What several formats have beside them in common is one file.
    """
    chosen = chosen_of(request, records)
    codecs = [
        codec_named(name).with_options(request.options.get(name, {})) for name in request.formats
    ]
    parts = parts_of(chosen, request.split) if request.split else {}
    targets = [target for codec in codecs for target in _of_codec(codec, chosen, parts)]
    firsts = {target.companion or target: target for target in reversed(targets)}
    return [t for t in targets if firsts[t.companion or t] is t]


def _of_codec(
    codec: Codec, records: Sequence[ImageRecord], parts: Mapping[int, Part]
) -> Iterator[Target]:
    """The files of one format: those of each part, and what goes with all of them."""
    names = result_names([plane_name(record.name, record.plane) for record in records])
    named = {record.id: name for record, name in zip(records, names, strict=True)}
    everything = tuple(named)
    of_each = tuple(parts[image_id] for image_id in everything) if parts else ()
    if codec.holds_parts:
        yield Target(_joint_name(codec, ""), everything, codec, parts=of_each)
    else:
        for part in PARTS if parts else ("",):
            of_part = {i: name for i, name in named.items() if parts.get(i, "") == part}
            yield from _of_part(codec, of_part, _folder(codec, part))
    for companion in codec.companions:
        yield Target(companion.name, everything, codec, companion, of_each)


def _of_part(codec: Codec, named: Mapping[int, str], folder: str) -> Iterator[Target]:
    """For each image one file, or one for all."""
    if codec.encode_all and len(named) > 1:
        yield Target(_joint_name(codec, folder), tuple(named), codec)
        return
    for image_id, name in named.items():
        yield Target(f"{folder}{name}{ending(codec)}", (image_id,), codec)


def _joint_name(codec: Codec, folder: str) -> str:
    return f"{folder}{ALL_IMAGES}{ending(codec)}"


def _folder(codec: Codec, part: str) -> str:
    """The beginning of the names of files, "" without parts."""
    folders = [part, codec.part_folder] if part else []
    return "".join(f"{folder}/" for folder in folders if folder)
