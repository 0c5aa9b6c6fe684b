"""Which geometries lie near each other."""

import numpy as np
import pytest
import shapely

from core.annotation.pairs import AT_ONCE, pairs_within


@pytest.mark.parametrize("distance", [0.0, 1.5])
@pytest.mark.parametrize("count", [0, 1, AT_ONCE, 3 * AT_ONCE + 7])
def test_as_many_as_asked_for_one_by_one(count: int, distance: float) -> None:
    random = np.random.default_rng(count)
    x, y = random.uniform(0, 60, (2, count))
    boxes = shapely.box(x, y, x + 2, y + 2)
    others = shapely.points(*random.uniform(0, 60, (2, 500)))
    one, two = pairs_within(boxes, shapely.STRtree(others), distance)
    near = shapely.dwithin(boxes[:, None], others[None], distance)
    assert sorted(zip(one, two, strict=True)) == list(zip(*np.nonzero(near), strict=True))
    assert (np.diff(one) >= 0).all()
