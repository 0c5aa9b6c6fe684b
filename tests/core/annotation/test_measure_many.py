"""The same numbers as `measure` gives for each region alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.measure import QUANTITIES, measure
from core.annotation.measure_many import measure_many
from core.annotation.region import Region, ring
from tests.core.annotation.scenes import circle
from tests.strategies import regions

SQUARE = ring([(2, 2), (12, 2), (12, 12), (2, 12)])
HOLE = ring([(3, 3), (3, 5), (6, 5)])


def agrees(given: list[Region], width: int, height: int, size: float | None = None) -> None:
    many = measure_many(given, width, height, size)
    for quantity in QUANTITIES:
        alone = [float(getattr(measure(r, width, height, size), quantity.name)) for r in given]
        np.testing.assert_allclose(many[quantity.name], alone, rtol=1e-9, atol=1e-9)


@given(st.lists(regions(), min_size=1, max_size=6), st.sampled_from([None, 0.25, 3.0]))
def test_agrees_with_one_by_one(given: list[Region], size: float | None) -> None:
    agrees(given, 20, 15, size)


def test_holes_belong_to_their_shell() -> None:
    plain = Region(1, SQUARE)
    pierced = replace(plain, holes=(HOLE, ring(HOLE + 4)))
    agrees([plain, pierced, plain, replace(pierced, holes=(ring(HOLE[::-1]),)), plain], 12, 20)


def test_outlines_without_an_area() -> None:
    line, point = ring([(0, 0), (4, 4), (8, 8)]), np.full((3, 2), 2.0)
    agrees([Region(1, line), Region(2, SQUARE), Region(3, point)], 20, 20)


def test_far_from_the_origin_no_digits_are_lost() -> None:
    near, far = (Region(1, ring(circle(0, 0, 5) + away)) for away in (0, 1e6))
    many = measure_many([near, far], 10, 10)
    assert many["area"][1] == pytest.approx(many["area"][0], rel=1e-8)
    assert many["centroid_x"][1] - 1e6 == pytest.approx(many["centroid_x"][0], abs=1e-6)


def test_nothing_gives_empty_columns() -> None:
    many = measure_many([], 10, 10)
    assert list(many) == [quantity.name for quantity in QUANTITIES]
    assert all(column.shape == (0,) for column in many.values())
