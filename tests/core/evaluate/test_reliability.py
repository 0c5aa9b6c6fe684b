"""Calibrated confidence: simulated objects whose chance of a hit is known."""

import numpy as np
import pytest

from core.evaluate.reliability import (
    Bin,
    Confidence,
    calibration_error,
    cross_fitted,
    fit_confidence,
    reliability_table,
)


def simulated(
    slope: float, offset: float, n: int = 40_000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Mean probabilities as networks give them, mostly high, and hits at the stated chance."""
    rng = np.random.default_rng(seed)
    p = rng.beta(5, 1.5, n)
    return p, rng.random(n) < Confidence(slope, offset)(p)


@pytest.mark.parametrize(("slope", "offset"), [(1, 0), (0.4, -1), (2.5, -3), (1.2, 1), (0.1, 0.5)])
def test_the_fit_recovers_what_the_hits_were_drawn_with(slope: float, offset: float) -> None:
    found = fit_confidence(*simulated(slope, offset))
    assert found.slope == pytest.approx(slope, abs=0.1)
    assert found.offset == pytest.approx(offset, abs=0.15)


def test_no_small_change_of_the_fit_explains_the_hits_better() -> None:
    p, hit = simulated(0.7, -0.8, 2000)
    found = fit_confidence(p, hit)

    def surprise(slope: float, offset: float) -> float:
        chance = Confidence(slope, offset)(p)
        prior = ((slope - 1) ** 2 + offset**2) / 8
        return float(prior - np.log(np.where(hit, chance, 1 - chance)).sum())

    best = surprise(found.slope, found.offset)
    steps = [(0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.01, -0.01), (-0.01, 0.01)]
    assert all(surprise(found.slope + a, found.offset + b) > best for a, b in steps)


def test_without_objects_confidence_stays_as_it_is() -> None:
    assert fit_confidence([], []) == Confidence()
    p = np.linspace(0.01, 0.99, 50)
    assert Confidence()(p) == pytest.approx(p)


@pytest.mark.parametrize("hit", [False, True])
@pytest.mark.parametrize("n", [1, 5, 3000])
def test_all_hit_or_all_missed(hit: bool, n: int) -> None:
    found = fit_confidence(np.linspace(0.6, 1.0, n), np.full(n, hit))
    assert np.isfinite([found.slope, found.offset]).all() and found.slope >= 0
    chance = float(found(0.8))
    assert chance > 0.8 if hit else chance < 0.8
    if n == 3000:
        assert chance == pytest.approx(float(hit), abs=0.02)


def test_hits_that_p_separates_perfectly_give_finite_numbers() -> None:
    p = np.linspace(0, 1, 500)
    found = fit_confidence(p, p > 0.7)
    assert 1 < found.slope < 100
    assert found(0.5) < 0.1 and found(0.9) > 0.9


def test_zero_and_one_are_values_like_others() -> None:
    found = fit_confidence([0.0, 1.0, 1.0, 1.0], [False, True, True, False])
    shown = found([0.0, 0.5, 1.0])
    assert np.isfinite(shown).all() and (np.diff(shown) > 0).all()


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_objects_stays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = fit_confidence(rng.random(30), rng.random(30) < 0.5)
    chances = found(np.linspace(0, 1, 101))
    assert (np.diff(chances) >= 0).all() and 0 <= chances[0] <= chances[-1] <= 1


def test_where_higher_p_means_fewer_hits_all_get_one_chance() -> None:
    p = np.linspace(0.1, 0.9, 1000)
    found = fit_confidence(p, p < 0.4)
    assert found.slope == 0
    assert found(p) == pytest.approx(np.mean(p < 0.4), abs=0.01)


def test_the_height_of_the_cue_counts_as_much_as_the_hits_say() -> None:
    rng = np.random.default_rng(3)
    p, peak = rng.beta(5, 1.5, 40_000), rng.beta(4, 2, 40_000)
    hit = rng.random(40_000) < Confidence(0.8, -2, 1.5)(p, peak)
    found = fit_confidence(p, hit, peak)
    assert (found.slope, found.offset, found.rise) == pytest.approx((0.8, -2, 1.5), abs=0.15)
    assert cross_fitted(p, hit, np.arange(40_000) % 5, peak) == pytest.approx(
        found(p, peak), abs=0.02
    )


def test_a_higher_peak_with_fewer_hits_does_not_count() -> None:
    p, peak = np.full(1000, 0.8), np.linspace(0.1, 0.9, 1000)
    found = fit_confidence(p, peak < 0.4, peak)
    assert found.rise == 0
    assert found(0.8, 0.1) == found(0.8, 0.9)


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


def test_calibrated_confidence_is_reliable_where_the_raw_one_is_not() -> None:
    p, hit = simulated(0.5, -1.5)
    fields = np.arange(len(p)) % 20
    raw = calibration_error(reliability_table(p, hit))
    calibrated = calibration_error(reliability_table(cross_fitted(p, hit, fields), hit))
    assert raw > 0.2 and calibrated < 0.02


def test_no_object_is_judged_by_its_own_field() -> None:
    p, hit = simulated(0.8, 0.3, 300)
    fields = np.repeat(["a", "b", "c"], 100)
    judged = cross_fitted(p, hit, fields)
    others = fit_confidence(p[100:], hit[100:])
    assert judged[:100] == pytest.approx(others(p[:100]))
    turned = np.where(fields == "a", ~hit, hit)
    assert cross_fitted(p, turned, fields)[:100] == pytest.approx(judged[:100])
