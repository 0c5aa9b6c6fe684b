"""Replay with a network of which the test says what it finds."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from PIL import Image as Picture

from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.region import Origin, Region, ring
from core.engine.config import SegmentConfig, settings_hash
from core.errors import WeightsUnavailable
from core.export.manifest import Manifest, ManifestFile, Program, image_entry
from core.export.replay import Rebuilt, changed_files, replay
from core.files import sha256_of
from core.image.read import read_image
from core.progress import Ticket
from core.project.records import ImageRecord, RunRecord
from tests.core.export.samples import square

SHA = "ab" * 32
VERSION = metadata.version("cellscribe")
CONFIG = SegmentConfig(threshold=0.4, separation=0.3, diameter=12.0, channels=(0,))
MADE = Origin("model", "hrnet", SHA, 0.4)


def regions(count: int = 3) -> tuple[Region, ...]:
    return tuple(replace(square(12 * n, 2, n + 1), origin=MADE) for n in range(count))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pixels = np.arange(64 * 50, dtype=np.uint16).reshape(50, 64).astype(np.uint8)
    (tmp_path / "images").mkdir()
    Picture.fromarray(pixels).save(tmp_path / "images" / "a.png")
    return tmp_path / "images"


def manifest(
    folder: Path,
    items: Sequence[Region],
    untouched: bool = True,
    configs: Sequence[SegmentConfig] = (CONFIG,),
) -> Manifest:
    image = read_image(folder / "a.png")
    path = folder / "a.png"
    record = ImageRecord(1, "a.png", image.content_hash, path.stat().st_size, 64, 50)
    known = AnnotationSet("a.png", 64, 50, tuple(items), content_hash=image.content_hash)
    runs = [RunRecord(1, 0.0, RunInfo("hrnet", 0.4, 1.0), SHA, asdict(c)) for c in configs]
    entry = image_entry(record, known, runs, untouched)
    return Manifest("cellscribe-manifest", 1, Program("cellscribe", VERSION), [entry], [])


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[SegmentConfig]]:
    """Sets what the network finds, and under which weights; gives the configs it was asked with."""

    def finds(items: Sequence[Region], sha: str = SHA) -> list[SegmentConfig]:
        asked: list[SegmentConfig] = []

        def segment(image: object, config: SegmentConfig, ticket: object) -> object:
            asked.append(config)
            return SimpleNamespace(regions=tuple(items))

        monkeypatch.setattr("core.export.replay.segment", segment)
        entry = SimpleNamespace(sha256=sha)
        monkeypatch.setattr(
            "core.export.replay.find_network", lambda name: SimpleNamespace(entry=entry)
        )
        monkeypatch.setattr("core.export.replay.read_weights", lambda info: b"")
        return asked

    return finds


def again(made: Manifest, folder: Path, tolerance: float = 0.0) -> Rebuilt:
    (rebuilt,) = replay(made, folder, "cpu", tolerance, Ticket())
    return rebuilt


def test_the_same_objects_are_no_difference(folder: Path, network: Callable[..., list]) -> None:
    asked = network(regions())
    rebuilt = again(manifest(folder, regions()), folder)
    assert (rebuilt.compared, rebuilt.same, rebuilt.differences) == (3, 3, ())
    assert asked == [replace(CONFIG, device="cpu")]
    assert rebuilt.annotations and [r.id for r in rebuilt.annotations.regions] == [1, 2, 3]


def test_two_runs_that_differ_in_one_setting_are_both_made_again(
    folder: Path, network: Callable[..., list], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one separates more; an object of the first was reviewed, so it is still there."""
    network(())
    configs = [CONFIG, replace(CONFIG, separation=0.8)]
    found = {
        c.separation: replace(r, origin=replace(MADE, settings_hash=settings_hash(asdict(c))))
        for c, r in zip(configs, regions(2), strict=True)
    }
    monkeypatch.setattr(
        "core.export.replay.segment",
        lambda image, config, ticket: SimpleNamespace(regions=(found[config.separation],)),
    )
    made = manifest(folder, list(found.values()), untouched=False, configs=configs)
    rebuilt = again(made, folder)
    assert (rebuilt.compared, rebuilt.same, rebuilt.differences) == (2, 2, ())
    assert rebuilt.annotations and [r.id for r in rebuilt.annotations.regions] == [1, 2]


def test_another_version_may_be_the_reason(folder: Path, network: Callable[..., list]) -> None:
    a, b, _ = regions()
    network([a, b])
    made = manifest(folder, regions())
    assert not any("version" in told for told in again(made, folder).differences)
    old = msgspec.structs.replace(made, program=Program("cellscribe", "0.0.1"))
    assert "exported by version 0.0.1" in again(old, folder).differences[-1]
    network(regions())
    assert again(old, folder).differences == ()


