"""manifest.json beside the results of `cellscribe segment`, for `cellscribe replay`."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.engine.result import SegmentationResult
from core.export.manifest import (
    SCHEMA,
    ManifestFile,
    ManifestImage,
    image_entry,
    manifest_bytes,
)
from core.export.plan import MANIFEST
from core.files import sha256_of, write_bytes
from core.image.model import Image
from core.project.locate import file_size
from core.project.records import ImageRecord, RunRecord


class _Head(msgspec.Struct):
    """What says of which kind a JSON file is."""

    schema: str = ""


def is_manifest(path: Path) -> bool:
    """Whether a file is a manifest, of any version, and so holds no outlines."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Head).schema == SCHEMA
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return False


def entry_of(image: Image, annotations: AnnotationSet, result: SegmentationResult) -> ManifestImage:
    """What the manifest says of an image and of the run on it, which nobody has corrected."""
    assert annotations.run is not None
    record = ImageRecord(
        1,
        image.name,
        image.content_hash,
        file_size(image.path) if image.path else -1,
        image.width,
        image.height,
        image.pixel_size_um,
        plane=image.plane,
    )
    sha256 = result.maps.weights_sha256
    run = RunRecord(1, 0.0, annotations.run, sha256, asdict(result.config))
    return image_entry(record, annotations, [run], untouched=True)


def write_manifest(folder: Path, images: Iterable[ManifestImage], files: dict[Path, str]) -> None:
    """files: those that were written, with the names of their formats. Raises CannotWrite."""
    listed = [
        ManifestFile(path.relative_to(folder).as_posix(), name, sha256_of(path))
        for path, name in files.items()
        if path.is_file()
    ]
    write_bytes(folder / MANIFEST, manifest_bytes(images, listed))
