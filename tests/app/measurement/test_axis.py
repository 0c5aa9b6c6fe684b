"""Ticks are round, few, inside, and written so that they differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measurement.axis import Axis, axis_for

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@given(NUMBERS, st.floats(1e-6, 1e9), st.integers(1, 12))
def test_ticks(low: float, span: float, most: int) -> None:
    axis = Axis(low, low + max(span, abs(low) * 1e-3))
    ticks = axis.ticks(most)
    values = [value for value, _ in ticks]
    room = 1e-6 * (axis.high - axis.low)
    assert len(ticks) <= most + 1
    assert all(axis.low - room <= value <= axis.high + room for value in values)
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-3, 12, ["0", "5", "10"]),
        (900, 2100, ["1,000", "1,500", "2,000"]),
        (0.61, 0.69, ["0.62", "0.64", "0.66", "0.68"]),
        (0, 4e6, ["0", "1e+06", "2e+06", "3e+06", "4e+06"]),
        (-0.3, 0.3, ["-0.2", "0.0", "0.2"]),
    ],
)
def test_ticks_are_readable(low: float, high: float, texts: list[str]) -> None:
    assert [text for _, text in Axis(low, high).ticks(5)] == texts


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=8))
def test_axis_holds_all_that_is_finite(values: list[float]) -> None:
    axis = axis_for(np.array(values, np.float64))
    assert axis.low < axis.high
    known = [v for v in values if np.isfinite(v)]
    assert all(axis.low <= v <= axis.high for v in known)
    assert axis.ticks(5) is not None


def test_place_and_value_are_inverse() -> None:
    axis = Axis(-2, 6)
    assert axis.place(np.array([-2, 2, 6])).tolist() == [0, 0.5, 1]
    assert axis.value(0.25) == 0
