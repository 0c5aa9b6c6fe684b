import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from app.canvas.layers.minimap import looking_at, minimap_rect, seen_rect
from app.canvas.viewport import Viewport

NOTHING = QRectF()


def test_it_appears_when_the_image_does_not_fit() -> None:
    whole = Viewport(1000, 500, 800, 600).fitted()
    assert minimap_rect(whole, NOTHING) is None
    rect = minimap_rect(whole.zoomed(3), NOTHING)
    assert rect == QRectF(800 - 12 - 180, 600 - 12 - 90, 180, 90)


@pytest.mark.parametrize("size", [(1000, 1000), (20_000, 10), (10, 20_000), (64, 48)])
def test_it_never_lies_over_what_is_taken(size: tuple[int, int]) -> None:
    random = np.random.default_rng(1)
    shown = 0
    for _ in range(300):
        width, height = random.integers(120, 900, 2).tolist()
        view = Viewport(*size, width, height).fitted().zoomed(random.uniform(2, 9))
        taken = QRectF(12, height - 48, random.uniform(60, 400), 36)
        rect = minimap_rect(view, taken)
        if rect is not None:
            shown += 1
            assert not rect.intersects(taken)
            assert QRectF(0, 0, width, height).contains(rect) and rect.width() >= 6
    assert shown > 100


def test_no_room_no_minimap() -> None:
    assert minimap_rect(Viewport(1000, 1000, 160, 120, 5.0, 500, 500), NOTHING) is None


def test_pointing_at_it_looks_there_at_the_same_scale() -> None:
    view = Viewport(1000, 500, 800, 600).fitted().zoomed(8)
    rect = minimap_rect(view, NOTHING)
    assert rect is not None
    there = looking_at(view, rect, QPointF(rect.left() + 45, rect.top() + 60))
    assert (there.x, there.y, there.scale) == pytest.approx((250, 1000 / 3, view.scale))
    beyond = looking_at(view, rect, rect.topLeft() - QPointF(50, 50))
    assert (beyond.x, beyond.y) == (0, 0)


def test_the_part_that_is_seen_is_marked_and_never_too_small() -> None:
    view = Viewport(1000, 500, 800, 600, 1.0, 500, 250)
    rect = QRectF(600, 500, 200, 100)
    assert seen_rect(view, rect) == QRectF(620, 499, 160, 102)
    close = seen_rect(view.zoomed(64), rect)
    assert close.width() >= 5 and close.height() >= 5
    assert close.center() == QPointF(700, 550)
