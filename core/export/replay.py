"""Making the model's part of an export again, and telling every difference in one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from glob import escape
from importlib import metadata
from pathlib import Path

import msgspec

from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.region import Region
from core.counted import counted
from core.engine.config import SegmentConfig
from core.engine.segment import segment
from core.errors import CellscribeError
from core.export.manifest import Manifest, ManifestImage, ManifestObject, ManifestRun, Program
from core.export.some_objects import some_objects
from core.files import sha256_of
from core.formats.own_data import fingerprint
from core.image.fingerprint import fingerprint_of
from core.image.model import Image
from core.image.read import read_image
from core.progress import Ticket
from core.project.locate import find_by_hash
from core.weights import find_network, read_weights

NEAR_PX = 3.0
"""How far the box of an object may lie from the one it is taken to be."""


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """What was made again of one image; compared: objects that were, same: to the last digit.

    differences: sentences, none when all is as the manifest says.
    """

    name: str
    annotations: AnnotationSet | None
    compared: int = 0
    same: int = 0
    differences: tuple[str, ...] = ()


def changed_files(manifest: Manifest, folder: Path) -> Iterator[str]:
    """A sentence for each file of the export that is not in `folder` as it was written."""
    for file in manifest.files:
        path = folder / file.name
        if not path.resolve().is_relative_to(folder.resolve()):
            yield f"{file.name} does not lie in the folder of the manifest; it was not looked at."
        elif not path.exists():
            yield f"{file.name} is missing beside the manifest."
        elif sha256_of(path) != file.sha256:
            yield f"{file.name} is not as it was exported: its content has changed."


def replay(
    manifest: Manifest, folder: Path, device: str, tolerance_px: float, ticket: Ticket
) -> Iterator[Rebuilt]:
    """Run the networks again on the images, which are looked for below `folder`.

    tolerance_px: how far the box of an object may be off before that is a difference.
    """
    for number, image in enumerate(manifest.images):
        ticket.step(number, len(manifest.images), image.name)
        if image.runs:
            rebuilt = _Replay(image, device, tolerance_px, ticket.quiet()).rebuilt(folder)
            yield replace(rebuilt, differences=_explained(rebuilt.differences, manifest.program))


def _explained(differences: tuple[str, ...], made_by: Program) -> tuple[str, ...]:
    """With one more sentence where another version of the program may be the reason."""
    own = metadata.version("cellscribe")
    if not differences or made_by.version == own:
        return differences
    reason = f"It was exported by version {made_by.version}, and this is {own}: install that one."
    return (*differences, reason)


class _Replay:
    """One image: collects differences while it is made again."""

    def __init__(
        self, image: ManifestImage, device: str, tolerance_px: float, ticket: Ticket
    ) -> None:
        self._image, self._device = image, device
        self._tolerance, self._ticket = tolerance_px, ticket
        self._differences: list[str] = []
        self._compared = self._same = 0

    def rebuilt(self, folder: Path) -> Rebuilt:
        image = self._read(folder)
        if image is None:
            return Rebuilt(self._image.name, None, differences=tuple(self._differences))
        regions = [r for n, run in enumerate(self._image.runs) for r in self._again(n, run, image)]
        found = AnnotationSet(
            self._image.name,
            image.width,
            image.height,
            tuple(sorted(regions, key=lambda region: region.id)),
            pixel_size_um=image.pixel_size_um,
            content_hash=image.content_hash,
            run=_info(self._image.runs[-1]),
        )
        told = tuple(self._differences)
        return Rebuilt(self._image.name, found, self._compared, self._same, told)

    def _tell(self, sentence: str) -> None:
        self._differences.append(f"{self._image.name}: {sentence}")

    def _read(self, folder: Path) -> Image | None:
        path = _located(folder, self._image)
        if path is None:
            self._tell(f"the image is not in {folder}; name its folder with --images.")
            return None
        if fingerprint_of(path) != self._image.sha256:
            self._tell(f"{path} is another image, or was changed since (its SHA-256 differs).")
            return None
        try:
            return read_image(path, self._image.place)
        except CellscribeError as problem:
            self._tell(str(problem))
            return None

    def _again(self, number: int, run: ManifestRun, image: Image) -> Iterator[Region]:
        """The regions of one run that are in the manifest, with their numbers there."""
        config = self._config(run)
        if config is None or not self._has_weights(run):
            return
        try:
            result = segment(image, config, self._ticket)
        except CellscribeError as problem:
            self._tell(str(problem))
            return
        wanted = [o for o in self._image.objects if o.run == number and o.is_replayed]
        if self._image.untouched and len(result.regions) != len(wanted):
            found = counted(len(result.regions), "object")
            self._tell(f"{run.model} finds {found} now, not {len(wanted):,} as listed.")
        yield from self._matched(wanted, result.regions, run)

    def _config(self, run: ManifestRun) -> SegmentConfig | None:
        if not run.settings:
            self._tell(f"the settings of {run.model} are not known, so it cannot run again.")
            return None
        try:
            config = msgspec.convert(run.settings, SegmentConfig)
            return replace(config, device=self._device)
        except (msgspec.ValidationError, CellscribeError) as problem:
            self._tell(f"the settings of {run.model} cannot be used: {problem}")
            return None

    def _has_weights(self, run: ManifestRun) -> bool:
        try:
            info = find_network(run.model)
            read_weights(info)
        except CellscribeError as problem:
            self._tell(str(problem))
            return False
        assert info.entry is not None  # its weights were read
        if info.entry.sha256 == run.weights_sha256:
            return True
        self._tell(
            f"{run.model} has other weights here ({info.entry.sha256[:12]}) than those that made "
            f"the objects ({run.weights_sha256[:12]}); install those."
        )
        return False

    def _matched(
        self, wanted: Sequence[ManifestObject], regions: Sequence[Region], run: ManifestRun
    ) -> Iterator[Region]:
        exact = {fingerprint(region.rings): region for region in regions}
        off: list[tuple[int, float]] = []
        missing: list[int] = []
        for listed in wanted:
            self._compared += 1
            region = exact.get(listed.outline)
            if region is None:
                region, distance = _nearest(listed, regions)
                if region is None:
                    missing.append(listed.id)
                    continue
                off.append((listed.id, distance))
            self._same += listed.outline in exact
            yield replace(region, id=listed.id)
        self._tell_off(run, off, missing)

    def _tell_off(
        self, run: ManifestRun, off: Sequence[tuple[int, float]], missing: Sequence[int]
    ) -> None:
        beyond = [number for number, distance in off if distance > self._tolerance]
        if self._tolerance == 0:
            beyond = [number for number, _ in off]
        if missing:
            self._tell(f"{run.model} does not find {some_objects(missing)} again.")
        if beyond:
            most = max(distance for _, distance in off)
            self._tell(f"the boxes are off by up to {most:.3g} px for {some_objects(beyond)}.")


def _nearest(
    listed: ManifestObject, regions: Sequence[Region]
) -> tuple[Region, float] | tuple[None, float]:
    """The region whose box is nearest, and how far one of its edges is off; None if too far."""
    pairs = [(max(map(_apart, listed.box, region.bounds)), region) for region in regions]
    distance, region = min(pairs, key=lambda pair: pair[0], default=(NEAR_PX + 1, None))
    return (region, distance) if region and distance <= NEAR_PX else (None, distance)


def _apart(one: float, other: float) -> float:
    return abs(one - other)


def _located(folder: Path, image: ManifestImage) -> Path | None:
    """The file with this content, else the one with this name; nothing outside the folder."""
    by_name = folder / Path(image.name).name
    if by_name.exists() and fingerprint_of(by_name) == image.sha256:
        return by_name
    if found := find_by_hash(folder, image.bytes, image.sha256):
        return found
    if by_name.exists():
        return by_name
    return min(folder.rglob(escape(by_name.name)), default=None)


def _info(run: ManifestRun) -> RunInfo:
    return RunInfo(run.model, run.threshold or 0.0, 0.0)
