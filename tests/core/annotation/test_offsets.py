"""Regions grown, shrunk and hulled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.geometry import is_valid, to_shapely
from core.annotation.offsets import convex_hull, expanded
from core.annotation.region import Region, ring
from core.errors import InvalidGeometry
from tests.core.annotation.scenes import circle, wobbly_shape
from tests.strategies import regions

RING = Region(4, ring(circle(50, 40, 30, 200)), (ring(circle(50, 40, 12, 90)),), 2, 0.7)


@pytest.mark.parametrize("pixels", [-8, -3, -0.5, 0.5, 3, 8])
def test_shell_and_hole_of_a_disc_move_by_as_much(pixels: float) -> None:
    after = expanded(RING, pixels)
    wanted = np.pi * ((30 + pixels) ** 2 - (12 - pixels) ** 2)
    assert after.area == pytest.approx(wanted, rel=2e-3)
    for points, radius in zip(after.rings, (30 + pixels, 12 - pixels), strict=True):
        assert np.hypot(*(points - (50, 40)).T) == pytest.approx(radius, abs=0.15)
        assert len(points) < 70
    assert (after.id, after.uid, after.class_id, after.confidence) == (4, RING.uid, 2, 0.7)
    assert after.edited and is_valid(after)


def test_a_hole_closes_when_its_border_meets() -> None:
    assert expanded(RING, 12.5).holes == ()


def test_by_nothing_it_is_the_same() -> None:
    assert expanded(RING, 0) is RING


def test_what_would_vanish_or_fall_apart_is_refused_crumbs_are_dropped() -> None:
    with pytest.raises(InvalidGeometry, match="Nothing of object 4 would be left"):
        expanded(RING, -9.5)
    bars = [(0, 0), (20, 0), (20, 9), (40, 9), (40, 0), (60, 0), (60, 20), (40, 20)]
    bars += [(40, 11), (20, 11), (20, 20), (0, 20)]
    with pytest.raises(InvalidGeometry, match="fall apart; shrink it by less"):
        expanded(Region(1, ring(bars)), -1.5)
    uneven = Region(1, ring([*bars[:4], (40, 7), (44, 7), (44, 13), (40, 13), *bars[-4:]]))
    assert expanded(uneven, -1.2).bounds == pytest.approx((1.2, 1.2, 18.8, 18.8), abs=0.6)


@given(regions(), st.integers(-60, 60).map(lambda tenths: tenths / 10))
def test_offsets_are_valid_and_contain_one_another(region: Region, pixels: float) -> None:
    try:
        after = expanded(region, pixels)
    except InvalidGeometry:
        assert pixels < 0
        return
    assert is_valid(after)
    outer, inner = (after, region) if pixels > 0 else (region, after)
    lost = to_shapely(inner.rings).difference(to_shapely(outer.rings).buffer(0.3))
    assert lost.area < 1e-9


def test_hull_of_a_star_has_neither_dents_nor_holes() -> None:
    shape = wobbly_shape(50, 50, 30, 0.3)
    star = Region(9, ring(np.asarray(shape.exterior.coords)), RING.holes)
    hull = convex_hull(star)
    assert hull.holes == () and hull.uid == star.uid and hull.edited
    assert hull.area == pytest.approx(shape.convex_hull.area)
    assert len(hull.shell) < len(star.shell)


def test_what_has_no_dents_is_its_own_hull() -> None:
    disc = Region(1, ring(circle(50, 40, 30, 200)))
    assert convex_hull(disc) is disc


@given(regions())
def test_hull_covers_the_region(region: Region) -> None:
    hull = convex_hull(region)
    assert is_valid(hull)
    assert to_shapely(hull.rings).buffer(1e-9).covers(to_shapely(region.rings))
