"""The commands as a person calls them, in their own process where that matters."""

import csv
import json
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
from PIL import Image as Picture

from app.cli import main
from core.image.model import Image
from core.image.read import read_image
from core.image.source import Plane
from core.weights import SHIPPED

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
SMALL = SAMPLES / "nuclei_small_field.png"


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


def test_segment_writes_json_labels_and_a_summary(tmp_path: Path) -> None:
    assert run("segment", SMALL, "--out", tmp_path / "out") == 0
    result = json.loads((tmp_path / "out" / "nuclei_small_field.json").read_text())
    labels = tifffile.imread(tmp_path / "out" / "nuclei_small_field_labels.tif")
    assert result["model_used"] == "resunet_advanced" and 0 < result["threshold_used"] < 1
    assert result["processing_time"] > 0 and 0 < result["confidence"] <= 1
    assert len(result["polygons"]) > 10
    first = result["polygons"][0]
    assert {"id", "points", "area", "confidence"} <= first.keys()
    assert set(first["points"][0]) == {"x", "y"}
    assert labels.shape == (256, 256) and labels.dtype == np.uint8
    assert len(np.unique(labels)) == len(result["polygons"]) + 1
    row = next(csv.DictReader((tmp_path / "out" / "summary.csv").open()))
    assert int(row["objects"]) == len(result["polygons"]) and row["problem"] == ""


def test_a_bad_image_is_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Ärzte 細胞 µm"
    folder.mkdir()
    Picture.open(SMALL).crop((0, 0, 64, 64)).save(folder / "img2.png")
    Picture.open(SMALL).crop((0, 0, 64, 64)).save(folder / "img10.png")
    (folder / "broken.png").write_bytes(SMALL.read_bytes()[:500])
    assert run("segment", folder, tmp_path / "nowhere.tif", "--out", tmp_path / "out") == 2
    shown = capsys.readouterr()
    complaints = [line for line in shown.err.splitlines() if line.startswith("cellscribe:")]
    assert len(complaints) == 2
    assert any("broken.png" in line for line in complaints)
    assert any("nowhere.tif" in line for line in complaints)
    assert "Traceback" not in shown.err
    assert shown.out.index("img2.png") < shown.out.index("img10.png")
    assert (tmp_path / "out" / "img10.json").exists()
    rows = list(csv.DictReader((tmp_path / "out" / "summary.csv").open()))
    assert sorted(bool(row["problem"]) for row in rows) == [False, False, True, True]


