"""Settings of a run on the command line: where they go, what they say, what they refuse."""

import csv
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image as Picture

from app.cli import main
from app.cli.parser import build_parser
from app.cli.settings import run_settings
from app.settings.run import RunSettings
from core.engine.config import SegmentConfig
from resources import find

SMALL = find("samples/nuclei_small_field.png")


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--diameter-um", "0"], "diameter is 0.0 µm; it must lie above 0"),
        (["--max-area", "10"], "area is 10.0; it must be at least 20, the smallest area.\n"),
        (["--min-area", "nan"], "minimum area is nan; it must be at least 0.\n"),
        (["--fill-holes", "-1"], "hole size is -1.0; it must be at least 0.\n"),
        (["--device", "gpu"], "There is no device 'gpu' here; choose auto or one of: "),
        (["--detail", "11"], "detail is 11.0; it must lie between 0 and 10"),
        (["--separation", "2"], "separation is 2.0; it must lie between 0 and 1"),
        (["--channels", "0"], "channels are 0; name each once, counted from 1"),
        (["--channels", "2,2"], "channels are 2, 2; name each once"),
        (["--channels", "red"], "channels are 'red'; write numbers from 1 on"),
    ],
)
def test_senseless_settings_are_the_sentence_of_the_engine(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("segment", SMALL, "--out", tmp_path / "out", *arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and words in error
    assert not (tmp_path / "out").exists()


def test_evaluate_and_replay_refuse_an_absent_device_before_they_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in (["evaluate", "--data", tmp_path / "none"], ["replay", tmp_path / "none.json"]):
        assert run(*verb, "--device", "gpu") == 2
        assert "There is no device 'gpu' here" in capsys.readouterr().err


def test_the_summary_says_the_measured_size(tmp_path: Path) -> None:
    assert run("segment", SMALL, "--out", tmp_path) == 0
    row = next(csv.DictReader((tmp_path / "summary.csv").open()))
    assert 10 < float(row["diameter_px"]) < 40


@pytest.mark.parametrize("verb", ["segment", "evaluate"])
def test_every_setting_reaches_the_engine(verb: str) -> None:
    place = {"segment": [SMALL, "--out", "x"], "evaluate": ["--data", "x"]}[verb]
    usual = build_parser().parse_args([verb, *map(str, place)])
    assert run_settings(usual) == RunSettings(SegmentConfig())
    words = (
        "--model m --threshold 0.3 --separation 0.4 --min-confidence 0.2 --min-area 5 "
        "--max-area 600 --fill-holes 7 --exclude-border --detail 1.5 --diameter 23 --channels 1,3"
    )
    given = build_parser().parse_args([verb, *map(str, place), *words.split()])
    config = SegmentConfig("m", 0.3, 0.4, 0.2, 5, 600, True, 7, 1.5, 23, channels=(0, 2))
    assert run_settings(given) == RunSettings(config)
    given = build_parser().parse_args([verb, *map(str, place), "--diameter-um", "7.5"])
    assert run_settings(given) == RunSettings(SegmentConfig(), 7.5)


def test_settings_say_their_units_and_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("segment", "--help")
    shown = " ".join(capsys.readouterr().out.split())
    assert "square pixels (default: 20)" in shown and "pixels; smaller" in shown
    assert "in micrometres" in shown and "(default: the network's own)" in shown


def test_micrometres_need_a_scale_and_an_image_without_one_fails_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crop = np.asarray(Picture.open(SMALL).convert("L"))[:64, :64]
    scale = (1e4 / 0.5, 1e4 / 0.5)
    tifffile.imwrite(tmp_path / "a.tif", crop, resolution=scale, resolutionunit="CENTIMETER")
    Picture.fromarray(crop).save(tmp_path / "b.png")
    out = tmp_path / "out"
    assert run("segment", tmp_path, "--out", out, "--diameter-um", 12) == 2
    assert "b.png has no pixel size" in capsys.readouterr().err
    rows = list(csv.DictReader((out / "summary.csv").open()))
    assert [row["diameter_px"] for row in rows] == ["24.0", ""]
    assert [bool(row["problem"]) for row in rows] == [False, True]


def test_an_image_without_the_channel_fails_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crop = np.asarray(Picture.open(SMALL).convert("L"))[:64, :64]
    pair = np.stack([np.zeros_like(crop), crop])
    tifffile.imwrite(tmp_path / "a.tif", pair, imagej=True, metadata={"axes": "CYX"})
    Picture.fromarray(crop).save(tmp_path / "b.png")
    out = tmp_path / "out"
    assert run("segment", tmp_path, "--out", out, "--channels", "2") == 2
    assert "b.png has 1 channel and no channel 2" in capsys.readouterr().err
    rows = list(csv.DictReader((out / "summary.csv").open()))
    assert [row["objects"] != "0" for row in rows] == [True, False]
