import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from core.annotation.annotation_set import RunInfo
from core.annotation.region import Origin
from core.engine.config import SegmentConfig, settings_hash
from core.errors import FormatError
from core.export.manifest import (
    ManifestFile,
    image_entry,
    manifest_bytes,
    read_manifest,
)
from core.export.request import ExportRequest
from core.project.records import RunRecord
from tests.core.export.samples import FakeSource, annotations, export, record

ONE, TWO = (Origin("model", "hrnet", sha * 32, 0.5) for sha in ("ab", "cd"))
RUNS = [
    RunRecord(3, 1.0, RunInfo("hrnet", 0.5, 9.0), "ab" * 32, {"model": "hrnet", "min_area": 9}),
    RunRecord(3, 2.0, RunInfo("hrnet", 0.5, 9.0), "ef" * 32, {"model": "hrnet", "min_area": 7}),
]


def mixed():  # type: ignore[no-untyped-def]
    """Three objects: of a known run, of an unknown one and edited, and a drawn one."""
    a, b, c = annotations(3).regions
    regions = (replace(a, origin=ONE), replace(b, origin=TWO, edited=True), c)
    return replace(annotations(3), regions=regions, pixel_size_um=0.5, content_hash="99")


def test_objects_name_the_run_that_made_them() -> None:
    entry = image_entry(record(3, "c.png"), mixed(), RUNS)
    assert [(run.weights_sha256[:2], run.settings) for run in entry.runs] == [
        ("ab", {"model": "hrnet", "min_area": 9}),
        ("cd", {}),
    ]
    assert [(o.origin, o.run, o.is_replayed) for o in entry.objects] == [
        ("model", 0, True),
        ("model", 1, False),
        ("human", None, False),
    ]
    assert entry.pixel_size_um == 0.5 and entry.sha256 == "99"


@pytest.mark.parametrize(
    "change",
    [
        {"separation": 0.6},
        {"min_confidence": 0.5},
        {"min_area": 9.0},
        {"max_area": 900.0},
        {"exclude_border": True},
        {"fill_holes": 5.0},
        {"detail": 0.1},
        {"diameter": 12.0},
        {"channels": (1,)},
    ],
)
def test_runs_with_other_settings_are_others(change: dict[str, Any]) -> None:
    """Two runs of one network at one threshold; a reviewed object of the first one is kept."""
    a, b, _ = annotations(3).regions
    configs = [asdict(SegmentConfig("hrnet", threshold=0.5, **more)) for more in ({}, change)]
    regions = tuple(
        replace(r, origin=replace(ONE, settings_hash=settings_hash(c)))
        for r, c in zip((a, b), configs, strict=True)
    )
    runs = [RunRecord(3, 1.0, RunInfo("hrnet", 0.5, 9.0), "ab" * 32, c) for c in configs]
    entry = image_entry(record(3, "c.png"), replace(annotations(3), regions=regions), runs)
    assert [run.settings for run in entry.runs] == configs
    assert [o.run for o in entry.objects] == [0, 1]


def test_on_which_device_it_ran_makes_no_other_run() -> None:
    one, other = (asdict(SegmentConfig(device=device)) for device in ("cpu", "cuda"))
    assert settings_hash(one) == settings_hash(other) != settings_hash({**one, "detail": 1.0})


def test_a_run_that_found_nothing_is_listed() -> None:
    entry = image_entry(record(3, "c.png"), annotations(0), RUNS)
    assert [run.weights_sha256[:2] for run in entry.runs] == ["ef"]
    again = [*RUNS, replace(RUNS[0], settings={"model": "hrnet", "min_area": 5})]
    (run,) = image_entry(record(3, "c.png"), annotations(0), again).runs
    assert (run.weights_sha256[:2], run.settings["min_area"]) == ("ab", 5)
    assert image_entry(record(3, "c.png"), annotations(3), []).runs == []


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    entry = image_entry(record(3, "c.png"), mixed(), RUNS, untouched=True)
    files = [ManifestFile("c.json", "json", "12")]
    path = tmp_path / "manifest.json"
    path.write_bytes(manifest_bytes([entry], files))
    read = read_manifest(path)
    assert (read.images, read.files) == ([entry], files)
    assert path.read_bytes() == manifest_bytes([entry], files)


def test_an_export_has_its_manifest(tmp_path: Path) -> None:
    runs = FakeSource(lambda n: mixed() if n == 3 else annotations(n), known_runs=RUNS)
    report = export(ExportRequest(tmp_path, ("json",)), runs)
    manifest = read_manifest(tmp_path / "manifest.json")
    assert [len(image.objects) for image in manifest.images] == [1, 2, 3]
    assert [(f.name, f.sha256) for f in manifest.files] == [
        (r.name, r.sha256) for r in report.files
    ]
    text = (tmp_path / "manifest.json").read_text()
    assert str(tmp_path) not in text and "2026" not in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a manifest"),
        ("[1]", "is not a manifest"),
        ('{"schema": "other"}', "is not a manifest"),
        ("[" * 100_000, "is not a manifest"),
        (
            json.dumps(
                {
                    "schema": "cellscribe-manifest",
                    "version": 99,
                    "program": {"name": "", "version": ""},
                    "images": [],
                    "files": [],
                }
            ),
            "version 99",
        ),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(FormatError, match=words):
        read_manifest(tmp_path / "m.json")
    with pytest.raises(FormatError, match="no such file"):
        read_manifest(tmp_path / "missing.json")
