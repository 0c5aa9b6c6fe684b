import numpy as np
import pytest
from PySide6.QtCore import QPointF

from app.canvas.layers.paths import polygon, region_path
from app.canvas.viewport import Viewport
from tests.app.canvas.samples import square


@pytest.mark.parametrize("count", [0, 1, 5, 1000])
def test_points_are_copied(count: int) -> None:
    """None at all, too: of a long ring beside the part that is painted nothing is left."""
    points = np.random.default_rng(count).uniform(-50, 50, (count, 2))
    assert [(p.x(), p.y()) for p in polygon(points)] == [tuple(p) for p in points.tolist()]


def test_a_hole_is_not_in_the_path() -> None:
    view = Viewport(100, 100, 100, 100)
    path = region_path(square(1, 20, 20, 30, hole=True), view)
    centre, corner = view.to_screen(35, 35), view.to_screen(22, 22)
    assert path.contains(QPointF(*corner)) and not path.contains(QPointF(*centre))
