"""`cellscribe models`: counts and times come from the networks themselves."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from app.cli import main
from core.engine.config import SegmentConfig
from core.evaluate.card import card
from core.models.registry import SPECS
from core.weights import SHIPPED, read_manifest, write_manifest
from tests.core.train.tiny import SPEC
from tests.entries import make_entry


@pytest.fixture
def only_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """One small architecture beside the shipped network and a small picture: timing is quick."""
    monkeypatch.setattr("app.cli.models.TIMED_SIDE", 64)
    for name in set(SPECS) - {entry.name for entry in read_manifest(SHIPPED)}:
        monkeypatch.delitem(SPECS, name)
    monkeypatch.setitem(SPECS, SPEC.name, SPEC)


@pytest.mark.usefixtures("only_tiny")
def test_counts_and_times_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["tiny"]["parameters"] == 524 and not rows["tiny"]["available"]
    assert all(row["seconds_per_megapixel"] > 0 for row in rows.values())
    entry = next(e for e in read_manifest(SHIPPED) if e.name == "hrnet")
    assert rows["hrnet"]["sha256"] == entry.sha256
    assert rows["hrnet"]["diameter"] == entry.diameter and rows["hrnet"]["stride"] == 32
    assert rows["tiny"]["threshold"] is None and rows["tiny"]["stride"] == 1


@pytest.mark.usefixtures("only_tiny")
def test_quick_leaves_the_time_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.models.forward", pytest.fail)
    assert main(["models", "--quick", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all("seconds_per_megapixel" not in row for row in rows)
    assert main(["models", "--quick"]) == 0
    assert "s per megapixel" not in capsys.readouterr().out


@pytest.mark.usefixtures("only_tiny")
def test_the_table_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    entry = next(e for e in read_manifest(SHIPPED) if e.name == "hrnet")
    assert entry.sha256[:12] in shown and "s per megapixel on this" in shown
    assert f"threshold {entry.threshold:g}" in shown and "524" in shown
    assert "no weights for tiny" in shown


def test_a_card_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--card", "hrnet"]) == 0
    entry = next(e for e in read_manifest(SHIPPED) if e.name == "hrnet")
    assert capsys.readouterr().out == card(entry, SHIPPED, f"{SHIPPED.as_posix()}/")


def test_a_card_of_an_unknown_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--card", "unet"]) == 2
    error = capsys.readouterr().err
    assert "no network called 'unet'" in error and "hrnet" in error and error.count("\n") == 1


@pytest.mark.usefixtures("only_tiny")
def test_a_network_without_weights_has_no_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--card", "tiny"]) == 2
    assert "no card" in capsys.readouterr().err


def test_cards_are_written_beside_the_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.models.SHIPPED", tmp_path)
    write_manifest(tmp_path, read_manifest(SHIPPED))
    assert main(["models", "--write-cards"]) == 0
    assert "## hrnet" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_default_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--quick"]) == 0
    heads = [text.split("\n")[0] for text in capsys.readouterr().out.split("\n\n")]
    (marked,) = [head for head in heads if head.endswith(" (the default)")]
    assert marked.startswith(f"{SegmentConfig().model}: ")


@pytest.mark.usefixtures("only_tiny")
@pytest.mark.parametrize("json_too", [[], ["--json"]])
def test_a_network_that_cannot_be_built_hides_no_other(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    json_too: list[str],
) -> None:
    entry = make_entry(architecture="tiny")
    strange = structs.replace(entry, name="strange", arguments={"depth": 5})
    write_manifest(tmp_path, [strange, structs.replace(entry, name="old", architecture="unet")])
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [SHIPPED, tmp_path])
    assert main(["models", *json_too]) == 0
    shown = capsys.readouterr().out
    assert "takes no argument 'depth'" in shown and "no architecture 'unet'" in shown
    assert "hrnet" in shown and "524" in shown
    assert main(["models", "--card", "strange"]) == 2
    assert "'depth'" in capsys.readouterr().err


@pytest.mark.usefixtures("only_tiny")
def test_one_image_is_no_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = {"ap50": 1.0, "ap75": 1.0, "f1": 1.0, "images": 1, "true": 2}
    write_manifest(tmp_path, [make_entry(architecture="tiny", accuracy={"grey": figures})])
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [tmp_path])
    assert main(["models", "--quick"]) == 0
    assert "(1 validation image, 2 objects)" in capsys.readouterr().out


@pytest.mark.usefixtures("only_tiny")
def test_a_damaged_manifest_of_the_person_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_manifest(tmp_path, [make_entry(threshold=7.0)])
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [SHIPPED, tmp_path])
    assert main(["models", "--quick"]) == 0
    told = capsys.readouterr()
    assert "hrnet" in told.out and told.err.count("\n") == 1
    assert str(tmp_path) in told.err and "threshold" in told.err
