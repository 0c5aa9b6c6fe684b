"""Commands that fail: one sentence, exit code 2, and nothing that stands in the way of a retry."""

from pathlib import Path

import pytest
from PIL import Image as Picture

from app.cli import main
from core.image.model import Image
from tests.sealed import seal

SMALL = Path(__file__).resolve().parents[3] / "resources" / "samples" / "nuclei_small_field.png"


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.png"
    path.write_bytes(SMALL.read_bytes()[:500])
    return path


@pytest.mark.parametrize("name", ["", "a.png"])
def test_a_folder_without_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    (sealed / "a.png").write_bytes(SMALL.read_bytes())
    seal(monkeypatch, sealed)
    assert run("segment", sealed / name, "--out", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "permission denied" in told
    assert not (tmp_path / "out").exists()


def test_bad_input_alone_leaves_no_folder(
    tmp_path: Path, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "out"
    assert run("segment", broken, tmp_path / "nowhere.tif", "--out", out) == 2
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 2 and "Nothing was segmented; 2 failed" in shown.out
    assert not (tmp_path / "new").exists()


def test_a_corrected_try_goes_into_the_same_folder(tmp_path: Path, broken: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    assert run("segment", broken, "--out", out) == 2
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    Picture.open(SMALL).crop((0, 0, 48, 48)).save(broken)
    assert run("segment", broken, "--out", out) == 0
    assert (out / "summary.csv").exists() and (out / "manifest.json").exists()


def test_an_empty_folder_that_was_there_stays(tmp_path: Path, broken: Path) -> None:
    (tmp_path / "out").mkdir()
    assert run("segment", broken, "--out", tmp_path / "out") == 2
    assert (tmp_path / "out").is_dir()


def test_what_fails_late_leaves_no_folder_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Image:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("app.cli.segment.read_image", fail)
    assert run("segment", SMALL, "--out", tmp_path / "out") == 2
    assert not (tmp_path / "out").exists()


def test_an_export_of_which_nothing_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Picture.open(SMALL).crop((0, 0, 48, 48)).save(tmp_path / "a.png")
    assert run("segment", tmp_path / "a.png", "--out", tmp_path / "first") == 0
    words = ("--format", "overlay-svg", "--out", tmp_path / "out")  # which needs the image
    assert run("export", tmp_path / "first" / "a.json", *words) == 2
    assert "was not found" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
