"""Histograms of every type of value: bounds, bins, and what is left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.histogram import BINS, Histogram, histogram
from core.image.scale import Window, percentile_window

RANDOM = np.random.default_rng(3)
DTYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_value_is_counted(dtype: str) -> None:
    values = RANDOM.integers(0, 100, (60, 50)).astype(dtype)
    shown = histogram(values, Window(0, 99))
    assert shown.counts.sum() == values.size
    assert shown.bounds.low <= 0 and shown.bounds.high >= 99
    assert shown.whole == (dtype[0] != "f")


def test_bins_of_whole_numbers_hold_equally_many() -> None:
    ramp = np.arange(1000, dtype=np.uint16).repeat(3).reshape(30, 100)
    counts = histogram(ramp, Window(0, 999)).counts
    assert len(counts) <= BINS and len(set(counts[:-1].tolist())) == 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_constant_image(dtype: str) -> None:
    shown = histogram(np.full((5, 4), 7, dtype), Window(7, 7))
    assert shown.counts.sum() == 20 and 0 < shown.place(7) < 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_left_out(bad: float) -> None:
    values = RANDOM.random((40, 40)).astype(np.float32)
    values[:5] = bad
    assert histogram(values, percentile_window(values)).counts.sum() <= 35 * 40
    nothing = histogram(np.full((3, 3), bad, np.float32), Window(0, 1))
    assert nothing.counts.sum() == 0 and nothing.bounds == Window(0, 1)


def test_defective_pixels_do_not_press_the_others_together() -> None:
    values = RANDOM.normal(500, 50, (500, 500)).clip(100, 900).astype(np.uint16)
    values[3, 3] = 65535
    window = percentile_window(values)
    assert histogram(values, window).bounds.high < 1500
    assert histogram(values, Window(100, 65535)).bounds.high >= 65535


def test_the_largest_numbers() -> None:
    values = np.array([[-1e308, 0.0, 1e308]])
    shown = histogram(values, Window(-1e308, 1e308))
    assert np.isfinite(shown.span) and shown.counts.sum() == 1
    tiny = histogram(np.array([[0.0, 1e-30]]), Window(0, 1e-30))
    assert tiny.counts.sum() == 2 and tiny.place(0.5e-30) == pytest.approx(0.5)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(0, 1), st.booleans())
def test_places_and_values_agree(low: float, span: float, place: float, whole: bool) -> None:
    shown = Histogram(np.ones(1), Window(low, low + span), whole)
    assert 0 <= shown.place(shown.value(place)) <= 1
    if whole and span > 2:
        assert shown.value(place) == int(shown.value(place))
        assert low <= shown.value(place) <= low + span
    elif not whole:
        assert shown.place(shown.value(place)) == pytest.approx(place, abs=1e-3)