def test_earlier_results_are_not_overwritten_unasked(tmp_path: Path) -> None:
    target = tmp_path / "nuclei_small_field.json"
    target.write_text("mine")
    assert run("segment", SMALL, "--out", tmp_path) == 2
    assert target.read_text() == "mine"
    assert run("segment", SMALL, "--out", tmp_path, "--overwrite") == 0
    assert target.read_text() != "mine"
    summary = (tmp_path / "summary.csv").read_text()
    assert run("segment", SMALL, SAMPLES / "histology_purple.png", "--out", tmp_path) == 2
    assert (tmp_path / "summary.csv").read_text() == summary
    assert not (tmp_path / "histology_purple.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "unet"], "hrnet"),
        (["--threshold", "1.5"], "threshold"),
        (["--threshold", "nan"], "threshold"),
        (["--min-area", "-3"], "minimum area"),
        (["--diameter", "0"], "diameter"),
    ],
)
def test_senseless_settings_are_one_sentence(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("segment", SMALL, "--out", tmp_path / "out", *arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and words in error
    assert not list((tmp_path).rglob("*.json"))


def test_two_inputs_of_one_stem_keep_apart(tmp_path: Path) -> None:
    crop = Picture.open(SMALL).crop((0, 0, 48, 48))
    for name in ("a/cell.png", "a/cell.tif", "b/cell.png", "b/x/cell.png", "c/x/CELL.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        crop.save(tmp_path / name)
    out = tmp_path / "out"
    folders = (tmp_path / name for name in ("a", "b", "b/x", "c/x"))
    assert run("segment", *folders, "--out", out) == 0
    assert len({path.name.casefold() for path in out.glob("[cC]*.json")}) == 5


def test_images_of_one_name_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the screen and in the table, by the paths as they were given."""
    monkeypatch.chdir(tmp_path)
    for name in ("d1/a.png", "d2/a.png", "d2/b.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Picture.open(SMALL).crop((0, 0, 48, 48)).save(name)
    Path("d3").mkdir()
    Path("d3/a.png").write_bytes(SMALL.read_bytes()[:500])
    assert run("segment", "d1", "d2", "d3", "--out", "out") == 2
    shown = capsys.readouterr()
    names = [line.partition(":")[0] for line in shown.out.splitlines()]
    assert names[:3] == [str(Path("d1/a.png")), str(Path("d2/a.png")), "b.png"]
    assert str(Path("d3/a.png")) in shown.err
    rows = list(csv.DictReader(Path("out/summary.csv").read_text().splitlines()))
    assert [(row["image"], row["output"]) for row in rows] == [
        (str(Path("d1/a.png")), "a.json"),
        (str(Path("d2/a.png")), "a.png.json"),
        (str(Path("d2/b.png")), "b.json"),
        (str(Path("d3/a.png")), ""),
    ]
    assert all(Path("out", row["output"]).is_file() for row in rows[:3])


def test_an_image_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("cell.png", "cell_labels.tif"):
        Picture.open(SMALL).crop((0, 0, 48, 48)).save(tmp_path / name)
    before = (tmp_path / "cell_labels.tif").read_bytes()
    images = sorted(tmp_path.iterdir())
    assert run("segment", *images, "--out", tmp_path, "--overwrite") == 2
    assert "name of an image" in capsys.readouterr().err
    assert (tmp_path / "cell_labels.tif").read_bytes() == before


def test_an_unexpected_error_is_a_row_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(path: Path, plane: Plane) -> Image:
        if path == SMALL:
            raise ZeroDivisionError("odd")
        return read_image(path, plane)

    good = tmp_path / "good.png"
    Picture.open(SMALL).crop((0, 0, 48, 48)).save(good)
    monkeypatch.setattr("app.cli.segment.read_image", fail)
    assert run("segment", SMALL, good, "--out", tmp_path) == 2
    assert f"{SMALL.name}: Something unexpected went wrong" in capsys.readouterr().err
    assert "odd" in (tmp_path / "summary.csv").read_text()


def test_a_folder_without_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert run("segment", tmp_path / "empty", "--out", tmp_path / "out") == 2
    assert "no image" in capsys.readouterr().err


def test_an_output_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run("segment", SMALL, "--out", tmp_path / "file" / "out") == 2
    assert "Choose another --out" in capsys.readouterr().err


def test_a_read_only_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Root may write into any folder, so the refusal is injected."""

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    assert run("segment", SMALL, "--out", tmp_path / "out") == 2
    assert "permission denied" in capsys.readouterr().err


def test_models_counts_and_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "--quick", "--json") == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["hrnet"]["parameters"] == 9_649_336
    assert rows["hrnet"]["available"] and rows["hrnet"]["file"].startswith(str(SHIPPED))
    assert rows["hrnet"]["accuracy"]["all images"]["ap50"] > 0.5
    assert run("models", "--quick") == 0
    assert "hash ok" in capsys.readouterr().out


def test_evaluate_prints_each_modality(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.core.train.collection import draw_collection

    folder = draw_collection(tmp_path / "data", train=1, val=2)
    assert run("evaluate", "--data", folder) == 0
    table = capsys.readouterr().out
    assert all(word in table for word in ("AP50", "F1", "IoU", "colour", "grey", "all images"))
    assert run("evaluate", "--data", folder, "--split", "test") == 2


def test_planes_of_a_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plane = np.asarray(Picture.open(SMALL).crop((0, 0, 64, 64)).convert("L"))
    stack = np.stack([[plane, plane[::-1]], [plane // 2, plane[:, ::-1]]])  # TZYX
    path, out = tmp_path / "stack.tif", tmp_path / "out"
    tifffile.imwrite(path, stack, imagej=True, metadata={"axes": "TZYX"})
    assert run("segment", path, "--out", out) == 0
    assert "The first of 2 time points and of 2 focal planes is used" in capsys.readouterr().err
    assert run("segment", path, "--out", out, "--time", "all", "--depth", "2", "--overwrite") == 0
    names = {file.stem for file in out.glob("stack*.json")}
    assert names == {"stack", "stack_z2", "stack_t2_z2"}
    assert run("segment", path, "--out", tmp_path / "b", "--depth", "max") == 0
    assert (tmp_path / "b" / "stack_zmax.json").exists()
    assert run("segment", path, "--out", tmp_path / "c", "--depth", "3") == 2
    assert "There is no focal plane '3': choose 1 to 2, or all." in capsys.readouterr().err


def cropped(path: Path, side: int) -> Path:
    Picture.open(SMALL).crop((0, 0, side, side)).save(path)
    return path


def test_one_image_is_one_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("segment", cropped(tmp_path / "a.png", 64), "--out", tmp_path / "out") == 0
    assert " in 1 image, written to" in capsys.readouterr().out


def test_progress_names_the_image_where_there_are_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(0, 10)
    monkeypatch.setattr("app.cli.progress.time", SimpleNamespace(monotonic=lambda: next(clock)))
    images = [cropped(tmp_path / name, 64) for name in ("a.png", "b.png")]
    assert run("segment", images[0], "--out", tmp_path / "one") == 0
    assert "a.png: " not in capsys.readouterr().err
    assert run("segment", *images, "--out", tmp_path / "two") == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("[")]
    assert told and all(" %] a.png: " in line or " %] b.png: " in line for line in told)


@pytest.mark.parametrize(("measured", "is_told"), [(7.9, True), (8, False), (257, True)])
def test_an_unlikely_measured_size_is_told_and_a_given_one_is_not(
    measured: float,
    is_told: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.engine.mapper.estimate_diameter", lambda *_: measured)
    path = cropped(tmp_path / "a.png", 64)
    assert run("segment", path, "--out", tmp_path / "out") == 0
    told = f"a.png: The objects were measured to be {measured:.1f} px across"
    assert (told in capsys.readouterr().err) == is_told
    assert run("segment", path, "--out", tmp_path / "given", "--diameter", measured) == 0
    assert "were measured" not in capsys.readouterr().err
