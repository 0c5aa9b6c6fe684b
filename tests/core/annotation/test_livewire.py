"""Paths that follow edges."""

import numpy as np
import pytest

from core.annotation.livewire import SIDE, is_near, paths_from
from tests.core.annotation.scenes import disc_map

X, Y, RADIUS = 110.3, 95.6, 60.0
DISC = disc_map(X, Y, RADIUS, 200, 220)


def on_disc(degrees: float) -> tuple[float, float]:
    turn = np.radians(degrees)
    return float(X + RADIUS * np.cos(turn)), float(Y + RADIUS * np.sin(turn))


def off_border(path: np.ndarray) -> float:
    """The largest distance from the disc's border, also between the vertices."""
    way = np.linspace(0, 1, 50)[:, None, None]
    points = (path[:-1] + way * np.diff(path, axis=0)).reshape(-1, 2)
    return float(np.abs(np.hypot(*(points - (X, Y)).T) - RADIUS).max())


@pytest.mark.parametrize("noise", [0, 0.1])
@pytest.mark.parametrize("degrees", [30, 75, 120, -60])
def test_wire_follows_the_border_of_a_disc(noise: float, degrees: float) -> None:
    image = DISC + np.random.default_rng(0).normal(0, noise, DISC.shape)
    seed, end = on_disc(0), on_disc(degrees)
    path = paths_from(image, seed, seed).to(*end)
    assert off_border(path) < 1
    assert path[0].tolist() == list(seed) and path[-1] == pytest.approx(end)
    assert len(path) < RADIUS * np.radians(abs(degrees)) / 3


@pytest.mark.parametrize(
    "image",
    [
        (DISC * 60000).astype(np.uint16),
        np.repeat((DISC[..., None] * 255).astype(np.uint8), 3, axis=2),
        DISC.astype(np.float64) * 1e-4 - 7,
        np.where(np.arange(220) < 5, np.nan, DISC),
    ],
    ids=["uint16", "RGB", "small range", "NaN"],
)
def test_values_of_any_kind(image: np.ndarray) -> None:
    paths = paths_from(image, on_disc(0), on_disc(0))
    assert off_border(paths.to(*on_disc(90))) < 1


def test_without_edges_the_way_is_short() -> None:
    path = paths_from(np.zeros((80, 90)), (10, 10), (10, 10)).to(70, 10)
    assert np.abs(path[:, 1] - 10).max() <= 1


def test_window_lies_in_the_image_and_holds_seed_and_pointer() -> None:
    image = np.zeros((700, 500, 1), np.uint8)
    random = np.random.default_rng(0)
    for _ in range(30):
        seed = tuple(random.uniform(0, (500, 700)).tolist())
        to = tuple((seed + random.uniform(-SIDE, SIDE, 2)).clip(0, (500, 700)).tolist())
        paths = paths_from(image, seed, to)
        assert paths.left >= 0 and paths.left + paths.width <= 500
        assert paths.top >= 0 and paths.top + paths.height <= 700
        assert paths.width == paths.height == SIDE
        assert paths.reaches(*seed)
        assert paths.reaches(*to) or not is_near(seed, *to)


def test_beyond_the_window_the_path_is_straight() -> None:
    paths = paths_from(np.zeros((50, 2000)), (100, 20), (100, 20))
    assert paths.to(1500, 40).tolist() == [[100, 20], [1500, 40]]
    assert not is_near((100, 20), 1500, 40)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2)])
def test_tiny_images(shape: tuple[int, int]) -> None:
    height, width = shape
    path = paths_from(np.ones(shape), (width, height), (0, 0)).to(0, 0)
    assert path[0].tolist() == [width, height] and path[-1] == pytest.approx((0, 0))
