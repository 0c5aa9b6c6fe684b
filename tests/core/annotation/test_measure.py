"""Measurements: right for shapes whose answer is known, with units."""

from dataclasses import fields

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.measure import QUANTITIES, Measurements, measure
from core.annotation.region import Region, ring
from tests.core.annotation.scenes import circle
from tests.strategies import regions

RECTANGLE = ring([(2, 3), (8, 3), (8, 6), (2, 6)])
HOLE = ring([(3, 4), (4, 4), (4, 5), (3, 5)])


def test_rectangle_in_pixels():
    assert measure(Region(1, RECTANGLE), 20, 20) == Measurements(
        area=18,
        perimeter=18,
        centroid_x=5,
        centroid_y=4.5,
        left=2,
        top=3,
        width=6,
        height=3,
        equivalent_diameter=pytest.approx(2 * np.sqrt(18 / np.pi)),
        circularity=pytest.approx(4 * np.pi * 18 / 18**2),
        touches_border=False,
        unit="px",
    )


def test_hole_counts_for_area_and_centroid_only():
    with_hole, whole = (measure(Region(1, RECTANGLE, h), 20, 20) for h in ((HOLE,), ()))
    assert with_hole.area == 17
    assert with_hole.centroid_x == pytest.approx((18 * 5 - 3.5) / 17)
    assert with_hole.perimeter == whole.perimeter
    assert with_hole.circularity == whole.circularity


@given(regions(), st.floats(0.01, 10))
def test_micrometres_scale_lengths_once_and_areas_twice(region: Region, size: float):
    pixels, scaled = measure(region, 20, 20), measure(region, 20, 20, size)
    assert scaled.unit == "µm"
    power = {"area": 2, "length": 1, "number": 0, "flag": 0}
    for quantity in QUANTITIES:
        expected = getattr(pixels, quantity.name) * size ** power[quantity.dimension]
        assert getattr(scaled, quantity.name) == pytest.approx(expected)


@given(regions())
def test_agrees_with_another_library(region: Region):
    polygon = shapely.Polygon(region.shell, region.holes)
    numbers = measure(region, 20, 20)
    assert numbers.area == pytest.approx(polygon.area)
    assert numbers.perimeter == pytest.approx(polygon.exterior.length)
    assert (numbers.centroid_x, numbers.centroid_y) == pytest.approx(
        (polygon.centroid.x, polygon.centroid.y)
    )
    assert 0 < numbers.circularity <= 1


def test_direction_and_place_do_not_matter():
    far = Region(1, ring(circle(0, 0, 5) + 1e5))
    near = Region(1, ring(circle(0, 0, 5)[::-1]))
    a, b = measure(far, 10, 10), measure(near, 10, 10)
    assert a.area == pytest.approx(b.area)
    assert a.centroid_x - 1e5 == pytest.approx(b.centroid_x, abs=1e-9)


def test_line_has_no_area_and_a_centre():
    numbers = measure(Region(1, ring([(0, 0), (4, 4), (8, 8)])), 20, 20)
    assert (numbers.area, numbers.circularity) == (0, 0)
    assert (numbers.centroid_x, numbers.centroid_y) == (4, 4)
    point = measure(Region(1, np.full((3, 2), 2.0)), 20, 20)
    assert np.isnan(point.circularity)


def test_border_is_told():
    assert measure(Region(1, RECTANGLE), 8, 20).touches_border
    assert not measure(Region(1, RECTANGLE), 9, 20).touches_border


def test_every_number_is_described_with_its_unit():
    names = [field.name for field in fields(Measurements)]
    assert [quantity.name for quantity in QUANTITIES] == names[:-1]
    assert all(quantity.formula for quantity in QUANTITIES)
    assert QUANTITIES[0].heading("µm") == "Area (µm²)"
    assert QUANTITIES[1].heading("px") == "Perimeter (px)"
    assert "Circularity" in [quantity.heading("µm") for quantity in QUANTITIES]