def test_what_a_person_changed_is_left_out(folder: Path, network: Callable[..., list]) -> None:
    """One was deleted, one edited, one drawn, and ids are those of the project."""
    a, b, _ = regions()
    network(regions())
    kept = [replace(a, id=11), replace(b, id=12, edited=True), square(40, 30, 13)]
    rebuilt = again(manifest(folder, kept, untouched=False), folder)
    assert (rebuilt.compared, rebuilt.same, rebuilt.differences) == (1, 1, ())
    assert rebuilt.annotations and [r.id for r in rebuilt.annotations.regions] == [11]


def test_objects_that_differ_are_told(folder: Path, network: Callable[..., list]) -> None:
    a, b, c = regions()
    moved = replace(b, shell=ring(b.shell + 0.25))
    network([a, moved])
    rebuilt = again(manifest(folder, (a, b, c)), folder)
    told = "\n".join(rebuilt.differences)
    assert "a.png: hrnet finds 2 objects now, not 3 as listed" in told
    assert "a.png: hrnet does not find object 3 again" in told
    assert "the boxes are off by up to 0.25 px for object 2." in told
    assert (rebuilt.compared, rebuilt.same) == (3, 1)
    network([a, moved, c])
    assert again(manifest(folder, (a, b, c)), folder, tolerance=0.5).differences == ()


def test_other_weights(folder: Path, network: Callable[..., list]) -> None:
    asked = network(regions(), sha="cd" * 32)
    (told,) = again(manifest(folder, regions()), folder).differences
    assert "other weights here (cdcdcdcdcdcd)" in told and asked == []


def test_missing_weights(
    folder: Path, network: Callable[..., list], monkeypatch: pytest.MonkeyPatch
) -> None:
    network(regions())

    def missing(info: object) -> bytes:
        raise WeightsUnavailable("HRNet cannot run: the file is missing. Install its weights.")

    monkeypatch.setattr("core.export.replay.read_weights", missing)
    (told,) = again(manifest(folder, regions()), folder).differences
    assert "the file is missing" in told


def test_a_missing_a_changed_and_a_moved_image(
    folder: Path, network: Callable[..., list], tmp_path: Path
) -> None:
    network(regions())
    made = manifest(folder, regions())
    empty = tmp_path / "empty"
    empty.mkdir()
    (told,) = again(made, empty).differences
    assert "the image is not in" in told and "--images" in told
    (folder / "deep").mkdir()
    (folder / "a.png").rename(folder / "deep" / "renamed.png")
    assert again(made, folder).differences == ()
    Picture.new("L", (64, 50), 7).save(folder / "a.png")
    (folder / "deep" / "renamed.png").unlink()
    rebuilt = again(made, folder)
    assert "was changed since" in rebuilt.differences[0] and rebuilt.annotations is None
    (folder / "a.png").rename(folder / "deep" / "a [1].png")
    named = msgspec.structs.replace(made.images[0], name="a [1].png")
    (told,) = again(msgspec.structs.replace(made, images=[named]), folder).differences
    assert "was changed since" in told


def test_settings_that_are_unknown_or_senseless(folder: Path, network: Callable[..., list]) -> None:
    network(regions())
    made = manifest(folder, regions())
    for settings, words in (({}, "are not known"), ({"threshold": 7}, "cannot be used")):
        run = msgspec.structs.replace(made.images[0].runs[0], settings=settings)
        image = msgspec.structs.replace(made.images[0], runs=[run])
        (told,) = again(msgspec.structs.replace(made, images=[image]), folder).differences
        assert words in told


def test_files_beside_the_manifest_are_checked(tmp_path: Path) -> None:
    for name in ("same", "changed"):
        (tmp_path / name).write_bytes(b"x")
    sha = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    files = [ManifestFile(n, "json", sha) for n in ("same", "missing", "../outside")]
    files.append(ManifestFile("changed", "json", "00"))
    made = Manifest("cellscribe-manifest", 1, Program("", ""), [], files)
    told = list(changed_files(made, tmp_path))
    assert len(told) == 3 and "missing is missing" in told[0]
    assert "does not lie in the folder" in told[1] and "content has changed" in told[2]


def test_folders_beside_the_manifest_are_checked(tmp_path: Path) -> None:
    folder = tmp_path / "a.ome.zarr"
    (folder / "0").mkdir(parents=True)
    (folder / "0" / "chunk").write_bytes(b"x")
    files = [ManifestFile(folder.name, "ome-zarr", sha256_of(folder))]
    made = Manifest("cellscribe-manifest", 1, Program("", ""), [], files)
    assert not list(changed_files(made, tmp_path))
    (folder / "0" / "chunk").write_bytes(b"y")
    (told,) = changed_files(made, tmp_path)
    assert "content has changed" in told
