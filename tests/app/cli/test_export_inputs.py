"""What `export` makes of inputs that are neither a project nor outlines."""

import json
from pathlib import Path

import pytest

from app.cli import main
from app.cli.manifest import is_manifest, write_manifest
from core.annotation.annotation_set import AnnotationSet
from core.formats import codec_named
from core.project.store import Project
from tests.app.samples import square


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """As `segment` leaves them: outlines of two images, and their manifest."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name in ("a", "z"):
        drawn = AnnotationSet(f"{name}.png", 40, 30, (square(2, 2),))
        codec_named("json").write(folder / f"{name}.json", drawn)
    write_manifest(folder, [], {})
    return folder


def test_a_manifest_among_the_files_is_left_out(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(results.glob("*.json"))
    assert len(files) == 3
    assert run("export", *files, "--format", "geojson", "--out", tmp_path / "out") == 0
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and f"{results / 'manifest.json'} is a manifest" in told
    assert {path.stem for path in (tmp_path / "out").glob("*.geojson")} == {"a", "z"}


def test_a_manifest_alone_is_no_image(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--format", "geojson", "--out", tmp_path / "out")
    assert run("export", results / "manifest.json", *words) == 2
    assert "There is no image to export" in capsys.readouterr().err


def test_a_folder_says_what_to_name(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--format", "geojson", "--out", tmp_path / "out")
    assert run("export", results, *words) == 2
    assert f"is a folder: name what is in it, such as {results / '*.json'}." in (
        capsys.readouterr().err
    )
    with Project.create(results / "mine.cellscribe"):
        assert run("export", results, *words) == 2
    assert f"such as {results / 'mine.cellscribe'}." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps({"version": 99, "schema": "cellscribe-manifest", "images": 1}), True),
        (json.dumps({"schema": "other"}), False),
        (json.dumps([1]), False),
        ("{", False),
        ("\x00\xff", False),
    ],
)
def test_the_schema_says_what_a_manifest_is(text: str, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    assert is_manifest(path) is expected
    assert not is_manifest(tmp_path)
