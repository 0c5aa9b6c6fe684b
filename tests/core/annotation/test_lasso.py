"""What a loop encircles."""

import numpy as np

from core.annotation.lasso import encircled
from core.annotation.region import Region, ring
from tests.core.annotation.scenes import circle

REGIONS = [Region(i, ring(circle(10 * i, 20, 4, 5 + i))) for i in range(1, 8)]


def loop(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float64)


def test_the_centre_of_the_bounds_decides() -> None:
    x0, _, x1, _ = REGIONS[2].bounds
    middle = (x0 + x1) / 2
    for edge, inside in ((middle - 0.01, False), (middle + 0.01, True)):
        found = encircled(loop((15, 0), (edge, 0), (edge, 40), (15, 40)), REGIONS)
        assert found == ({2, 3} if inside else {2})


def test_what_the_loop_leaves_out_is_out() -> None:
    u = loop((5, 0), (75, 0), (75, 40), (55, 40), (55, 10), (25, 10), (25, 40), (5, 40))
    assert encircled(u, REGIONS) == {1, 2, 6, 7}


def test_a_loop_that_crosses_itself() -> None:
    eight = loop((5, 10), (75, 30), (75, 10), (5, 30))
    assert encircled(eight, REGIONS) >= {1, 2, 6, 7}


def test_nothing_to_encircle() -> None:
    assert encircled(loop((0, 0), (90, 0)), REGIONS) == frozenset()
    assert encircled(loop((0, 0), (90, 0), (0, 90)), []) == frozenset()
