import numpy as np
import pytest

from core.annotation.difference import difference
from core.annotation.neighbourhood import Neighbourhood
from core.annotation.region import Region, ring


def square(number: int, x: float, y: float, side: float) -> Region:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    return Region(number, ring(corners))


def test_nothing_changed() -> None:
    region = square(1, 0, 0, 10)
    same = difference([region], [region])
    assert (same.vertices_before, same.vertices, same.deviation, same.iou) == (4, 4, 0, 1)


def test_the_worst_deviation_and_the_common_overlap() -> None:
    before = [square(1, 0, 0, 10), square(2, 50, 50, 10)]
    after = [square(1, 0, 0, 10), square(2, 53, 50, 10)]
    found = difference(before, after)
    assert found.deviation == pytest.approx(3)
    assert found.iou == pytest.approx((100 + 70) / (100 + 130))


def test_vertices_of_all_rings_count() -> None:
    holed = Region(1, square(1, 0, 0, 10).shell, (square(1, 2, 2, 3).shell,))
    assert difference([holed], [square(1, 0, 0, 10)]).vertices_before == 8


def test_no_regions() -> None:
    assert difference([], []).iou == 1


def test_near_is_by_bounds_and_never_the_region_itself() -> None:
    regions = [square(1, 0, 0, 10), square(2, 12, 0, 10), square(3, 40, 0, 10)]
    near = Neighbourhood(regions)
    assert [r.id for r in near.near(regions[0], 1)] == []
    assert [r.id for r in near.near(regions[0], 2)] == [2]
    assert [r.id for r in near.around([square(9, 5, 5, 40)])] == [1, 2, 3]
    assert Neighbourhood([]).near(regions[0], 5) == []
    assert Neighbourhood([]).around(regions) == [] and np.isfinite(regions[0].area)
