"""`cellscribe export`, `import` and `replay`, as a person calls them."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image as Picture

from app.cli import main
from core.formats import codec_named
from core.image.read import read_image
from core.project.delta import Delta
from core.project.store import Project
from tests.app.samples import Pictures, square

SMALL = Path(__file__).resolve().parents[3] / "resources" / "samples" / "nuclei_small_field.png"


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


@pytest.fixture
def project(pictures: Pictures) -> Path:
    """Two images, the first of which has three objects and is reviewed."""
    path = pictures.folder / "p.cellscribe"
    with Project.create(path) as made:
        first, _ = (made.add_image(read_image(p)).id for p in pictures.series(2))
        drawn = {n: square(12 * n, 2, number=n) for n in (1, 2, 3)}
        made.commit(first, Delta("Draw", {}, drawn))
        made.set_status(first, "reviewed")
    return path


def regions(project: Path, number: int) -> int:
    with Project.open(project, read_only=True) as opened:
        return len(opened.regions(number))


def test_a_project_in_several_formats(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ("--format", "coco", "--format", "label-tiff", "--out", out)
    assert run("export", project, *words) == 0
    told = capsys.readouterr().out
    assert "annotations_coco.json: identical, 3 of 3 objects" in told
    assert "Each was read back by another program" in told
    found = {path.name for path in out.iterdir()}
    assert {"img1_labels.tif", "img2_labels.tif", "export-report.html", "manifest.json"} < found
    assert run("export", project, *words) == 2
    assert "add --overwrite" in capsys.readouterr().err
    assert run("export", project, *words, "--overwrite") == 0


def test_only_what_was_reviewed_with_options(project: Path, tmp_path: Path) -> None:
    option = ("--option", "csv.separator=semicolon")
    words = ("--format", "csv", "--reviewed", "--out", tmp_path / "out", *option)
    assert run("export", project, *words) == 0
    assert ";Cell;" in (tmp_path / "out" / "img1_objects.csv").read_text("utf-8-sig")
    words = ("--format", "json", "--reviewed", "--out", tmp_path / "out2")
    assert run("export", project, *words) == 0
    assert [p.name for p in (tmp_path / "out2").glob("img*.json")] == ["img1.json"]


def test_annotation_files_become_other_formats(project: Path, tmp_path: Path) -> None:
    assert run("export", project, "--format", "json", "--out", tmp_path / "a") == 0
    files = sorted((tmp_path / "a").glob("img*.json"))
    words = ("--format", "yolo", "--split", "0.5", "--out", tmp_path / "b")
    assert run("export", *files, *words) == 0
    found = {p.relative_to(tmp_path / "b").as_posix() for p in (tmp_path / "b").rglob("*.txt")}
    assert {name.split("/")[0] for name in found} == {"train", "val"} and len(found) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--format", "doc"], "no format 'doc'"),
        (["--format", "json", "--option", "json"], "FORMAT.NAME=VALUE"),
        (["--format", "json", "--option", "json.x=1"], "no option x"),
        (["--format", "json", "--split", "2"], "share for validation"),
        (
            ["--format", "geojson", "--format", "json", "--option", "yolo.x=1"],
            "--option yolo.x=1 is for none of the chosen formats: geojson, json.",
        ),
    ],
)
def test_senseless_wishes_are_refused(
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    assert run("export", project, *words, "--out", tmp_path / "out") == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_import_adds_once_and_says_what(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", project, "--format", "json", "--out", tmp_path) == 0
    shutil.copy(tmp_path / "img1.json", tmp_path / "img2.json")
    capsys.readouterr()
    for expected in ("3 objects added to img2.png", "0 objects added to img2.png, 3 there"):
        assert run("import", project, tmp_path / "img2.json") == 0
        assert expected in capsys.readouterr().out
    assert regions(project, 2) == 3
    assert run("import", project, tmp_path / "img2.json", "--duplicates") == 0
    assert regions(project, 2) == 6
    with Project.open(project) as opened:
        opened.mark_undone(2)
        assert len(opened.regions(2)) == 3
        assert opened.image(2).status == "edited"


def test_a_bad_file_is_named_and_the_others_go_on(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "img1.json").write_text("{")
    shutil.copy(tmp_path / "img1.json", tmp_path / "stranger.json")
    assert run("export", project, "--format", "geojson", "--out", tmp_path) == 0
    files = [tmp_path / name for name in ("img1.json", "stranger.json", "img1.geojson")]
    assert run("import", project, *files, "--duplicates") == 2
    shown = capsys.readouterr()
    assert "Cannot read img1.json" in shown.err and "no image of the project" in shown.err
    assert regions(project, 1) == 6


def test_a_file_for_a_named_image_and_a_class_that_becomes_another(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.json"
    assert run("export", project, "--format", "json", "--out", tmp_path) == 0
    text = (tmp_path / "img1.json").read_text().replace('"Cell"', '"Nucleus"')
    path.write_text(text)
    words = ("--image", "img2.png", "--class", "Nucleus=Cell")
    assert run("import", project, path, *words) == 0
    with Project.open(project, read_only=True) as opened:
        assert {r.class_id for r in opened.regions(2).values()} == {0}
        assert [c.name for c in opened.classes()] == ["Cell"]
    assert run("import", project, path, "--class", "Nucleus=Ghost") == 2


def test_a_file_of_many_images_is_parsed_once(
    project: Path, tmp_path: Path, parsed: list[str]
) -> None:
    assert run("export", project, "--format", "coco", "--out", tmp_path) == 0
    (tmp_path / "annotations_coco.json").rename(tmp_path / "all.json")
    assert run("import", project, tmp_path / "all.json", "--duplicates") == 0
    assert (regions(project, 1), regions(project, 2)) == (6, 0)
    assert parsed == ["all.json"]


def test_what_cannot_be_written_is_in_the_exit_code(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(project) as opened:
        far = square(0, 40, number=70_000)
        opened.commit(2, Delta("Draw", {}, {70_000: far}))
    formats = ("--format", "label-png", "--format", "mask-png")
    assert run("export", project, *formats, "--out", tmp_path / "out") == 2
    shown = capsys.readouterr()
    assert "img2_labels.png" in shown.err and "write a label image as TIFF" in shown.err
    assert {p.name for p in (tmp_path / "out").glob("*.png")} == {
        "img1_labels.png",
        "img1_mask.png",
        "img2_mask.png",
    }


def test_segment_and_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the real network: the same objects again, and each difference told."""
    Picture.open(SMALL).crop((0, 0, 96, 80)).save(tmp_path / "a.png")
    out, again = tmp_path / "out", tmp_path / "again"
    assert run("segment", tmp_path / "a.png", "--out", out) == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["images"][0]["untouched"] and len(manifest["images"][0]["objects"]) > 2
    capsys.readouterr()
    words = ("replay", out / "manifest.json", "--images", tmp_path, "--out", again)
    assert run(*words) == 0
    made, first = (codec_named("json").read(f / "a.json").annotations for f in (again, out))
    assert [r.bounds for r in made.regions] == [r.bounds for r in first.regions]
    (out / "a.json").write_text("{}")
    (tmp_path / "a.png").unlink()
    assert run(*words) == 2
    told = capsys.readouterr().err
    assert "a.json is not as it was exported" in told and "the image is not in" in told
