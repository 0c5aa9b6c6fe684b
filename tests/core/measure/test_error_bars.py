"""Error bars of a disc whose border is as soft as we like."""

import math

import numpy as np
import pytest

from core.annotation.region import Origin, Region, ring
from core.measure.error_bars import area_bars, intensity_bars, spread_of
from tests.core.annotation.scenes import circle

MODEL = Origin("model", "net", "", 0.5)


def soft_disc(slope: float) -> tuple[np.ndarray, Region]:
    """A map that is 0.5 at a radius of 20 and falls by `slope` a pixel."""
    rows, columns = np.mgrid[:80, :80] + 0.5 - 40
    away = np.hypot(rows, columns) - 20
    region = Region(3, ring(circle(40, 40, 20, 400)), origin=MODEL)
    return np.clip(0.5 - slope * away, 0, 1).astype(np.float32), region


@pytest.mark.parametrize("slope", [0.03, 0.05, 0.2])
def test_area_between_two_thresholds(slope: float) -> None:
    foreground, region = soft_disc(slope)
    spread = spread_of([region], foreground, 0.5)
    bars = area_bars(np.array([region.area]), spread)
    width = 0.1 / slope
    for name, radius in (("area_low", 20 - width), ("area_high", 20 + width)):
        assert bars[name][0] == pytest.approx(math.pi * radius**2, rel=0.02), name


def test_brightness_of_a_bright_disc_falls_when_it_grows() -> None:
    foreground, region = soft_disc(0.05)
    values = np.where(foreground > 0.5, 100, 10).astype(np.uint8)
    bars = intensity_bars(values, spread_of([region], foreground, 0.5))
    assert bars["mean_high"][0] == pytest.approx(100, abs=2)
    grown = (100 * 20**2 + 10 * (22**2 - 20**2)) / 22**2
    assert bars["mean_low"][0] == pytest.approx(grown, abs=2)


def test_pixels_between_two_objects_go_to_the_nearer_one() -> None:
    foreground = np.full((40, 80), 0.45, np.float32)
    regions = [
        Region(9, ring(circle(20, 20, 6)), origin=MODEL),
        Region(4, ring(circle(40, 20, 6)), origin=MODEL),
    ]
    for region in regions:
        x, y = region.shell.mean(axis=0)
        rows, columns = np.mgrid[:40, :80] + 0.5
        foreground[np.hypot(rows - y, columns - x) <= 6] = 0.9
    area = np.array([region.area for region in regions])
    bars = area_bars(area, spread_of(regions, foreground, 0.5))
    won = bars["area_high"] - area
    assert won[0] == pytest.approx(won[1], rel=0.02)
    assert 0 < won[0] < math.pi * (14.5**2 - 6**2)
    np.testing.assert_allclose(bars["area_low"], area)


def test_what_a_person_drew_has_none() -> None:
    foreground, region = soft_disc(0.1)
    drawn = Region(4, region.shell)
    edited = Region(5, region.shell, origin=MODEL, edited=True)
    spread = spread_of([drawn, edited], foreground, 0.5)
    bars = area_bars(np.array([region.area] * 2), spread)
    assert np.isnan(bars["area_low"]).all()
    assert np.isnan(intensity_bars(foreground, spread)["mean_high"]).all()


def test_no_objects() -> None:
    spread = spread_of([], np.ones((8, 8), np.float32), 0.5)
    assert area_bars(np.zeros(0), spread)["area_low"].shape == (0,)
