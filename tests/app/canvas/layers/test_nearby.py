import cv2
import numpy as np
import pytest

from app.canvas.layers.nearby import nearby_outline, nearby_points

SIZE = 60


def painted(points: np.ndarray) -> np.ndarray:
    """uint8 (60, 60): filled, with its line."""
    picture = np.zeros((SIZE, SIZE), np.uint8)
    if len(points):
        fixed = np.rint(points * 16).astype(np.int32)
        cv2.fillPoly(picture, [fixed], 100, cv2.LINE_8, 4)
        cv2.polylines(picture, [fixed], True, 255, 1, cv2.LINE_8, 4)
    return picture


@pytest.mark.parametrize("seed", range(40))
def test_fewer_corners_look_the_same_in_the_rectangle(seed: int) -> None:
    """Also outlines that wind around the rectangle, cross it and cross themselves."""
    random = np.random.default_rng(seed)
    count = int(random.integers(3, 400))
    steps = random.normal(0, random.uniform(2, 40), (count, 2))
    points = random.uniform(-50, 110, 2) + np.cumsum(steps, axis=0)
    fewer = nearby_outline(points, (-2, -2, SIZE + 2, SIZE + 2))
    assert np.array_equal(painted(fewer), painted(points))


def test_a_long_outline_becomes_short() -> None:
    angle = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
    points = np.stack((np.cos(angle), np.sin(angle)), axis=1) * 1000
    assert len(nearby_outline(points, (990, -20, 1010, 20))) < 100
    assert len(nearby_outline(points, (2000, 2000, 2010, 2010))) < 10
    assert len(nearby_outline(points, (-20, -20, 20, 20))) >= 4, "what surrounds it is filled"


def test_points_in_a_rectangle() -> None:
    points = np.array(((0.0, 0.0), (5.0, 5.0), (11.0, 5.0), (5.0, -1.0)))
    assert nearby_points(points, (0, 0, 10, 10)).tolist() == [[0, 0], [5, 5]]
