"""Model cards say what the manifest says; the page beside the weights is one of them."""

from pathlib import Path

import pytest
from msgspec import structs

from core.confidence import Bin
from core.evaluate.card import card, cards_page, write_cards
from core.models.registry import SPECS
from core.weights import SHIPPED, WeightsEntry, read_manifest, write_manifest
from tests.core.train.tiny import SPEC
from tests.entries import make_entry

FIGURES = {
    "ap50": 0.8123, "ap75": 0.5234, "ap": 0.4345, "ap50_image": 0.7456, "f1": 0.8567,
    "iou": 0.8678, "images": 12, "true": 345, "found": 333,
}  # fmt: skip


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> WeightsEntry:
    monkeypatch.setitem(SPECS, SPEC.name, SPEC)
    return make_entry(
        architecture="tiny",
        threshold=0.45,
        separation=0.35,
        training="40 crops of 64 px from 9 images (usiigaci), 2 minutes, seed 7",
        accuracy={"blood": FIGURES, "yeast": FIGURES | {"ap50": 0.31}, "all images": FIGURES},
        reliability=(Bin(0.8, 0.9, 77, 0.8543, 0.8321), Bin(0.9, 1.0, 23, 0.9543, 0.9321)),
    )


def section(text: str, title: str) -> str:
    """From a bold title to the next one."""
    return text.split(f"**{title}**", 1)[1].split("\n**", 1)[0]


def test_figures_come_from_the_manifest(entry: WeightsEntry, tmp_path: Path) -> None:
    text = card(entry, tmp_path)
    row = "12 | 345 | 333 | 0.812 | 0.523 | 0.434 | 0.746 | 0.857 | 0.868"
    assert f"| blood | {row} |" in text and f"| all images | {row} |" in text
    assert "IoU above 0.5" in " ".join(text.split()) and "| IoU > 0.5 |" in text
    assert "| 0.8 to 0.9 | 77 | 0.854 | 0.832 |" in text
    assert "calibration error 0.022" in " ".join(text.split())
    assert "threshold 0.45, separation 0.35" in text and "20 px" in text
    assert "BSD-3-Clause" in section(text, "Licence")
    assert "40 crops of 64 px" in section(text, "Trained")


def test_parameters_are_counted(entry: WeightsEntry, tmp_path: Path) -> None:
    count = 3 * 8 * 9 + 2 * 8 + 8 * 4 * 9 + 4
    assert f" {count} parameters" in " ".join(card(entry, tmp_path).split())


def test_only_the_data_that_was_used_is_named(entry: WeightsEntry, tmp_path: Path) -> None:
    text = card(entry, tmp_path)
    assert "MIT" in section(text, "Trained") and "BBBC038" not in text
    other = card(
        structs.replace(entry, training="3 images (dsb2018) and 8% to 20% synthetic scenes"),
        tmp_path,
    )
    assert "CC0-1.0" in other and "generator" in other and "Usiigaci" not in other


def test_collections_of_a_person_are_named_as_their_own(
    entry: WeightsEntry, tmp_path: Path
) -> None:
    training = "9 crops from 8 images (dsb2018-b, lab) and 20% synthetic scenes; before that 9 "
    text = section(
        card(structs.replace(entry, training=f"{training} from 1 images (usiigaci)"), tmp_path),
        "Trained",
    )
    assert "- lab: your own" in text and "- dsb2018-b: your own" in text and "BBBC038" not in text
    assert "- usiigaci: the training images" in text and "- synthetic: scenes" in text


@pytest.mark.parametrize(
    "rest", [", 2 minutes", " and 15% synthetic scenes", "; before that 9", ""]
)
def test_names_of_collections_may_have_brackets(
    entry: WeightsEntry, tmp_path: Path, rest: str
) -> None:
    text = card(structs.replace(entry, training=f"3 images (my set (2), b){rest}"), tmp_path)
    assert "- my set (2): your own" in text and "- b: your own" in text


def test_no_licence_is_claimed_for_a_network_without_one(
    entry: WeightsEntry, tmp_path: Path
) -> None:
    text = card(structs.replace(entry, licence=""), tmp_path)
    assert "of the weights" not in text and not text.endswith("\n\n")


def test_weak_modalities_are_in_the_warning_with_their_figure(
    entry: WeightsEntry, tmp_path: Path
) -> None:
    warning = section(card(entry, tmp_path), "Do not use it")
    assert "yeast" in warning and "0.31" in warning and "blood" not in warning
    assert "diagnosis" in warning and "3-D" in warning
    assert "smaller than 5 px or larger than 160 px" in warning


def test_a_figure_that_is_not_defined_is_a_dash(entry: WeightsEntry, tmp_path: Path) -> None:
    nothing = {k: v for k, v in FIGURES.items() if k != "iou"}
    text = card(structs.replace(entry, accuracy={"blood": nothing}), tmp_path)
    assert "| 0.857 | – |" in text


def test_what_was_not_measured_is_not_claimed(entry: WeightsEntry, tmp_path: Path) -> None:
    text = card(structs.replace(entry, accuracy={}, reliability=()), tmp_path)
    assert "not measured" in text and "Reliability" not in text


def test_pictures_are_shown_when_they_are_there(entry: WeightsEntry, tmp_path: Path) -> None:
    assert "![" not in card(entry, tmp_path)
    (tmp_path / "tiny_cases.jpg").touch()
    (tmp_path / "other_cases.jpg").touch()
    text = card(entry, tmp_path, "some/folder/")
    assert "](some/folder/tiny_cases.jpg)" in text and "other_cases" not in text


def test_lines_are_not_long_except_in_tables(entry: WeightsEntry, tmp_path: Path) -> None:
    lines = card(entry, tmp_path).splitlines()
    assert max(len(line) for line in lines if not line.startswith("|")) <= 100


def test_a_page_has_the_card_of_every_network(entry: WeightsEntry, tmp_path: Path) -> None:
    entries = [entry, structs.replace(entry, name="tiny-mine")]
    write_manifest(tmp_path, entries)
    write_cards(tmp_path)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert all(card(one, tmp_path) in page for one in entries)


def test_the_shipped_page_is_what_the_manifest_gives() -> None:
    """After training: `cellscribe models --write-cards`."""
    assert read_manifest(SHIPPED)
    assert (SHIPPED / "README.md").read_text(encoding="utf-8") == cards_page(SHIPPED)
