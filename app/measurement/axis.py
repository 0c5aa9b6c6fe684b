"""An axis of a plot: a range of values, round ticks, and where a value lies. No Qt."""

import math
from dataclasses import dataclass

import numpy as np

from core.annotation.runs import Floats


@dataclass(frozen=True)
class Axis:
    """From low to high, which differ."""

    low: float
    high: float

    def place(self, values: Floats) -> Floats:
        """0 at low, 1 at high."""
        return (values - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        return self.low + place * (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Round values, no more than `most`, and how they are written."""
        step = self._step(max(most, 1))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [(k * step, _written(k * step, step)) for k in range(first, last + 1)]

    def _step(self, most: int) -> float:
        """1, 2 or 5 times a power of ten."""
        least = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(least))
        return next(f * power for f in (1, 2, 5, 10) if f * power >= least * (1 - 1e-9))


def axis_for(values: Floats) -> Axis:
    """Around all values that are finite, with a little room; around 0 to 1 without any."""
    known = values[np.isfinite(values)]
    if not len(known):
        return Axis(0.0, 1.0)
    low, high = float(known.min()), float(known.max())
    if are_one(low, high):
        aside = 0.5 * abs(high) or 0.5
        return Axis(low - aside, high + aside)
    room = 0.03 * (high - low)
    return Axis(low - room, high + room)


def are_one(low: float, high: float) -> bool:
    """Whether nothing but rounding tells two values apart."""
    return high - low <= 1e-9 * max(abs(low), abs(high))


def _written(value: float, step: float) -> str:
    if value and (abs(value) >= 1e6 or step < 1e-4):
        return f"{value:.4g}"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value + 0.0:,.{decimals}f}"
