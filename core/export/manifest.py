"""manifest.json: what the files of an export are of, so that the model's part can be made again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Origin, OriginKind, Region
from core.engine.config import settings_hash
from core.errors import FormatError, reason
from core.formats.own_data import fingerprint
from core.image.source import Plane
from core.project.records import ImageRecord, RunRecord

SCHEMA = "cellscribe-manifest"
VERSION = 1
_MOST_BYTES = 10**9


class ManifestRun(msgspec.Struct, frozen=True):
    """One run of a network on an image.

    settings: those of SegmentConfig, all filled in; none when nothing but the origin of the
    objects is known of the run, which then cannot be repeated.
    """

    model: str
    weights_sha256: str
    threshold: float | None
    settings: dict[str, Any] = {}


class ManifestObject(msgspec.Struct, frozen=True):
    """One object; outline: fingerprint of its coordinates. box: x0, y0, x1, y1 in pixels.

    run: its place in the runs of the image, None when no network made it.
    """

    id: int
    class_: str = msgspec.field(name="class")
    origin: OriginKind
    box: tuple[float, float, float, float]
    outline: str
    run: int | None = None
    source: str = ""
    edited: bool = False
    reviewed: bool = False

    @property
    def is_replayed(self) -> bool:
        """Whether it is as a network made it."""
        return self.origin == "model" and not self.edited and self.run is not None


class ManifestImage(msgspec.Struct, frozen=True):
    """One plane of one file. bytes: of the file, -1 when unknown.

    untouched: whether all objects of the run are listed, as nobody has changed any.
    """

    name: str
    sha256: str
    bytes: int
    width: int
    height: int
    pixel_size_um: float | None
    plane: tuple[int, int, int]
    runs: list[ManifestRun]
    objects: list[ManifestObject]
    untouched: bool = False

    @property
    def place(self) -> Plane:
        return Plane(*self.plane)


class ManifestFile(msgspec.Struct, frozen=True):
    """One file of the export."""

    name: str
    format: str
    sha256: str


class Program(msgspec.Struct, frozen=True):
    """What wrote the manifest."""

    name: str
    version: str


class Manifest(msgspec.Struct, frozen=True):
    """The whole file."""

    schema: str
    version: int
    program: Program
    images: list[ManifestImage]
    files: list[ManifestFile]


def image_entry(
    record: ImageRecord,
    annotations: AnnotationSet,
    runs: Sequence[RunRecord],
    untouched: bool = False,
) -> ManifestImage:
    """What the manifest says about one image; runs: those that are known, oldest first."""
    known = _runs_of(annotations.regions, runs)
    places = {origin: place for place, origin in enumerate(known)}
    names = {c.id: c.name for c in annotations.classes}
    return ManifestImage(
        name=annotations.image_name,
        sha256=annotations.content_hash,
        bytes=record.file_size,
        width=annotations.width,
        height=annotations.height,
        pixel_size_um=annotations.pixel_size_um,
        plane=(record.plane.scene, record.plane.t, record.plane.z),
        runs=list(known.values()),
        objects=[_object(region, names, places) for region in annotations.regions],
        untouched=untouched,
    )


def manifest_bytes(images: Iterable[ManifestImage], files: Iterable[ManifestFile]) -> bytes:
    """The content of manifest.json; the same export gives the same bytes."""
    manifest = Manifest(
        SCHEMA,
        VERSION,
        Program("cellscribe", metadata.version("cellscribe")),
        list(images),
        list(files),
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read_manifest(path: Path) -> Manifest:
    """The manifest at `path`; raises FormatError."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FormatError(f"{path} has more than {_MOST_BYTES // 10**9} GB, so it is not read.")
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise FormatError(f"Cannot read {path}: {reason(error)}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path} is not a manifest of Cellscribe ({error}).") from error
    if manifest.schema != SCHEMA:
        raise FormatError(f"{path} is JSON of another kind, not a manifest of Cellscribe.")
    if manifest.version > VERSION:
        raise FormatError(
            f"{path} has version {manifest.version} of the format and this program knows "
            f"{VERSION}; update Cellscribe to read it."
        )
    return manifest


def _runs_of(regions: Sequence[Region], runs: Sequence[RunRecord]) -> dict[Origin, ManifestRun]:
    """The runs that made objects which are still there, by what these say; else the last run."""
    recorded: dict[Origin, RunRecord] = {}
    for record in runs:
        origin = _origin_of(record)
        recorded[origin] = recorded[replace(origin, settings_hash="")] = record
    made = dict.fromkeys(r.origin for r in regions if r.origin.kind == "model")
    if not made and runs:
        made = {_origin_of(runs[-1]): None}
    return {origin: _run(origin, recorded.get(origin)) for origin in made}


def _origin_of(run: RunRecord) -> Origin:
    """What its objects say of themselves; those of older versions do not tell the settings."""
    model, threshold = run.info.model, run.info.threshold
    told = settings_hash(run.settings)
    return Origin("model", model, run.weights_sha256, threshold, settings_hash=told)


def _run(origin: Origin, record: RunRecord | None) -> ManifestRun:
    settings = dict(record.settings) if record else {}
    return ManifestRun(origin.model, origin.weights_sha256, origin.threshold, settings)


def _object(
    region: Region, names: Mapping[int, str], places: Mapping[Origin, int]
) -> ManifestObject:
    origin = region.origin
    return ManifestObject(
        id=region.id,
        class_=names.get(region.class_id, f"Class {region.class_id}"),
        origin=origin.kind,
        box=region.bounds,
        outline=fingerprint(region.rings),
        run=places.get(origin),
        source=origin.source,
        edited=region.edited,
        reviewed=region.reviewed,
    )
