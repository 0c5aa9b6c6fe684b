import pytest

from app.canvas.layers.scale_bar import Length, round_length, scale_bar_rect
from app.canvas.viewport import Viewport


def test_the_bar_is_round_and_of_a_handy_width_at_every_zoom() -> None:
    for pixel in (0.01, 0.0645, 0.25, 1.0, 3.7, 250.0):
        for step in range(600):
            scale = 0.001 * 1.02**step
            length = round_length(pixel, scale)
            assert 60 <= length.width <= 160
            assert length.width == pytest.approx(length.um / pixel * scale)
            assert f"{length.um:.0e}"[0] in "125"


@pytest.mark.parametrize(
    ("um", "label"),
    [(0.2, "0.2 µm"), (5, "5 µm"), (500, "500 µm"), (1000, "1 mm"), (20_000, "20 mm")],
)
def test_labels(um: float, label: str) -> None:
    assert Length(um, 100).label == label


def test_a_power_of_ten_that_just_fits() -> None:
    assert round_length(1.0, 1.6) == Length(100.0, 160.0)
    assert round_length(1.0, 1.6000001).um == 50


def test_it_lies_in_the_lower_left_corner() -> None:
    plate = scale_bar_rect(Length(10, 100), Viewport(50, 50, 400, 300))
    assert (plate.left(), plate.bottom(), plate.width()) == (12, 288, 124)
