"""Windows and brightness: any dtype, NaN, constant planes, nothing invented."""

import numpy as np
import pytest

from core.image.model import Image
from core.image.scale import (
    Window,
    full_window,
    grey_or_rgb,
    percentile_window,
    to_unit,
)

DTYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]
RANDOM = np.random.default_rng(5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_low_is_0_and_high_is_1(dtype: str) -> None:
    values = np.array([[0, 10, 20, 30, 60, 100]]).astype(dtype)
    unit = to_unit(values, Window(10, 60))
    assert unit.dtype == np.float32 and unit.shape == values.shape
    assert unit == pytest.approx(np.array([[0, 0, 0.2, 0.4, 1, 1]]))


def test_large_integers_keep_their_differences() -> None:
    values = np.array([[2**31, 2**31 + 1, 2**31 + 2]], np.uint32)
    assert to_unit(values, Window(2**31, 2**31 + 2)) == pytest.approx(np.array([[0, 0.5, 1]]))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_what_is_no_number_is_black(dtype: str) -> None:
    values = np.array([[np.nan, -np.inf, np.inf, 0.5]], dtype)
    assert to_unit(values, Window(0, 1)).tolist() == [[0, 0, 1, 0.5]]


def test_input_is_not_touched() -> None:
    values = np.array([[1.0, 2.0]], np.float32)
    values.setflags(write=False)
    to_unit(values, Window(0, 1))
    assert values.tolist() == [[1, 2]]


@pytest.mark.parametrize("dtype", DTYPES)
def test_constant_plane(dtype: str) -> None:
    plane = np.full((30, 20), 7, dtype)
    window = percentile_window(plane)
    assert window == Window(7, 7)
    assert not to_unit(plane, window).any()


@pytest.mark.parametrize("fill", [np.nan, np.inf, -np.inf])
def test_plane_without_numbers(fill: float) -> None:
    plane = np.full((3, 4), fill, np.float32)
    assert percentile_window(plane) == Window(0, 1)
    assert to_unit(plane, Window(0, 1)).max() == (1 if fill == np.inf else 0)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (1, 1)])
def test_tiny_planes(shape: tuple[int, int]) -> None:
    plane = np.zeros(shape, np.uint8)
    window = percentile_window(plane)
    assert window == (Window(0, 0) if plane.size else Window(0, 1))
    assert to_unit(plane, window).shape == shape


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "u4", "f4", "f8"])
def test_percentiles(dtype: str) -> None:
    plane = RANDOM.normal(100, 20, (300, 400)).clip(0, 250).astype(dtype)
    low, high = np.percentile(plane.astype(float), (0.35, 99.65))
    assert percentile_window(plane) == Window(pytest.approx(low), pytest.approx(high))
    assert percentile_window(plane, 0, 100) == Window(float(plane.min()), float(plane.max()))


def test_percentiles_pass_over_what_is_no_number() -> None:
    plane = RANDOM.random((50, 60))
    expected = percentile_window(plane)
    spoiled = np.vstack([plane, np.full((20, 60), np.nan), np.full((20, 60), np.inf)])
    assert percentile_window(spoiled) == expected


def test_large_plane_is_sampled() -> None:
    plane = RANDOM.integers(0, 60_000, (3000, 2500), dtype=np.uint16)
    window = percentile_window(plane)
    assert window.low == pytest.approx(0.0035 * 60_000, abs=60)
    assert window.high == pytest.approx(0.9965 * 60_000, abs=60)


def test_few_bright_objects_are_seen() -> None:
    plane = np.zeros((3000, 3000), np.uint16)
    plane[1234, 567] = 900
    assert percentile_window(plane) == Window(0, 900)


def test_dim_ramp_keeps_its_levels() -> None:
    ramp = np.arange(900, 1401, dtype=np.uint16)[None].repeat(3, axis=0)
    unit = to_unit(ramp, percentile_window(ramp))[0]
    assert (np.diff(unit) >= 0).all() and len(np.unique(unit)) >= 450


def test_extreme_windows_make_no_noise() -> None:
    plane = np.array([[-1e308, 0, 1e308]])
    for window in (Window(-1e308, 1e308), Window(0, 5e-324), percentile_window(plane)):
        assert np.isfinite(to_unit(plane, window)).all()


def test_values_too_far_apart_for_percentiles() -> None:
    assert percentile_window(np.array([[-1e308, 1e308]])) == Window(-1e308, 1e308)


def test_empty_window_separates() -> None:
    assert to_unit(np.array([[1, 2, 3]]), Window(2, 2)).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_what_is_shown_of_channels(channels: int) -> None:
    pixels = RANDOM.integers(0, 256, (4, 5, channels), dtype=np.uint8)
    assert np.array_equal(grey_or_rgb(Image(pixels)), pixels[..., :1])
    assert np.array_equal(grey_or_rgb(Image(pixels[..., :3], is_rgb=True)), pixels[..., :3])


def test_full_window_ignores_what_is_not_finite() -> None:
    plane = np.array([[np.nan, 2.0, -np.inf], [7.5, np.inf, 3.0]])
    assert full_window(plane) == Window(2.0, 7.5)
    assert full_window(np.full((2, 2), np.nan)) == Window(0.0, 1.0)
