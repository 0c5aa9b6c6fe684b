"""`cellscribe train` as a person sees it."""

import errno
from dataclasses import fields
from pathlib import Path

import pytest
from PIL import Image as Picture

from app.cli import main
from core.models.registry import SPECS
from core.train.settings import TrainSettings, option_of
from core.weights import SHIPPED, manifest_folders, read_manifest, write_manifest
from tests.core.train.collection import draw_collection
from tests.core.train.tiny import SPEC


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(SPECS, SPEC.name, SPEC)
    monkeypatch.chdir(tmp_path)
    return draw_collection(tmp_path / "data", size=64)


def train(folder: Path, *options: object) -> int:
    small = ("--crops", 4, "--batch", 2, "--crop-size", 64)
    return main([str(word) for word in ("train", "--data", folder, *small, *options)])


def test_a_person_is_told_what_is_trained_and_how_to_use_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder, "--network", "tiny") == 0
    shown = capsys.readouterr()
    stages = ("checking images", "from new, random weights", "reading images: 3 of 3", "seen")
    places = [shown.err.index(stage) for stage in stages]
    assert places == sorted(places)
    assert "too little for a usable network" in shown.err
    assert "--from-weights with another --run" in shown.err
    assert "--model tiny-mine" in shown.out and "replaces" not in shown.out
    (entry,) = read_manifest(manifest_folders()[-1])
    assert entry.name == "tiny-mine" and entry.training.startswith("4 crops of 64 px from 3 images")


def test_what_a_network_replaces_is_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder, "--network", "tiny") == train(folder, "--network", "tiny") == 0
    shown = capsys.readouterr()
    assert "runs/tiny is finished (4 crops" in shown.err.replace("\\", "/")
    (entry,) = read_manifest(manifest_folders()[-1])
    score = f"{entry.accuracy['all images']['ap50']:.3f}"
    assert f"images {score}; the network that it replaces had {score}" in shown.out


def test_accuracies_on_other_images_are_not_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder, "--network", "tiny") == 0
    mine = manifest_folders()[-1]
    (entry,) = read_manifest(mine)
    entry.accuracy["all images"]["true"] += 1
    write_manifest(mine, [entry])
    assert train(folder, "--network", "tiny") == 0
    assert "replaces was measured on other images" in capsys.readouterr().out


def test_a_finished_run_is_published_with_its_own_settings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder, "--network", "tiny") == 0
    (first,) = read_manifest(manifest_folders()[-1])
    others = ("--crop-size", 128, "--synthetic", 0, "--seed", 5)
    assert train(folder, "--network", "tiny", *others) == 0
    (again,) = read_manifest(manifest_folders()[-1])
    assert again.training == first.training and "64 px" in first.training
    ignored = "ignored: --crop-size 64 -> 128, --synthetic 0.15 -> 0.0, --seed 0 -> 5"
    assert ignored in capsys.readouterr().err


def test_a_folder_for_the_result_that_is_read_only_is_told_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    assert train(folder, "--network", "tiny", "--weights", folder / "w") != 0
    (line,) = capsys.readouterr().err.splitlines()
    assert f"Cannot write into {folder / 'w'}" in line


def test_training_on_from_the_shipped_weights(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder, "--from-weights", "--weights", tmp_path / "w") == 0
    (entry,) = read_manifest(tmp_path / "w")
    shipped = next(e for e in read_manifest(SHIPPED) if e.name == "resunet_advanced")
    assert entry.training.startswith("4 crops of 64 px")
    assert entry.training.endswith(f"; before that {shipped.training}")
    assert (tmp_path / "w" / "resunet_advanced.safetensors").stat().st_size > 1e6
    assert (tmp_path / "runs" / "resunet_advanced" / "checkpoint.pt").exists()
    shown = capsys.readouterr()
    assert "all images" in shown.out and f"written to {tmp_path / 'w'}" in shown.out
    assert "installed weights" in shown.err and "too little" not in shown.err


@pytest.mark.parametrize(
    "option", ["--batch 0", "--crops 0", "--minutes 0", "--rate nan", "--synthetic -1", "--seed -1"]
)
def test_numbers_out_of_range_are_told_in_a_sentence(
    folder: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder, *option.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"cellscribe: {option.split()[0]} is ") and "between" in line


def test_labels_are_checked_before_anything_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "discs" / "labels" / "d3.png"  # for validation
    Picture.new("L", (50, 64), 1).save(path)
    assert train(folder, "--network", "tiny") == 2
    shown = capsys.readouterr().err
    assert f"{path} has 50 x 64 pixels" in shown and "training" not in shown
    assert main(["evaluate", "--data", str(folder)]) == 2
    assert f"{path} has 50 x 64 pixels" in capsys.readouterr().err


def test_the_help_describes_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert all(name in shown for name in SPECS) and "(default: resunet_advanced)" in shown
    assert "1 to 1,024 (default: 4)" in shown
    assert "the result, which is called NETWORK there" in shown
    assert all(f"{option_of(field.name)} " in shown for field in fields(TrainSettings))
