"""Distances as the plain way finds them."""

import numpy as np
import pytest
import shapely

from core.annotation.geometry import to_shapely
from core.annotation.raster import regions_from_labels
from core.annotation.region import Region, ring
from core.measure.neighbours import NEARBY, TOUCH, neighbours
from core.measure.shapes import measure_many
from tests.core.annotation.scenes import circle
from tests.core.measure.scenes import blobs


def found(regions: list[Region]) -> dict[str, np.ndarray]:
    return dict(neighbours(regions, measure_many(regions, 500, 500)))


def box(number: int, x: float, y: float, side: float = 4) -> Region:
    return Region(number, ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)]))


def scattered(seed: int, count: int) -> list[Region]:
    """Circles of many sizes, some over each other."""
    random = np.random.default_rng(seed)
    places, radii = random.uniform(0, 300, (count, 2)), random.gamma(2, 4, count) + 1
    return [
        Region(i, ring(circle(*place, r, 24)))
        for i, (place, r) in enumerate(zip(places, radii, strict=True), 1)
    ]


@pytest.mark.parametrize(("seed", "count"), [(0, 2), (1, 7), (2, 60), (3, 250)])
def test_agree_with_brute_force(seed: int, count: int) -> None:
    regions = scattered(seed, count)
    polygons = np.array([to_shapely(region.rings) for region in regions])
    distance = np.array([shapely.distance(one, polygons) for one in polygons])
    np.fill_diagonal(distance, np.inf)
    columns = found(regions)
    np.testing.assert_allclose(columns["nearest_distance"], distance.min(axis=1), atol=1e-9)
    assert columns["touching"].tolist() == (distance <= TOUCH).sum(axis=1).tolist()
    shape = measure_many(regions, 500, 500)
    centres = np.column_stack((shape["centroid_x"], shape["centroid_y"]))
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    reach = NEARBY * np.median(shape["equivalent_diameter"])
    assert columns["nearby"].tolist() == ((apart <= reach).sum(axis=1) - 1).tolist()


def test_pixel_objects_that_share_an_edge_touch() -> None:
    labels = blobs(5, side=120, count=40)
    regions = [Region(i, o.shell, o.holes) for i, o in enumerate(regions_from_labels(labels), 1)]
    columns = found(regions)
    assert (columns["touching"] > 0).any()
    assert (columns["nearest_distance"][columns["touching"] > 0] <= TOUCH).all()
    assert (columns["nearest_distance"][columns["touching"] == 0] > TOUCH).all()


def test_known_distances() -> None:
    columns = found([box(1, 0, 0), box(2, 7, 0), box(3, 7, 9), box(4, 100, 100)])
    assert columns["nearest_distance"].tolist() == [3, 3, 5, np.hypot(89, 87)]
    assert columns["touching"].tolist() == [0, 0, 0, 0]


def test_object_in_a_hole_is_beside_its_rim() -> None:
    outer = box(1, 0, 0, 40).shell
    region = Region(1, outer, (box(1, 5, 5, 30).shell,))
    columns = found([region, box(2, 7, 18)])
    assert columns["nearest_distance"].tolist() == [2, 2]


def test_alone_there_is_no_nearest() -> None:
    assert np.isnan(found([box(1, 0, 0)])["nearest_distance"]).all()
    assert found([box(1, 0, 0)])["nearby"].tolist() == [0]
    assert found([])["touching"].shape == (0,)


def test_copies_at_the_same_place_meet() -> None:
    columns = found([box(1, 0, 0), box(2, 0, 0)])
    assert columns["nearest_distance"].tolist() == [0, 0]
    assert columns["touching"].tolist() == columns["nearby"].tolist() == [1, 1]
