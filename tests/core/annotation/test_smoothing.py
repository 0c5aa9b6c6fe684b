"""Smoother outlines."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.geometry import is_valid, to_shapely
from core.annotation.region import Region, Ring, ring, ring_area
from core.annotation.smoothing import smoothed
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle, wobbly_shape
from tests.strategies import regions


def rough(points: np.ndarray, noise: float, seed: int = 0) -> Ring:
    return ring(points + np.random.default_rng(seed).normal(0, noise, points.shape))


def length(points: Ring) -> float:
    return float(shapely.LinearRing(points).length)


@pytest.mark.parametrize("strength", [1.5, 4, 15])
def test_noise_goes_the_disc_and_its_area_stay(strength: float) -> None:
    region = Region(3, rough(circle(60, 60, 40, 120), 0.5), (rough(circle(60, 60, 15, 50), 0.4),))
    after = smoothed(region, strength)
    assert is_valid(after) and (after.id, after.uid) == (3, region.uid) and after.edited
    for before, now, radius in zip(region.rings, after.rings, (40, 15), strict=True):
        assert ring_area(now) == pytest.approx(ring_area(before), rel=0.01)
        assert length(now) < length(before)
        assert np.hypot(*(now - (60, 60)).T) == pytest.approx(radius, abs=1.3)


def test_more_strength_leaves_less_of_a_star() -> None:
    star = Region(1, ring(np.asarray(wobbly_shape(50, 50, 30, 0.3).exterior.coords)))
    lengths = [length(smoothed(star, s).shell) for s in (1, 4, 8, 20)]
    assert lengths == sorted(lengths, reverse=True) and lengths[-1] < 1.02 * np.sqrt(
        4 * np.pi * star.area
    )
    for strength in (1, 4, 8, 20):
        assert smoothed(star, strength).area == pytest.approx(star.area, rel=0.01)


def test_direction_and_first_vertex_do_not_matter() -> None:
    star = np.asarray(wobbly_shape(50, 50, 30, 0.2).exterior.coords)[:-1]
    wanted = to_shapely(smoothed(Region(1, ring(star)), 3).rings)
    for other in (star[::-1], np.roll(star, 333, axis=0)):
        found = to_shapely(smoothed(Region(1, ring(other)), 3).rings)
        assert found.symmetric_difference(wanted).area < 0.005 * wanted.area


def test_corners_are_rounded_evenly() -> None:
    square = Region(1, ring([(10, 10), (50, 10), (50, 50), (10, 50)]))
    after = smoothed(square, 4)
    assert after.area == pytest.approx(1600, rel=0.01) and len(after.shell) < 60
    assert after.shell.mean() == pytest.approx(30, abs=0.5)
    assert shapely.Point(10, 10).distance(shapely.LinearRing(after.shell)) > 1


def test_without_strength_it_is_the_same() -> None:
    region = Region(1, ring(circle(5, 5, 3)))
    assert smoothed(region, 0) is region


@pytest.mark.parametrize("strength", [0.5, 50])
def test_small_rings_become_round_not_nothing(strength: float) -> None:
    tiny = Region(1, ring([(0, 0), (2, 0), (2, 1), (0, 1)]))
    after = smoothed(tiny, strength)
    assert after.area == pytest.approx(2, rel=0.01)


@given(regions(), st.floats(0.1, 10))
def test_any_region_stays_valid(region: Region, strength: float) -> None:
    try:
        after = smoothed(region, strength)
    except InvalidGeometry:
        return
    assert is_valid(after)
