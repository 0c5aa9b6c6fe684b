"""What a network recommends is chosen on validation images."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from core.confidence import Confidence
from core.engine.result import Maps
from core.engine.runs import Runs
from core.engine.tree import TRAITS, Tree
from core.evaluate import calibrate
from core.evaluate.calibrate import (
    Candidates,
    Found,
    best_with,
    candidates,
    reliability,
    score,
)
from core.progress import Ticket
from tests.core.engine.scenes import scene


def found(confidence: list[float], hit: list[bool], true: int) -> Found:
    return Found(np.array(confidence), np.array(hit, bool), true)


def single(peak: np.ndarray, hit: np.ndarray, true: int, field: str = "field") -> Candidates:
    """Objects on their own that differ in the height of the cue."""
    n = len(peak)
    at = np.arange(n)
    traits = np.tile([[0.9], [0.0], [0.0], [1.0], [0.0], [1.0], [1.0]], n)
    traits[TRAITS.index("peak")] = peak
    pieces = Runs(np.zeros(n, np.int64), at, at + 1, at + 1)
    tree = Tree(pieces, np.full(n, -1), np.full(n, 100.0), traits)
    return Candidates(tree, hit, true, field)


def test_the_score_is_the_mean_over_images_and_over_objects() -> None:
    images = [found([0.9, 0.8], [True, False], 2), found([0.9], [True], 1)]
    # 1 of 3 and 1 of 1; pooled 2 of 4
    assert score(images, 0) == pytest.approx(((1 / 3 + 1) / 2 + 2 / 4) / 2)


def test_objects_that_are_left_out_are_missing_or_no_longer_wrong() -> None:
    images = [found([0.9, 0.6, 0.6], [True, False, False], 1)]
    assert score(images, 0) == pytest.approx(1 / 3)
    assert score(images, 0.7) == 1.0
    assert score(images, 0.95) == 0.0


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    images = [found([], [], 0), found([0.9], [True], 1)]
    assert score(images, 0) == 1.0


def test_the_least_confidence_leaves_the_unsure_out() -> None:
    peak = np.random.default_rng(0).uniform(0.3, 1, 600)
    image = single(peak, peak > 0.8, int((peak > 0.8).sum()))
    best = best_with([image], 0.5)
    assert 0 < best.min_confidence < 1 and best.score > 0.95
    assert best.score > score([image.chosen(best.confidence, 0.5)], 0)


def test_where_all_are_right_all_stay() -> None:
    best = best_with([single(np.array([0.6, 0.7, 0.9]), np.ones(3, bool), 3)], 0.5)
    assert (best.min_confidence, best.score) == (0.0, 1.0)


def test_small_candidates_neither_teach_nor_count() -> None:
    peak = np.random.default_rng(1).uniform(0.3, 1, 100)
    image = single(peak, peak > 0.6, 50)
    area = np.append(image.tree.area, np.full(100, 5.0))
    at = np.arange(200)
    specks = Tree(
        Runs(np.zeros(200, np.int64), at, at + 1, at + 1),
        np.full(200, -1),
        area,
        np.tile(image.tree.traits, 2),
    )
    both = replace(image, tree=specks, hit=np.append(image.hit, ~image.hit))
    assert best_with([both], 0.5) == best_with([image], 0.5)


def test_reliability_judges_each_field_by_the_others() -> None:
    """In one a high cue means a hit, in the other a miss: judged by the other, all is wrong."""
    peak = np.random.default_rng(2).uniform(0, 1, 400)
    fields = [single(peak, peak > 0.5, 200, "a"), single(peak, peak < 0.5, 200, "b")]
    table = reliability(fields, best_with(fields, 0.5).separation)
    assert sum(row.objects for row in table) == 800
    assert table[0].hits > 0.9 and table[-1].hits < 0.1


def test_candidates_are_hits_where_they_overlap_an_object_by_half() -> None:
    foreground, cue = scene((40, 40, 16), (69, 40, 16))
    truth = np.zeros(foreground.shape, np.int32)
    truth[foreground > 0] = 1
    truth[:, 55:][foreground[:, 55:] > 0] = 3
    maps = Maps(foreground, cue, "", "", 0.5, 0.5, 32.0)
    image = candidates(maps, truth, "field", 0.5)
    assert image.true == 2 and image.hit.tolist() == [True, True, False]
    whole = candidates(maps, np.minimum(truth, 1), "field", 0.5)
    assert whole.true == 1 and whole.hit.tolist() == [False, False, True]
    none = candidates(maps, np.zeros_like(truth), "field", 0.5)
    assert none.true == 0 and not none.hit.any()
    half = np.where(np.arange(truth.shape[1]) < 45, truth, 0)  # 62 % of the left disc
    assert candidates(maps, half, "field", 0.5).hit.tolist() == [True, False, False]
    third = np.where(np.arange(truth.shape[1]) < 38, truth, 0)
    assert not candidates(maps, third, "field", 0.5).hit.any()


@pytest.mark.parametrize(("parts_are_objects", "low", "high"), [(True, 0.55, 1), (False, 0, 0.5)])
def test_the_separation_is_chosen(
    monkeypatch: pytest.MonkeyPatch, parts_are_objects: bool, low: float, high: float
) -> None:
    """Wholes with a chance of 0.9 and two parts of 0.7 each, of which one or the other is right."""
    monkeypatch.setattr(calibrate, "_fitted", lambda images: Confidence(*np.zeros(7), 1.0))
    monkeypatch.setattr(Confidence, "log_odds", lambda self, traits: traits[0])
    chance = np.repeat([0.7, 0.9], [60, 30])
    traits = np.zeros((7, 90))
    traits[0] = np.log(chance / (1 - chance))
    parent = np.append(np.repeat(np.arange(60, 90), 2), np.full(30, -1))
    at = np.arange(60)
    tree = Tree(Runs(np.zeros(60, np.int64), at, at + 1, at + 1), parent, np.full(90, 99.0), traits)
    hit = (np.arange(90) < 60) == parts_are_objects
    best = best_with([Candidates(tree, hit, int(hit.sum()), "field")], 0.5)
    assert best.score == 1.0 and low <= best.separation <= high


@pytest.mark.parametrize(
    ("inside", "around", "low", "high"),
    [(0.9, 0.58, 0.6, 0.7), (0.9, 0.0, 0.25, 0.7), (0.28, 0.0, 0.25, 0.25)],
)
def test_the_best_of_all_settings_is_taken(
    monkeypatch: pytest.MonkeyPatch, inside: float, around: float, low: float, high: float
) -> None:
    """Discs in a halo twice as wide: only a threshold between both finds them."""
    discs, cue = scene((30, 40, 12), (90, 40, 12))
    halo, _ = scene((30, 40, 24), (90, 40, 24))
    maps = Maps(np.maximum(inside * discs, around * halo), cue, "", "", 0.5, 0.5, 32.0)
    truth = discs.astype(np.int32)
    truth[:, 60:] *= 2
    sample = SimpleNamespace(image=lambda: None, labels=lambda: truth, group="field")
    monkeypatch.setattr(calibrate, "probability_maps", lambda *_: maps)
    best = calibrate.calibrate(None, [sample], Ticket())  # type: ignore[arg-type, list-item]
    assert best.score == 1.0 and low <= best.threshold <= high
    assert [(row.objects, row.hits) for row in best.reliability] == [(2, 1.0)]
