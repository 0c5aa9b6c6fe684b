"""What the wand takes."""

import numpy as np
import pytest
import shapely

from core.annotation.geometry import is_valid
from core.annotation.raster import rasterize
from core.annotation.region import Region
from core.annotation.wand import SIDE, Grown, likeness
from tests.core.annotation.scenes import disc_map

X, Y, RADIUS = 60.4, 50.7, 25.0
CORNERS = 4 / 8  # square px that an outline through the sides of pixels leaves out of a rectangle
DISC = disc_map(X, Y, RADIUS, 110, 120)


def area(grown: Grown) -> float:
    return Region(1, grown.shell, grown.holes).area


@pytest.mark.parametrize("scale", [1, 200, 60000])
def test_half_way_to_the_background_is_the_border(scale: int) -> None:
    image = (DISC * scale).astype(np.float32 if scale == 1 else np.uint16)
    grown = likeness(image, 55, 45, float(scale)).grown(0.5)
    assert area(grown) == pytest.approx(np.pi * RADIUS**2, rel=0.01)
    disc = shapely.Point(X, Y).buffer(RADIUS, quad_segs=64)
    assert shapely.hausdorff_distance(shapely.LinearRing(grown.shell), disc.exterior) < 0.6
    assert not grown.holes and not grown.cut


def test_more_tolerance_takes_more() -> None:
    cone = np.hypot(*np.mgrid[-50:50, -60:60]).astype(np.float32)
    around = likeness(cone, 60.5, 50.5, 100.0)
    radii = [np.sqrt(area(around.grown(t / 100)) / np.pi) for t in (5, 10, 20, 40)]
    assert radii == pytest.approx([5, 10, 20, 40], abs=0.4)


def test_only_what_is_connected_by_sides() -> None:
    image = np.ones((20, 20))
    image[2:8, 2:8] = image[8:14, 8:14] = image[2:8, 12:18] = 0
    grown = likeness(image, 3, 3, 1.0).grown(0.1)
    taken = rasterize(Region(1, grown.shell), 20, 20)
    assert np.argwhere(taken).min() == 2 and np.argwhere(taken).max() == 7
    assert taken.sum() == 36 - 4  # a corner has no majority around it


def test_large_holes_stay_small_ones_are_filled() -> None:
    image = DISC.copy()
    image[40:46, 50:56] = 0
    image[60, 60] = 0
    grown = likeness(image, 70, 50, 1.0).grown(0.5)
    assert len(grown.holes) == 1
    assert area(grown) == pytest.approx(np.pi * RADIUS**2 - 36, rel=0.01)


def test_specks_and_threads_are_left_out_unless_pointed_at() -> None:
    image = DISC.copy()
    image[50, 86:100] = image[20:22, 60] = 1
    grown = likeness(image, 60, 50, 1.0).grown(0.5)
    assert grown.shell[:, 0].max() < X + RADIUS + 1
    thread = likeness(image, 95.5, 50.5, 1.0).grown(0.5)
    assert thread.shell[:, 0].max() > 98 and is_valid(Region(1, thread.shell, thread.holes))


def test_of_colours_the_channel_that_differs_most_counts() -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    image[:, 20:, 2] = 100
    around = likeness(image, 5, 5, 255.0)
    assert area(around.grown(0.3)) == pytest.approx(20 * 40, rel=0.02)
    assert area(around.grown(0.4)) == 40 * 40 - CORNERS


def test_window_around_the_point_and_whether_it_cuts() -> None:
    flat = np.zeros((900, 2 * SIDE), np.uint8)
    grown = likeness(flat, SIDE, 5, 255.0).grown(0.1)
    assert grown.cut
    x0, y0 = grown.shell.min(axis=0)
    assert (x0, y0) == (SIDE // 2, 0) and area(grown) == SIDE**2 - CORNERS
    small = np.zeros((30, 20), np.uint8)
    whole = likeness(small, 20, 30, 255.0).grown(0.1)
    assert area(whole) == 600 - CORNERS and not whole.cut


def test_what_is_not_a_number_is_no_obstacle() -> None:
    image = DISC.astype(np.float64)
    image[:4], image[-4:] = np.nan, np.inf
    assert area(likeness(image, 55, 45, 1.0).grown(0.5)) == pytest.approx(
        np.pi * RADIUS**2, rel=0.01
    )
    assert area(likeness(image, 3, 1, 1.0).grown(0.5)) > 1000


def test_every_outline_is_valid() -> None:
    random = np.random.default_rng(3)
    for _ in range(60):
        image = random.random((25, 30)).astype(np.float32)
        grown = likeness(image, *random.uniform(0, (30, 25)), 1.0).grown(random.uniform(0.01, 0.6))
        assert is_valid(Region(1, grown.shell, grown.holes))


def test_a_map_that_nobody_may_write_is_read() -> None:
    probability = DISC.astype(np.float32)  # as maps are: what would be of another dtype is a copy
    probability[50, 60] = np.nan
    probability.setflags(write=False)
    assert area(likeness(probability, 55, 45, 1.0).grown(0.5)) == pytest.approx(1963, rel=0.01)
    assert np.isnan(probability[50, 60])
