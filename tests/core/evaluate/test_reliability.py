"""Calibrated confidence: simulated candidates whose chance of a hit is known."""

from dataclasses import fields, replace

import msgspec
import numpy as np
import pytest

from core.confidence import PRODUCTS, TYPICAL, Bin, Confidence
from core.engine.tree import TRAITS
from core.evaluate.reliability import calibration_error, fit_confidence, reliability_table

OTHER = Confidence(8.0, 2.0, -1.0, 3.0, 0.0, -2.0, 2.0, -11.0)
MIXED = replace(OTHER, foreground=0.0, products=(6.0, 9.0, *[0.0] * 25, -2.0))


def simulated(confidence: Confidence, n: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    """Traits of every kind, and hits at the stated chance."""
    rng = np.random.default_rng(0)
    traits = rng.beta(3, 1.5, (7, n))
    return traits, rng.random(n) < confidence(traits)


@pytest.mark.parametrize("confidence", [TYPICAL, OTHER, MIXED])
def test_the_fit_recovers_what_the_hits_were_drawn_with(confidence: Confidence) -> None:
    traits, hit = simulated(confidence)
    found = fit_confidence(traits, hit)
    assert np.abs(found(traits) - confidence(traits)).mean() < 0.01


def test_no_small_change_of_the_fit_explains_the_hits_better() -> None:
    traits, hit = simulated(OTHER, 60)
    best = fit_confidence(traits, hit).weights

    def surprise(weights: np.ndarray) -> float:
        chance = Confidence.of_weights(weights)(traits)
        prior = np.sum((weights - TYPICAL.weights) ** 2) / 50
        return float(prior - np.log(np.where(hit, chance, 1 - chance)).sum())

    steps = [sign * 0.02 * step for step in np.eye(36) for sign in (1, -1)]
    assert all(surprise(best + step) > surprise(best) for step in steps)


def test_the_weights_are_in_the_order_of_the_traits() -> None:
    assert tuple(field.name for field in fields(Confidence)) == (*TRAITS, "bias", "products")
    traits = np.random.default_rng(5).random((7, 20))
    a, b = TRAITS.index("peak"), TRAITS.index("seam")
    both = np.flatnonzero((PRODUCTS[0] == a) & (PRODUCTS[1] == b))[0]
    mixed = replace(TYPICAL, products=tuple(np.eye(28)[both]))
    assert mixed.log_odds(traits) - TYPICAL.log_odds(traits) == pytest.approx(traits[a] * traits[b])


def test_weights_and_calibration_are_the_same() -> None:
    assert Confidence.of_weights(MIXED.weights) == MIXED
    assert len(MIXED.weights) == 36


def test_what_was_fitted_to_other_numbers_is_not_taken_for_these() -> None:
    """An entry of a network that an older version has published."""
    old = {"slope": 1.6, "offset": -4.7, "rise": 1.6}
    assert msgspec.convert(old, Confidence) == TYPICAL


def test_a_calibration_without_products_is_as_it_was() -> None:
    traits = np.random.default_rng(6).random((7, 20))
    old = msgspec.convert({**dict.fromkeys(TRAITS, 2.0), "bias": -3.0}, Confidence)
    assert old.log_odds(traits) == pytest.approx(2 * traits.sum(0) - 3)


def test_without_candidates_confidence_is_typical() -> None:
    assert fit_confidence(np.empty((7, 0)), []) == TYPICAL


@pytest.mark.parametrize("hit", [False, True])
@pytest.mark.parametrize("n", [1, 5, 3000])
def test_all_hit_or_all_missed(hit: bool, n: int) -> None:
    traits = np.tile([[0.9], [0.8], [0.3], [1.0], [0.1], [1.0], [0.95]], n)
    before, found = TYPICAL(traits)[0], fit_confidence(traits, np.full(n, hit))
    assert np.isfinite(found.weights).all()
    assert found(traits)[0] > before if hit else found(traits)[0] < before
    if n == 3000:
        assert found(traits)[0] == pytest.approx(float(hit), abs=0.02)


def test_hits_that_a_trait_separates_perfectly_give_finite_numbers() -> None:
    traits = np.full((7, 500), 0.9)
    traits[1] = np.linspace(0, 1, 500)
    found = fit_confidence(traits, traits[1] > 0.7)
    assert 5 < found.peak < 200
    assert found(traits)[250] < 0.1 and found(traits)[450] > 0.9


def test_log_odds_are_those_of_the_chance() -> None:
    traits = np.random.default_rng(3).random((7, 50))
    chance = TYPICAL(traits)
    assert TYPICAL.log_odds(traits) == pytest.approx(np.log(chance) - np.log1p(-chance))


def test_the_table_counts_every_object_once() -> None:
    rng = np.random.default_rng(1)
    confidence = np.append(rng.random(500), [0.0, 1.0])
    hit = rng.random(502) < 0.5
    table = reliability_table(confidence, hit)
    assert sum(b.objects for b in table) == 502
    assert sum(b.objects * b.hits for b in table) == pytest.approx(hit.sum(), abs=0.1)
    assert all(b.low <= b.confidence <= b.high for b in table)
    assert [b.low for b in table] == pytest.approx(np.arange(10) / 10)


def test_empty_bins_are_left_out() -> None:
    table = reliability_table([0.31, 0.35, 0.95], [True, False, True])
    assert table == (Bin(0.3, 0.4, 2, 0.33, 0.5), Bin(0.9, 1.0, 1, 0.95, 1.0))
    assert reliability_table([], []) == ()


def test_the_calibration_error_weighs_bins_by_objects() -> None:
    table = (Bin(0.3, 0.4, 30, 0.35, 0.55), Bin(0.9, 1.0, 10, 0.95, 0.95))
    assert calibration_error(table) == pytest.approx(0.15)
    assert calibration_error(()) == 0


def test_fitted_confidence_is_reliable_where_the_typical_one_is_not() -> None:
    traits, hit = simulated(OTHER)
    half = len(hit) // 2
    found = fit_confidence(traits[:, :half], hit[:half])

    def error(confidence: Confidence) -> float:
        return calibration_error(reliability_table(confidence(traits[:, half:]), hit[half:]))

    assert error(TYPICAL) > 0.08 and error(found) < 0.02
