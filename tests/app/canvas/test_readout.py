import numpy as np

from app.canvas.readout import readout
from core.image.model import Image

PIXELS = np.arange(24, dtype=np.uint16).reshape(2, 4, 3) * 1000


def test_native_values_of_the_pixel_under_a_point() -> None:
    at = readout(Image(PIXELS), 3.99, 1.0)
    assert (at.x, at.y, at.value) == (3.99, 1.0, (21000, 22000, 23000))


def test_no_value_beside_the_image() -> None:
    for x, y in ((-0.01, 0), (4.0, 0), (0, 2.0), (1, -5)):
        assert readout(Image(PIXELS), x, y).value is None
