"""How often each value occurs, between the values that are worth looking at. No Qt."""

from dataclasses import dataclass

import numpy as np

from core.image.scale import Window, full_window, percentile_window

BINS = 256
MARGIN = 0.25  # of the span of most values, on both sides
_VALUES = 250_000
_LARGEST = float(np.finfo(np.float64).max) / 4  # the distance of two such values is a number


@dataclass(frozen=True, eq=False)
class Histogram:
    """counts: of the bins of even width between two values. whole: the values have no fractions."""

    counts: np.ndarray
    bounds: Window
    whole: bool

    @property
    def span(self) -> float:
        return self.bounds.high - self.bounds.low

    def place(self, value: float) -> float:
        """Where a value lies between the bounds, from 0 to 1."""
        return min(max((value - self.bounds.low) / self.span, 0.0), 1.0)

    def value(self, place: float) -> float:
        """The value at a place from 0 to 1; a native one, where they have no fractions."""
        value = self.bounds.low + min(max(place, 0.0), 1.0) * self.span
        if not self.whole:
            return value
        return float(min(max(round(value), np.ceil(self.bounds.low)), np.floor(self.bounds.high)))


def histogram(values: np.ndarray, window: Window) -> Histogram:
    """Of (h, w) of any dtype, NaN and infinity left out; `window` is always within its bounds.

    Single values far from all others, as of defective pixels, are left out as well: they would
    press the others together at one end.
    """
    step = max(1, int((values.size / _VALUES) ** 0.5))
    some = values[::step, ::step]
    whole = some.dtype.kind != "f"
    bounds = _bounds(some, window)
    low, high, bins = _whole_bins(bounds) if whole else (bounds.low, bounds.high, BINS)
    finite = some[np.isfinite(some)].astype(np.float64)
    counts, _ = np.histogram(finite, bins, (low, high))
    return Histogram(counts, Window(low, high), whole)


def _bounds(values: np.ndarray, window: Window) -> Window:
    """Around most of the values, no wider than all of them, and around the window."""
    most, full = percentile_window(values, 0.05, 99.95), full_window(values)
    margin = MARGIN * (most.high - most.low)
    low = min(max(most.low - margin, full.low), window.low)
    high = max(min(most.high + margin, full.high), window.high)
    if not low < high:  # a constant image
        aside = max(1.0, abs(low) / 100)
        low, high = low - aside, high + aside
    return Window(max(low, -_LARGEST), min(high, _LARGEST))


def _whole_bins(bounds: Window) -> tuple[float, float, int]:
    """Lower and upper end and number of bins that hold equally many whole numbers each: others
    would look like the teeth of a comb."""
    low, high = float(np.floor(bounds.low)), float(np.ceil(bounds.high))
    width = float(np.ceil((high - low + 1) / BINS))
    bins = int(np.ceil((high - low + 1) / width))
    return low - 0.5, low - 0.5 + bins * width, bins
