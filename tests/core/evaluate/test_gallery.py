"""The picture of good and bad cases, from cases that are drawn here."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from core.annotation.raster import regions_from_labels
from core.annotation.region import Region
from core.evaluate.collection import read_collection
from core.evaluate.evaluate import Case, draw_case
from core.evaluate.gallery import (
    CAPTION,
    FOUND,
    GAP,
    HEADER,
    INVENTED,
    LARGEST,
    MISSED,
    PANEL,
    ROW,
    WIDTH,
    best_and_worst,
    draw_gallery,
)
from tests.core.train.collection import draw_collection


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    """Two modalities with two images; in the later image of each, one object is found."""
    samples = read_collection(draw_collection(tmp_path / "data", train=0, val=4), "val")

    def found(number: int) -> tuple[Region, ...]:
        outlines = regions_from_labels(samples[number].labels())
        regions = [Region(i, o.shell, confidence=0.9) for i, o in enumerate(outlines, 1)]
        return tuple(regions if number < 2 else regions[:1])

    return [draw_case(sample, lambda image, i=i: found(i)) for i, sample in enumerate(samples)]


def pixels_like(panel: np.ndarray, colour: tuple[int, int, int]) -> int:
    """Pixels whose colour is close to one of the pens."""
    return int((np.abs(panel.astype(int) - colour).max(axis=2) < 60).sum())


def panels(path: Path, row: int) -> tuple[np.ndarray, np.ndarray]:
    """The left and the right picture of a row."""
    with Picture.open(path) as picture:
        page = np.asarray(picture)
    top = HEADER + row * (ROW + PANEL + CAPTION) + ROW
    left, right = GAP, 2 * GAP + PANEL
    return page[top : top + PANEL, left : left + PANEL], page[
        top : top + PANEL, right : right + PANEL
    ]


def test_the_picture_has_a_row_for_each_modality(cases: list[Case], tmp_path: Path) -> None:
    draw_gallery(cases, tmp_path / "cases.jpg")
    with Picture.open(tmp_path / "cases.jpg") as page:
        assert page.format == "JPEG"
        assert page.size == (WIDTH, HEADER + 2 * (ROW + PANEL + CAPTION))
    assert 10_000 < (tmp_path / "cases.jpg").stat().st_size <= LARGEST


def test_the_best_is_left_and_the_worst_right(cases: list[Case]) -> None:
    pairs = best_and_worst(cases)
    names = {m: (best.sample.name, worst.sample.name) for m, (best, worst) in pairs.items()}
    assert names == {"colour": ("d1", "d3"), "grey": ("d0", "d2")}


def test_missed_objects_stand_out(cases: list[Case], tmp_path: Path) -> None:
    draw_gallery(cases, tmp_path / "cases.jpg")
    good, bad = panels(tmp_path / "cases.jpg", row=1)
    assert pixels_like(good, MISSED.colour) < 50 < pixels_like(bad, MISSED.colour)
    assert pixels_like(good, FOUND.colour) > 2 * pixels_like(bad, FOUND.colour)


def test_invented_objects_stand_out(cases: list[Case], tmp_path: Path) -> None:
    square = Region(99, np.array([[4.0, 4], [20, 4], [20, 9], [4, 9]]), confidence=0.9)
    sample = cases[2].sample
    wrong = draw_case(sample, lambda image: (square,))
    draw_gallery([cases[0], wrong], tmp_path / "cases.jpg")
    good, bad = panels(tmp_path / "cases.jpg", row=0)
    assert pixels_like(good, INVENTED.colour) == 0 < pixels_like(bad, INVENTED.colour)


def test_one_image_of_a_kind_is_shown_once(cases: list[Case], tmp_path: Path) -> None:
    draw_gallery(cases[:1], tmp_path / "cases.jpg")
    shown, empty = panels(tmp_path / "cases.jpg", row=0)
    assert shown.std() > 20 and np.median(empty) > 250


def test_an_image_without_any_object(cases: list[Case], tmp_path: Path) -> None:
    labels = tmp_path / "empty.png"
    with Picture.open(cases[0].sample.labels_path) as truth:
        Picture.new("I;16", truth.size).save(labels)
    sample = replace(cases[0].sample, labels_path=labels)
    draw_gallery([draw_case(sample, lambda image: ())], tmp_path / "cases.jpg")
    assert (tmp_path / "cases.jpg").exists()
